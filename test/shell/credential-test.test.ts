import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createHttpClient } from '../../nodes/net/https';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { parseAccount } from '../../nodes/core/account/parse-account';
import { SILENT_LOG } from '../support/silent-log';
import { verifyLogin } from '../support/imap/verify-login';
import { alertMagicApiTest } from '../../nodes/AlertMagic/credential-test';
import { imapIngestApiTest } from '../../nodes/shell/credential-test';
import { probeWebhook } from '../../nodes/AlertMagic/webhook-probe';
import { createClientCertificate } from '../support/oauth/client-certificate';
import type { ClientCertificate } from '../support/oauth/client-certificate';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { servedByEntra } from '../support/oauth/served-by-entra';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { findFreePort } from '../support/servers/free-port';
import { guideOAuth } from '../support/guide-example';
import { createTestCa } from '../support/servers/tls';
import { SECRET } from '../auth/fixtures';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const USER = 'alice@example.com';
const PASSWORD = 'p4ssword of alice';
const SCOPE = 'https://outlook.office365.com/.default';

let certificate: ClientCertificate;
let entra: EntraStandIn;
let dovecot: Dovecot;
beforeAll(async () => {
	const tls = await createTestCa();
	certificate = await createClientCertificate();
	entra = await startEntra({ tls, secret: SECRET, certificate: certificate.certificate });
	dovecot = await startDovecot({
		tls,
		users: { [USER]: PASSWORD },
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
});
afterAll(async () => {
	await Promise.all([entra.stop(), dovecot.stop()]);
});
beforeEach(() => {
	entra.setClaims({});
});

type TestFunction = typeof imapIngestApiTest;
const runTest = async (test: TestFunction, data: ICredentialDataDecryptedObject) => {
	return await test.call(
		{ logger: SILENT_LOG },
		{
			id: '1',
			name: 'an account',
			type: 'imapIngestApi',
			data,
		},
	);
};
const fieldsOf = (mode: string): ICredentialDataDecryptedObject => ({
	url: `imaps://localhost:${String(dovecot.port)}`,
	username: USER,
	authentication: mode,
	caCertificate: entra.ca,
	...(mode === 'password' && { password: PASSWORD }),
	...(mode.startsWith('client') && {
		clientId: entra.clientId,
		tokenUrl: entra.tokenUrl,
		scope: SCOPE,
	}),
	...(mode === 'clientSecret' && { clientSecret: SECRET }),
	...(mode === 'clientCertificate' && {
		certificate: certificate.certificate,
		privateKey: certificate.privateKey,
	}),
	...(mode === 'configuration' && { password: SECRET, configuration: configurationOf() }),
});
const configurationOf = (filter = '^alert') =>
	JSON.stringify({
		...guideOAuth(entra),
		AlertMagic: {
			Ingests: [
				{
					Name: 'Knock Knock',
					Uri: 'https://alerts.example.com/api/notify',
					Username: 'xxx',
					Password: 'yyy',
					Filter: { Subject: filter },
					Payload: { SubjectCaptures: ['^alert - (?<subject>.+)$'] },
				},
			],
		},
	});

describe('test of an IMAP Ingest credential', () => {
	it.each(['password', 'clientSecret', 'clientCertificate', 'configuration'])(
		'signs in with the mode %s',
		async (mode) => {
			const { status, message } = await runTest(imapIngestApiTest, fieldsOf(mode));
			expect(message).toContain(`Signed in as ${USER}@localhost`);
			expect(status).toBe('OK');
		},
	);

	it('says how many rules there are and when the secret expires', async () => {
		const fields = { ...fieldsOf('configuration'), clientSecretExpiresOn: '2031-01-31' };
		const { message } = await runTest(imapIngestApiTest, fields);
		expect(message).toContain('Rules in the configuration: 1.');
		expect(message).toContain('expires on 2031-01-31');
	});

	it('says when the certificate expires', async () => {
		const { message } = await runTest(imapIngestApiTest, fieldsOf('clientCertificate'));
		expect(message).toMatch(/The certificate expires on \d{4}-\d{2}-\d{2}\./);
	});

	it.each<[string, string, () => ICredentialDataDecryptedObject, string]>([
		[
			'wrong password',
			'password',
			() => ({ password: 'wr0ng one' }),
			'rejected user name or password',
		],
		['wrong client secret', 'clientSecret', () => ({ clientSecret: 'wr0ng one' }), 'AADSTS7000215'],
		[
			'URL with a path',
			'password',
			() => ({ url: 'imaps://localhost/INBOX' }),
			'Enter imaps://localhost:993.',
		],
		['untrusted certificate', 'password', () => ({ caCertificate: '' }), 'CA Certificate'],
		[
			'unknown rule key',
			'password',
			() => ({ configuration: '{"AlertMagic": {"Ingest": []}}' }),
			'AlertMagic.Ingest',
		],
		[
			'pattern that does not parse',
			'password',
			() => ({ configuration: configurationOf('(') }),
			'Filter.Subject',
		],
		[
			'pattern of a configuration',
			'configuration',
			() => ({ configuration: configurationOf('(') }),
			'Filter.Subject',
		],
		['missing fields', 'configuration', () => ({ username: '', url: '' }), '2 problems'],
	])('refuses a %s in words', async (_case, mode, change, words) => {
		const { status, message } = await runTest(imapIngestApiTest, {
			...fieldsOf(mode),
			...change(),
		});
		expect(status).toBe('Error');
		expect(message).toContain(words);
		expect(message).not.toContain('wr0ng one');
		expect(message).not.toContain(SECRET);
	});

	it('reports a fault of the JSON once', async () => {
		const fields = { ...fieldsOf('configuration'), configuration: '{"Nonsense": 1}' };
		const { message } = await runTest(imapIngestApiTest, fields);
		expect(message.split('Nonsense')).toHaveLength(2);
	});

	it('tells missing consent from what the mail server refuses', async () => {
		entra.setClaims({ roles: ['POP.AccessAsApp'] });
		const { status, message } = await runTest(imapIngestApiTest, fieldsOf('clientSecret'));
		expect(status).toBe('Error');
		expect(message).toContain('no consent to IMAP.AccessAsApp');
	});

	it('names the object ID when the mailbox is not open to a good token', async () => {
		entra.setClaims({ mail_domain: 'x@example.org' });
		const { message } = await runTest(imapIngestApiTest, fieldsOf('clientCertificate'));
		expect(message).toContain(`New-ServicePrincipal -AppId ${entra.clientId}`);
		expect(message).toContain(entra.objectId);
	});

	it('never uses a token from before', async () => {
		await runTest(imapIngestApiTest, fieldsOf('clientSecret'));
		const count = entra.tokenRequests.length;
		await runTest(imapIngestApiTest, fieldsOf('clientSecret'));
		expect(entra.tokenRequests).toHaveLength(count + 1);
	});

	it('does not throw when there is no data at all', async () => {
		expect(await runTest(imapIngestApiTest, {})).toMatchObject({ status: 'Error' });
	});
});

describe('a token from MSAL', () => {
	it.each(['clientSecret', 'clientCertificate', 'configuration'])(
		'opens the mailbox with the mode %s',
		async (mode) => {
			const account = servedByEntra(parseAccount(fieldsOf(mode)), entra);
			expect(account.login).toMatchObject({ credentials: { issuer: { kind: 'entra' } } });
			const before = entra.discoveries();
			const options = { now: Date.now, log: SILENT_LOG, registry: new TokenRegistry() };
			const { signIn, explainRefusal } = createSignIn(account, options);
			await verifyLogin({
				account,
				signIn,
				explainRefusal,
				log: SILENT_LOG,
				shared: OWN_CONNECTIONS,
			});
			expect(entra.discoveries()).toBe(before + 1);
		},
	);
});

describe('test of an AlertMagic webhook', () => {
	const probe = () =>
		probeWebhook(
			{ url: entra.tokenUrl, username: 'xxx', password: 'yyy' },
			createHttpClient({ caCertificate: entra.ca }),
		);

	it('sends no alert and says what it did not check', async () => {
		const before = entra.tokenRequests.length;
		const message = await probe();
		expect(message).toContain(`${entra.host} answers over TLS (HTTP 400 to a GET)`);
		expect(message).toContain('user name and password are not checked');
		expect(entra.tokenRequests).toHaveLength(before);
	});

	it('says when nothing listens', async () => {
		const url = `https://localhost:${String(await findFreePort())}/api/notify`;
		const { status, message } = await runTest(alertMagicApiTest, { url });
		expect(status).toBe('Error');
		expect(message).toContain(`Nothing answers at the webhook ${new URL(url).host}.`);
		expect(message).toContain('URL of the credential');
	});

	it('does not accept a certificate that is not trusted', async () => {
		const fields = { url: entra.tokenUrl, username: 'xxx', password: 'yyy' };
		const before = entra.tokenRequests.length;
		const { message } = await runTest(alertMagicApiTest, fields);
		expect(message).toContain('authority that is not trusted');
		expect(message).toContain('NODE_EXTRA_CA_CERTS');
		expect(entra.tokenRequests).toHaveLength(before);
	});

	it.each([
		['http://alerts.example.com/api/notify', 'https only'],
		['alerts.example.com', 'URL is not an address'],
		['', 'URL is empty'],
		['https://u:s3cr3t@alerts.example.com/', 'user name or password'],
	])('refuses the address %j', async (url, words) => {
		const { status, message } = await runTest(alertMagicApiTest, {
			url,
			username: 'x',
			password: 'y',
		});
		expect(status).toBe('Error');
		expect(message).toContain(words);
		expect(message).not.toContain('s3cr3t');
	});
});
