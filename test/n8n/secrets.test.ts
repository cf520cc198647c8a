import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { PERMIT } from '../../nodes/auth/host-identity';
import {
	createClientCertificate,
	type ClientCertificate,
} from '../support/oauth/client-certificate';
import { startDovecot, type Dovecot } from '../support/servers/dovecot';
import { IDENTITY_HEADER, startAzureHost, type AzureHost } from '../support/oauth/azure-host';
import { startEntra, type EntraStandIn } from '../support/oauth/entra';
import { startGoogle, type GoogleStandIn } from '../support/oauth/google';
import { GUIDE_MAIL, guideConfiguration, guideOAuth } from '../support/guide-example';
import { guideWorkflow } from '../support/n8n/guide-workflow';
import { startHttpsWebhook, type HttpsWebhook } from '../support/servers/https-webhook';
import { linkPackage } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';
import { createTestCa, type TestCa } from '../support/servers/tls';

const NEO = 'neo@example.com';
const SECRET = 'client~secret.of-the-application';
const WRONG = 'client~secret.that-is-wrong';
const SCOPE = 'https://outlook.office365.com/.default';
const START_LIMIT_MS = 600_000;
const CLEAN_UP_LIMIT = { timeout: 60_000, interval: 500 };

let tls: TestCa;
let certificate: ClientCertificate;
let entra: EntraStandIn;
let dovecot: Dovecot;
let google: GoogleStandIn;
let azure: AzureHost;
let webhook: HttpsWebhook;
let n8n: N8nServer;

beforeAll(async () => {
	[tls, certificate] = await Promise.all([createTestCa(), createClientCertificate()]);
	entra = await startEntra({ tls, secret: SECRET, certificate: certificate.certificate });
	dovecot = await startDovecot({
		tls,
		users: { [NEO]: 'mail-pw' },
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
	webhook = await startHttpsWebhook(tls);
	google = await startGoogle(tls, () => entra.issueToken());
	Object.assign(google.setup, { delegated: 'https://mail.google.com/', users: [NEO] });
	azure = await startAzureHost('appService', () => entra.issueToken());
	const env = { ...azure.environment, [PERMIT]: 'localhost', N8N_LOG_LEVEL: 'debug' };
	n8n = await startN8n({ prepare: linkPackage, env });
}, START_LIMIT_MS);
afterAll(async () => {
	await n8n.stop();
	await dovecot.stop();
	await entra.stop();
	await google.stop();
	await azure.stop();
	await webhook.close();
}, START_LIMIT_MS);

const common = () => ({
	url: `imaps://localhost:${String(dovecot.port)}`,
	username: NEO,
	caCertificate: tls.ca,
});
const application = () => ({
	...common(),
	clientId: entra.clientId,
	tokenUrl: entra.tokenUrl,
	scope: SCOPE,
	configuration: guideConfiguration({ uri: webhook.url }),
});
/** Accounts by how they sign in. */
const ACCOUNTS = {
	clientSecret: (clientSecret: string) => ({
		...application(),
		authentication: 'clientSecret',
		clientSecret,
	}),
	clientCertificate: () => ({
		...application(),
		authentication: 'clientCertificate',
		certificate: certificate.certificate,
		privateKey: certificate.privateKey,
	}),
	googleServiceAccount: () => ({
		...common(),
		authentication: 'googleServiceAccount',
		serviceAccountKey: google.keyFile,
		configuration: guideConfiguration({ uri: webhook.url }),
	}),
	managedIdentity: () => ({
		...common(),
		authentication: 'managedIdentity',
		configuration: guideConfiguration({ uri: webhook.url }),
	}),
	configuration: (password: string) => ({
		...common(),
		authentication: 'configuration',
		password,
		configuration: guideConfiguration({ uri: webhook.url, oauth: guideOAuth(entra) }),
	}),
};
type Kind = keyof typeof ACCOUNTS;

/** Publishes the workflow of the guide with an account, and gives how its execution ended. */
async function runGuide(kind: Kind): Promise<string> {
	const account = ACCOUNTS[kind](SECRET);
	const { id, name } = await n8n.api.createCredential(kind, 'imapIngestApi', account);
	const { nodes, connections } = guideWorkflow({ webhookCa: tls.ca });
	const credentials = { imapIngestApi: { id, name } };
	const workflow = await n8n.api.createWorkflow({
		name: kind,
		nodes: nodes.map((node) => ({ ...node, credentials })),
		connections,
	});
	await dovecot.deliver(NEO, GUIDE_MAIL);
	await n8n.api.activate(workflow.id);
	const { status } = await n8n.api.waitForExecution(workflow.id);
	if (status === 'success') {
		await vi.waitFor(async () => {
			expect(await dovecot.list(NEO)).toEqual([]);
		}, CLEAN_UP_LIMIT);
	}
	await n8n.api.deactivate(workflow.id);
	return status;
}

/** All that n8n has written down, and all that it shows. */
async function readEverything(): Promise<string> {
	const database = path.join(n8n.userFolder, '.n8n', 'database.sqlite');
	const files = ['', '-wal'].map((part) =>
		readFile(`${database}${part}`, 'latin1').catch(() => ''),
	);
	return [
		...(await Promise.all(files)),
		await n8n.runCommand('export:workflow', '--all'),
		n8n.readLog(),
		JSON.stringify(await n8n.api.request('GET', '/api/v1/executions?includeData=true')),
		JSON.stringify(await n8n.api.request('GET', '/api/v1/workflows')),
	].join('\n');
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('an application that signs in with OAuth2, with n8n at debug level', () => {
	it.each<Kind>([
		'clientSecret',
		'clientCertificate',
		'googleServiceAccount',
		'managedIdentity',
		'configuration',
	])('delivers the mail of the guide: %s', async (kind) => {
		expect(await runGuide(kind)).toBe('success');
	});

	it('says what is wrong when the secret is', async () => {
		for (const kind of ['clientSecret', 'configuration'] as const) {
			const account = ACCOUNTS[kind](WRONG);
			const credential = await n8n.api.createCredential('Wrong', 'imapIngestApi', account);
			const result = await n8n.api.testCredential(credential, account);
			expect(result).toMatchObject({ status: 'Error' });
			expect(JSON.stringify(result)).not.toContain(WRONG);
		}
	});

	it('shows a failed execution when the webhook refuses the payload', async () => {
		webhook.answerWith({ status: 401, body: 'no' });
		expect(await runGuide('configuration')).toBe('error');
	});

	it('leaves no secret in executions, static data, workflows and their export, or the log', async () => {
		const { issuedTokens, tokenRequests } = entra;
		const assertions = tokenRequests.flatMap(({ form }) => form.get('client_assertion') ?? []);
		expect(assertions).not.toEqual([]);
		expect(issuedTokens.length).toBeGreaterThanOrEqual(2);
		const keyLines = [certificate, google].map(({ privateKey }) => privateKey.split('\n')[2] ?? '');
		const tokens = [...issuedTokens, ...google.issuedTokens, ...azure.issuedTokens];
		expect(google.issuedTokens.length * azure.issuedTokens.length).toBeGreaterThan(0);
		expect(keyLines.map(({ length }) => length > 40)).toEqual([true, true]);
		const secrets = [
			SECRET,
			encodeURIComponent(SECRET),
			base64(SECRET),
			WRONG,
			...keyLines,
			IDENTITY_HEADER,
			...google.assertions,
			...assertions,
			...tokens,
			...tokens.map((token) => base64(`user=${NEO}\u0001auth=Bearer ${token}\u0001\u0001`)),
			base64('xxx:yyy'),
			webhook.url,
		];
		const everything = await readEverything();
		expect(everything).toContain('alert - Wake up Neo');
		expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
	});
});
