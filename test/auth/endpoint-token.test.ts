import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { requestEndpointToken } from '../../nodes/auth/endpoint-token';
import { createHttpClient } from '../../nodes/net/https';
import type { HttpClient, HttpRequest } from '../../nodes/net/https';
import type { ClientCredentials, ClientProof } from '../../nodes/core/account/account';
import { createClientCertificate } from '../support/oauth/client-certificate';
import type { ClientCertificate } from '../support/oauth/client-certificate';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { createTestCa } from '../support/servers/tls';
import { rejectionOf, SECRET, toEndpointCredentials } from './fixtures';

const NOW = Date.UTC(2026, 10, 23);
const request = (credentials: ClientCredentials, http: HttpClient, now = Date.now) => {
	if (credentials.issuer.kind !== 'endpoint') throw new Error('not an endpoint');
	const deps = { http, now, newId: () => 'an-id' };
	return requestEndpointToken(credentials, credentials.issuer.tokenUrl, deps);
};

describe('client authentication at a real endpoint', () => {
	let ec: ClientCertificate;
	let entra: EntraStandIn;
	let http: HttpClient;
	beforeAll(async () => {
		ec = await createClientCertificate('ec');
		entra = await startEntra({
			tls: await createTestCa(),
			secret: SECRET,
			certificate: ec.certificate,
			clientId: 'my client/ü',
		});
		http = createHttpClient({ caCertificate: entra.ca });
	});
	afterAll(() => entra.stop());
	beforeEach(() => {
		entra.tokenRequests.length = 0;
	});

	it('goes into the Basic header with both halves form-encoded, and nowhere else', async () => {
		const proof: ClientProof = { kind: 'secret', secret: SECRET, sendIn: 'basicHeader' };
		await request(toEndpointCredentials(entra, proof), http);
		const { form, authorization = '' } = entra.tokenRequests[0] ?? {};
		expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe(
			'my+client%2F%C3%BC:v%7Ery%2Bs3cret%2Fva+lue%3A%25%26%3D%C3%BC',
		);
		expect(form?.has('client_id')).toBe(false);
		expect(form?.has('client_secret')).toBe(false);
	});

	it('goes into the body and not into a header', async () => {
		await request(toEndpointCredentials(entra), http);
		const { form, authorization } = entra.tokenRequests[0] ?? {};
		expect(authorization).toBeUndefined();
		expect(form?.get('client_id')).toBe('my client/ü');
		expect(form?.get('client_secret')).toBe(SECRET);
	});

	it('is a signed assertion for an elliptic curve key', async () => {
		const proof: ClientProof = { kind: 'certificate', ...ec };
		await expect(request(toEndpointCredentials(entra, proof), http)).resolves.toHaveProperty(
			'value',
		);
	});
});

describe('the answer of an endpoint', () => {
	const credentials: ClientCredentials = {
		issuer: { kind: 'endpoint', tokenUrl: 'https://login.example.com/token' },
		clientId: 'client',
		scope: '',
		proof: { kind: 'secret', secret: SECRET, sendIn: 'body' },
	};
	const answering = (body: object, status = 200, sent: HttpRequest[] = []): HttpClient => ({
		send: (sentRequest) => {
			sent.push(sentRequest);
			return Promise.resolve({ status, headers: {}, body: JSON.stringify(body) });
		},
	});
	const jwt = (claims: object) =>
		`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

	it('is asked for without a scope when there is none', async () => {
		const sent: HttpRequest[] = [];
		await request(credentials, answering({ access_token: 'abc' }, 200, sent));
		expect(new URLSearchParams(sent[0]?.body).has('scope')).toBe(false);
	});

	it.each([
		['a number of seconds', { access_token: 'abc', expires_in: 90 }, NOW + 90_000],
		['a text of seconds', { access_token: 'abc', expires_in: '90' }, NOW + 90_000],
		['only the token itself', { access_token: jwt({ exp: NOW / 1000 + 70 }) }, NOW + 70_000],
		['nothing', { access_token: 'abc' }, NOW + 300_000],
		[
			'a token type in capitals',
			{ access_token: 'abc', expires_in: 1, token_type: 'BEARER' },
			NOW + 1000,
		],
	])('tells the expiry by %s', async (_case, body, expiresOn) => {
		const token = await request(credentials, answering(body), () => NOW);
		expect(token.expiresOn).toBe(expiresOn);
	});

	it.each([
		['invalid_client', 'client-secret-wrong'],
		['unauthorized_client', 'sign-in-refused'],
		['invalid_scope', 'scope-refused'],
		['invalid_target', 'scope-refused'],
		['invalid_request', 'sign-in-refused'],
		['unsupported_grant_type', 'sign-in-refused'],
		['temporarily_unavailable', 'token-endpoint-failed'],
		['toString', 'sign-in-refused'],
	])('with the error %s is the refusal %s', async (error, code) => {
		const failure = request(credentials, answering({ error }, 400));
		expect(await rejectionOf(failure)).toMatchObject({ code });
	});

	it('is an error also where the status says success', async () => {
		const failure = request(credentials, answering({ error: 'invalid_client' }, 200));
		expect(await rejectionOf(failure)).toMatchObject({ code: 'client-secret-wrong' });
	});

	it('must be a bearer token', async () => {
		const body = { access_token: 'abc', token_type: 'mac' };
		const error = await rejectionOf(request(credentials, answering(body)));
		expect(error.message).toContain('no bearer token');
	});

	it('is quoted in one line, unless it repeats the secret', async () => {
		const quoted = async (words: string) => {
			const body = { error: 'invalid_request', error_description: words };
			return (await rejectionOf(request(credentials, answering(body, 400)))).message;
		};
		expect(await quoted('No such client.\r\nTrace: 1')).toContain('("No such client.")');
		expect(await quoted('x'.repeat(5000))).toHaveLength(
			(await quoted('')).length + ' ("...")'.length + 200,
		);
		expect(await quoted(`Bad secret ${SECRET}!`)).not.toContain('Bad secret');
		expect(await quoted(`Bad secret ${encodeURIComponent(SECRET)}!`)).not.toContain('Bad secret');
	});
});
