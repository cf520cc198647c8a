import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startN8n, type N8nServer } from './n8n-server';

describe('x', () => {
	let n8n: N8nServer;
	beforeAll(async () => {
		const t = Date.now();
		n8n = await startN8n();
		console.log('start', Date.now() - t);
	}, 200000);
	afterAll(async () => {
		console.log(n8n.readLog());
		await n8n.stop();
	});
	it('y', async () => {
		console.log(
			(await n8n.api.listNodeTypes()).length,
			(await n8n.api.listCredentialTypes()).length,
		);
		const w = await n8n.api.createWorkflow({
			name: 'w',
			nodes: [
				{
					id: '1',
					name: 'S',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					position: [0, 0],
					parameters: { path: 'abc' },
					webhookId: 'abc',
				},
				{
					id: '2',
					name: 'Set',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					position: [200, 0],
					parameters: {},
				},
			],
			connections: { S: { main: [[{ node: 'Set', type: 'main', index: 0 }]] } },
		});
		console.log(w);
		await n8n.api.activate(w.id);
		console.log(await n8n.api.request('GET', '/webhook/abc'));
		console.log(JSON.stringify(await n8n.api.waitForExecution(w.id)));
		await n8n.api.deactivate(w.id);
		const c = await n8n.api.createCredential('c', 'imap', {
			user: 'a',
			password: 'b',
			host: '127.0.0.1',
			port: 1,
			secure: true,
		});
		console.log(c, await n8n.api.testCredential(c, 'imap').catch((e) => String(e)));
	});
});
