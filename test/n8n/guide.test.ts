import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { GUIDE_MAIL, GUIDE_PAYLOAD, guideConfiguration } from '../support/guide-example';
import { guideWorkflow, TRIGGER } from '../support/n8n/guide-workflow';
import { startHttpsWebhook } from '../support/servers/https-webhook';
import type { HttpsWebhook } from '../support/servers/https-webhook';
import type { StoredCredential } from '../support/n8n/n8n-answers';
import { installPackage, packPackage, readManifest } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';
import { createTestCa } from '../support/servers/tls';
import type { TestCa } from '../support/servers/tls';

const NEO = 'neo@example.com';
const PASSWORD = 'secret-pw-of-neo';
const CLEAN_UP_LIMIT = { timeout: 60_000, interval: 500 };

let tls: TestCa;
let target: string;
let dovecot: Dovecot;
let webhook: HttpsWebhook;
let n8n: N8nServer;

beforeAll(async () => {
	tls = await createTestCa();
	dovecot = await startDovecot({ tls, users: { [NEO]: PASSWORD } });
	webhook = await startHttpsWebhook(tls);
	target = await mkdtemp(path.join(tmpdir(), 'packed-'));
	const [tarball, manifest] = [await packPackage(target), await readManifest()];
	n8n = await startN8n({
		prepare: (userFolder) => installPackage(tarball, userFolder, manifest.name),
		env: { N8N_LOG_LEVEL: 'debug' },
	});
});
afterAll(async () => {
	await n8n.stop();
	await dovecot.stop();
	await webhook.close();
	await rm(target, { recursive: true, force: true });
});

const account = (password = PASSWORD) => ({
	url: `imaps://localhost:${String(dovecot.port)}`,
	authentication: 'configuration',
	username: NEO,
	password,
	configuration: guideConfiguration({ uri: webhook.url }),
	caCertificate: tls.ca,
});

/** The shipped example with the account's credential on both nodes. */
function workflowWith(credential: StoredCredential) {
	const { nodes, connections } = guideWorkflow({ webhookCa: tls.ca });
	const { id, name } = credential;
	return {
		name: 'Mail to AlertMagic',
		nodes: nodes.map((node) => ({ ...node, credentials: { imapIngestApi: { id, name } } })),
		connections,
	};
}

const subjects = async (mailbox?: string): Promise<unknown[]> =>
	(await dovecot.list(NEO, mailbox)).map(({ subject }) => subject);

describe("the guide's example in a real n8n", () => {
	it('has a credential test that signs in, and says what is wrong when it cannot', async () => {
		const credential = await n8n.api.createCredential('Tested', 'imapIngestApi', account());
		expect(await n8n.api.testCredential(credential, account())).toMatchObject({ status: 'OK' });
		expect(await n8n.api.testCredential(credential, account('wrong'))).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/password/i) as unknown,
		});
	});

	it('posts the payload of the guide and moves the mail once the execution has succeeded', async () => {
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const credential = await n8n.api.createCredential('Account', 'imapIngestApi', account());
		const workflow = await n8n.api.createWorkflow(workflowWith(credential));
		await n8n.api.activate(workflow.id);

		const execution = await n8n.api.waitForExecution(workflow.id);
		expect(execution.status).toBe('success');
		expect(webhook.requests).toMatchObject([{ basicAuth: { username: 'xxx', password: 'yyy' } }]);
		expect(webhook.requests[0]?.body).toBe(JSON.stringify(GUIDE_PAYLOAD));
		await vi.waitFor(async () => {
			expect(await subjects('AlertMagic Processed')).toEqual(['alert - Wake up Neo']);
		}, CLEAN_UP_LIMIT);
		expect(await subjects()).toEqual([]);
		expect(JSON.stringify(execution)).toContain(TRIGGER);
		await n8n.api.deactivate(workflow.id);
	});

	it('shows an execution as failed when the webhook refuses the payload', async () => {
		webhook.answerWith({ status: 400, body: 'no' });
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const credential = await n8n.api.createCredential('Refused', 'imapIngestApi', account());
		const workflow = await n8n.api.createWorkflow(workflowWith(credential));
		await n8n.api.activate(workflow.id);

		expect(await n8n.api.waitForExecution(workflow.id)).toMatchObject({ status: 'error' });
		await n8n.api.deactivate(workflow.id);
	});

	it('leaves no secret in executions, static data, workflows and their export, or the log at debug level', async () => {
		const database = path.join(n8n.userFolder, '.n8n', 'database.sqlite');
		const tables = await Promise.all(
			['', '-wal'].map((part) => readFile(`${database}${part}`, 'latin1').catch(() => '')),
		);
		expect(tables.join('')).toContain('Wake up Neo');
		const everything = [
			...tables,
			await n8n.runCommand('export:workflow', '--all'),
			n8n.readLog(),
			JSON.stringify(await n8n.api.request('GET', '/api/v1/executions?includeData=true')),
			JSON.stringify(await n8n.api.request('GET', '/api/v1/workflows')),
		].join('\n');
		expect(everything).toContain('alert - Wake up Neo');
		expect(everything).not.toContain(PASSWORD);
		expect(everything).not.toContain(Buffer.from('xxx:yyy').toString('base64'));
		expect(everything).not.toContain(Buffer.from(`\0${NEO}\0${PASSWORD}`).toString('base64'));
		expect(everything).not.toContain(webhook.url);
	});
});
