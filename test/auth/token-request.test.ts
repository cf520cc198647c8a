import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createHttpClient } from '../../nodes/net/https';
import type { HttpClient } from '../../nodes/net/https';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { createTokenSource } from '../../nodes/auth/token-source';
import type { ClientCredentials, ClientProof } from '../../nodes/core/account/account';
import { SILENT_LOG } from '../support/silent-log';
import { createClientCertificate } from '../support/oauth/client-certificate';
import type { ClientCertificate } from '../support/oauth/client-certificate';
import { aadsts, startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { createTestCa } from '../support/servers/tls';
import {
	BY_SECRET,
	rejectionOf,
	SECRET,
	toEndpointCredentials,
	toEntraCredentials,
} from './fixtures';

let certificate: ClientCertificate;
let other: ClientCertificate;
let entra: EntraStandIn;
beforeAll(async () => {
	const [tls, ...certificates] = await Promise.all([
		createTestCa(),
		createClientCertificate(),
		createClientCertificate(),
	]);
	[certificate, other] = certificates;
	entra = await startEntra({ tls, secret: SECRET, certificate: certificate.certificate });
});
afterAll(() => entra.stop());
beforeEach(() => {
	entra.tokenRequests.length = 0;
});

const byCertificate = (from: ClientCertificate): ClientProof => ({
	kind: 'certificate',
	certificate: from.certificate,
	privateKey: from.privateKey,
});
const sourceOf = (credentials: ClientCredentials, now: () => number = Date.now) =>
	createTokenSource({
		credentials,
		http: createHttpClient({ caCertificate: entra.ca, timeoutMs: 20_000 }),
		now,
		log: SILENT_LOG,
		registry: new TokenRegistry(),
	});
const BOTH_WAYS: Array<[string, typeof toEntraCredentials]> = [
	['MSAL', toEntraCredentials],
	['the endpoint called directly', toEndpointCredentials],
];

describe.each(BOTH_WAYS)('a token from %s', (_way, toCredentials) => {
	it('comes for the right client secret', async () => {
		const { value, expiresOn } = await sourceOf(toCredentials(entra)).token();
		expect(value.split('.')).toHaveLength(3);
		expect(Math.abs(expiresOn - Date.now() - 3_600_000)).toBeLessThan(60_000);
		expect(entra.tokenRequests).toHaveLength(1);
		const form = entra.tokenRequests[0]?.form;
		expect(form?.get('grant_type')).toBe('client_credentials');
		expect(form?.get('client_secret')).toBe(SECRET);
	});

	it('comes for the right certificate, without any secret', async () => {
		await sourceOf(toCredentials(entra, byCertificate(certificate))).token();
		const form = entra.tokenRequests[0]?.form;
		expect(form?.get('client_assertion_type')).toBe(
			'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
		);
		expect(form?.has('client_secret')).toBe(false);
	});

	it.each<[string, () => ClientProof, string, string]>([
		[
			'a wrong secret',
			() => ({ ...BY_SECRET, kind: 'secret', secret: 'wr0ng-one', sendIn: 'body' }),
			'client-secret-wrong',
			'AADSTS7000215',
		],
		[
			'a certificate that is not registered',
			() => byCertificate(other),
			'certificate-rejected',
			'AADSTS700027',
		],
	])('is refused for %s', async (_case, proof, code, number) => {
		const error = await rejectionOf(sourceOf(toCredentials(entra, proof())).token());
		expect(error.code).toBe(code);
		expect(error.message).toContain(number);
		expect(error.message).toContain('correlation ID 0a1b2c3d-0000-4000-8000-00000000c0de');
		expect(error.remedy).toMatch(/\S/);
		expect(inspect(error, { depth: 10 })).not.toContain('wr0ng-one');
	});

	it.each([
		[
			'another application',
			{ clientId: '00000000-0000-4000-8000-000000000000' },
			'application-unknown',
			'AADSTS700016',
		],
		[
			'a scope that is not /.default',
			{ scope: 'IMAP.AccessAsApp' },
			'scope-refused',
			'AADSTS1002012',
		],
	])('is refused for %s', async (_case, change, code, number) => {
		const error = await rejectionOf(sourceOf({ ...toCredentials(entra), ...change }).token());
		expect(error).toMatchObject({ code });
		expect(error.message).toContain(number);
	});

	it.each<[string, Parameters<EntraStandIn['answerNext']>[0], string, string]>([
		[
			'is expired',
			aadsts(7000222, 'invalid_client', 401),
			'client-secret-expired',
			'AADSTS7000222',
		],
		[
			'asks for a pause',
			{ status: 429, body: {}, headers: { 'retry-after': '17' } },
			'throttled',
			'HTTP 429',
		],
		['fails', { status: 503, body: 'Service Unavailable' }, 'token-endpoint-failed', 'HTTP 503'],
		[
			'redirects',
			{ status: 302, body: '', headers: { location: 'https://localhost:1/' } },
			'sign-in-refused',
			'HTTP 302',
		],
		[
			'answers a web page',
			{ status: 200, body: '<html>Sign in</html>' },
			'sign-in-refused',
			'HTTP 200',
		],
		[
			'gives no token',
			{ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } },
			'token-endpoint-failed',
			'without a token',
		],
		[
			'gives an empty token',
			{ status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: '' } },
			'token-endpoint-failed',
			'without a token',
		],
		[
			'gives a token that would break the SASL exchange',
			{ status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: 'a\u0001b' } },
			'token-endpoint-failed',
			'malformed',
		],
		[
			'gives a token that is expired',
			{ status: 200, body: { token_type: 'Bearer', expires_in: -60, access_token: 'abc' } },
			'token-endpoint-failed',
			'expired',
		],
		['drops the connection', 'reset', 'connection-lost', 'ended the connection'],
	])('is refused when the endpoint %s', async (_case, answer, code, words) => {
		entra.answerNext(answer);
		const error = await rejectionOf(sourceOf(toCredentials(entra)).token());
		expect(error.code).toBe(code);
		expect(error.message).toContain(words);
		expect(inspect(error, { depth: 10 })).not.toContain(SECRET);
	});

	it('says how long the endpoint wants to be left alone', async () => {
		entra.answerNext({ status: 429, body: {}, headers: { 'retry-after': '17' } });
		const error = await rejectionOf(sourceOf(toCredentials(entra)).token());
		expect(error.retryAfterMs).toBe(17_000);
	});

	it('is not asked for with a certificate that is expired or not valid yet', async () => {
		const credentials = toCredentials(entra, byCertificate(certificate));
		const month = 30 * 24 * 3600 * 1000;
		const late = await rejectionOf(sourceOf(credentials, () => Date.now() + month).token());
		const early = await rejectionOf(sourceOf(credentials, () => Date.now() - month).token());
		expect(late).toMatchObject({ code: 'certificate-rejected', field: 'Certificate' });
		expect(late.message).toMatch(/expired on \d{4}-\d\d-\d\d/);
		expect(early.message).toMatch(/not valid before \d{4}-\d\d-\d\d/);
		expect(entra.tokenRequests).toHaveLength(0);
	});
});

describe('a token from MSAL', () => {
	it('is refused for a tenant that does not exist', async () => {
		const authority = `https://${entra.host}/00000000-0000-4000-8000-000000000000`;
		const error = await rejectionOf(sourceOf(toEntraCredentials({ ...entra, authority })).token());
		expect(error.code).toBe('tenant-unknown');
		expect(error.message).toContain('AADSTS90002');
	});

	it('is asked for again right after a failure, without a pause of MSAL’s own', async () => {
		const source = sourceOf(toEntraCredentials(entra));
		entra.answerNext({ status: 503, body: {} });
		await rejectionOf(source.token());
		await expect(source.token()).resolves.toHaveProperty('value');
		expect(entra.tokenRequests).toHaveLength(2);
	});
});

describe('a token of a Microsoft cloud', () => {
	it.each([
		'login.microsoftonline.com',
		'login.microsoftonline.us',
		'login.partner.microsoftonline.cn',
	])('takes one request, straight to %s', async (host) => {
		const sent: string[] = [];
		const http: HttpClient = {
			send: ({ method, url }) => {
				sent.push(`${method} ${new URL(url).origin}${new URL(url).pathname}`);
				const body = JSON.stringify({
					access_token: 'abc',
					token_type: 'Bearer',
					expires_in: 3600,
				});
				return Promise.resolve({ status: 200, headers: {}, body });
			},
		};
		const logged: unknown[] = [];
		const log = { ...SILENT_LOG, debug: (...entry: unknown[]) => logged.push(entry) };
		const credentials: ClientCredentials = {
			issuer: { kind: 'entra', authority: `https://${host}/${entra.tenantId}` },
			clientId: entra.clientId,
			scope: 'https://outlook.office365.com/.default',
			proof: BY_SECRET,
		};
		const registry = new TokenRegistry();
		await createTokenSource({ credentials, http, now: Date.now, log, registry }).token();
		expect(sent).toEqual([`POST https://${host}/${entra.tenantId}/oauth2/v2.0/token`]);
		expect(logged).toHaveLength(1);
		expect(inspect(logged, { depth: 10 })).not.toMatch(/abc|s3cret/);
	});
});
