import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { requestEndpointToken } from '../../nodes/auth/endpoint-token';
import { createHttpClient } from '../../nodes/net/https';
import { rejectionOf, SECRET } from '../auth/fixtures';
import { createTestCa } from '../support/servers/tls';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const MAX_ERROR_LENGTH = 2000;
const TIMEOUT_MS = 3000;

type Attack = (response: ServerResponse) => void;
const json = (body: string, status = 200, headers = {}): Attack => {
	return (response) => response.writeHead(status, headers).end(body);
};

/** What a token endpoint that means harm, or one that is broken, answers. */
const ATTACKS: Readonly<Record<string, Attack>> = {
	'an answer without end': (response) => {
		const chunk = 'a'.repeat(MIB);
		const more = (): void => {
			while (!response.destroyed && response.write(chunk));
			if (!response.destroyed) response.once('drain', more);
		};
		more();
	},
	'an answer that never comes': () => undefined,
	'one byte now and then': (response) => {
		const drip = setInterval(() => response.write(' '), 50);
		response.on('close', () => clearInterval(drip));
	},
	'a length of 4 GB': (response) =>
		response.writeHead(200, { 'content-length': '4294967296' }).end(),
	'headers without end': (response) => {
		response.socket?.end(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}\r\n`);
	},
	'JSON in JSON, 100,000 times': json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
	'no JSON': json('<html>'.repeat(1000)),
	'a prototype': json('{"__proto__":{"access_token":"a","token_type":"Bearer"}}'),
	'a token with a line break': json('{"access_token":"a\\r\\nA1 LOGOUT","token_type":"Bearer"}'),
	'a token with the separator of XOAUTH2': json(
		'{"access_token":"a\\u0001auth=","token_type":"Bearer"}',
	),
	'a token that is an object': json('{"access_token":{"toString":"a"},"token_type":"Bearer"}'),
	'a token of another type': json('{"access_token":"a","token_type":"mac"}'),
	'a redirect': json('', 302, { location: 'https://localhost:1/' }),
	'a pause of three years': json('', 503, { 'retry-after': '99999999' }),
	'a pause until the end of time': json('', 429, {
		'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT',
	}),
	'a pause below nothing': json('', 429, { 'retry-after': '-1' }),
	'the secret it was sent': json(
		JSON.stringify({ error: 'invalid_client', error_description: `no ${SECRET}` }),
		401,
	),
	'an error of a megabyte': json(
		JSON.stringify({ error: 'a'.repeat(MIB / 3), error_description: 'b'.repeat(MIB / 3) }),
		400,
	),
	'an error with a terminal escape': json(
		JSON.stringify({ error: 'x', error_description: '\u001b[2J\u202e\u0007 evil' }),
		400,
	),
};

let server: ReturnType<typeof createServer>;
let ca: string;
let attack: Attack = () => undefined;

beforeAll(async () => {
	const tls = await createTestCa();
	({ ca } = tls);
	server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
		response.on('error', () => undefined);
		request.resume().on('end', () => attack(response));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});
beforeEach(() => server.closeAllConnections());
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

describe('a hostile token endpoint', () => {
	it.each(Object.keys(ATTACKS))('that answers %s is an error in our own words', async (name) => {
		attack = ATTACKS[name] ?? attack;
		const { port } = server.address() as AddressInfo;
		const tokenUrl = `https://localhost:${String(port)}/token`;
		const http = createHttpClient({ caCertificate: ca, timeoutMs: TIMEOUT_MS });
		const error = await rejectionOf(
			requestEndpointToken(
				{
					issuer: { kind: 'endpoint', tokenUrl },
					clientId: 'client',
					scope: '',
					proof: { kind: 'secret', secret: SECRET, sendIn: 'body' },
				},
				tokenUrl,
				{ http, now: Date.now, newId: () => 'id' },
			),
		);
		const shown = `${error.message} ${String(error.remedy)}`;
		expect(shown.length).toBeLessThan(MAX_ERROR_LENGTH);
		expect(shown).not.toContain(SECRET);
		// Nothing but what is meant to be read.
		expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
		expect(error.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
		expect(error.retryAfterMs ?? 0).toBeLessThanOrEqual(HOUR_MS);
		expect(Object.prototype).not.toHaveProperty('access_token');
	});
});
