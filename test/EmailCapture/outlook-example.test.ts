import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { AlertMagicApi } from '../../credentials/AlertMagicApi.credentials';
import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { EmailCapture } from '../../nodes/EmailCapture/EmailCapture.node';
import { createEngine, outputOf } from '../support/n8n/n8n-engine';
import type { WorkflowSource } from '../support/n8n/n8n-engine';
import { startHttpsWebhook, type HttpsWebhook } from '../support/servers/https-webhook';
import { createTestCa, type TestCa } from '../support/servers/tls';

const FILE = path.join(__dirname, '..', '..', 'examples', 'outlook-without-imap.json');

let tls: TestCa;
let webhook: HttpsWebhook;
beforeAll(async () => {
	tls = await createTestCa();
	webhook = await startHttpsWebhook(tls);
});
afterAll(() => webhook.close());

/** The example behind its trigger, whose Microsoft Graph nobody can stand in for here. */
function readExample(): WorkflowSource {
	const { nodes, connections } = JSON.parse(readFileSync(FILE, 'utf8')) as WorkflowSource;
	const credentials = { alertMagicApi: { id: '1', name: 'Webhook' } };
	const options = { caCertificate: tls.ca, attempts: 1 };
	const toRun = (node: INode): INode =>
		node.name === 'AlertMagic'
			? { ...node, credentials, parameters: { ...node.parameters, options } }
			: node;
	const own = nodes.filter(({ type }) => type.startsWith('n8n-nodes-imap-ingest.'));
	const { 'Email Capture': behind = {} } = connections;
	return { nodes: own.map(toRun), connections: { 'Email Capture': behind } };
}

it('the example for tenants without IMAP delivers what the Outlook Trigger puts out raw', async () => {
	const engine = createEngine({
		nodeTypes: [new EmailCapture(), new AlertMagic()],
		credentialTypes: [new AlertMagicApi(), new ImapIngestApi()],
		credentials: { alertMagicApi: { url: webhook.url, username: 'user', password: 'word' } },
	});
	const message = (subject: string) => ({
		id: 'AAMkAGI2',
		subject,
		from: { emailAddress: { name: 'Trinity', address: 'trinity@zion.com' } },
		toRecipients: [{ emailAddress: { address: 'neo@example.com' } }],
		body: { contentType: 'html', content: '<p>Follow the white rabbit<br>Spoon: false</p>' },
	});
	const items = [message('alert - Wake up Neo'), message('Lunch')];
	const run = await engine.run(readExample(), 'Email Capture', items);
	expect(run.status).toBe('success');
	expect(outputOf(run, 'AlertMagic')).toHaveLength(1);
	expect(webhook.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
		{ from: 'trinity@zion.com', subject: 'Wake up Neo', spoon: 'false' },
	]);
});
