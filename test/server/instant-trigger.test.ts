import type { ICredentialDataDecryptedObject, INode, IRun } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngestInstantTrigger } from '../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { startFaultProxy } from '../support/imap/fault-proxy';
import type { FaultProxy } from '../support/imap/fault-proxy';
import { GUIDE_CONFIGURATION, GUIDE_MAIL, GUIDE_PAYLOAD } from '../support/guide-example';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import type { ActiveWorkflow, PublishOptions } from '../support/n8n/n8n-engine';

const NEO = 'neo@example.com';
const TRIGGER = 'imapIngestInstantTrigger';
/** Far below the safety scan, which would find the mail as well. */
const LIMIT = { timeout: 60_000, interval: 20 };
/** Where the server tells of nothing, it is asked each minute; the safety scan would come after five. */
const NEXT_POLL = { timeout: 150_000, interval: 100 };
const { AlertMagic } = JSON.parse(GUIDE_CONFIGURATION) as { AlertMagic: unknown };

let dovecot: Dovecot;
let proxy: FaultProxy;
const open: ActiveWorkflow[] = [];

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [NEO]: 'secret-pw' } });
	proxy = await startFaultProxy({ target: dovecot });
});
afterEach(async () => {
	for (const workflow of open.splice(0)) await workflow.close();
});
afterAll(async () => {
	await proxy.stop();
	await dovecot.stop();
});

const credential = (more: ICredentialDataDecryptedObject = {}) => ({
	url: `imaps://127.0.0.1:${String(proxy.port)}`,
	authentication: 'password',
	username: NEO,
	password: 'secret-pw',
	caCertificate: dovecot.ca,
	...more,
});

const engineFor = (data: ICredentialDataDecryptedObject) =>
	createEngine({
		nodeTypes: [new ImapIngestInstantTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: { imapIngestApi: data },
	});

const source = (id: string, options: INode['parameters'] = {}) => ({
	nodes: [
		toNode(
			TRIGGER,
			{
				mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
				rulesSource: 'json',
				rulesJson: JSON.stringify({ AlertMagic }),
				options,
			},
			{ id, credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
		),
	],
	connections: {},
});

/** Publishes a workflow with the trigger alone. From then on mail is new, so the cursor has to be there. */
async function publish(
	id: string,
	options: INode['parameters'] = {},
	publishing: PublishOptions = {},
): Promise<ActiveWorkflow> {
	const workflow = await engineFor(credential()).activate(source(id, options), TRIGGER, publishing);
	open.push(workflow);
	expect(JSON.stringify(workflow.staticData)).toContain('"position"');
	return workflow;
}

const itemsOf = (run: IRun): unknown[] => outputOf(run, TRIGGER).map(({ json }) => json);
const delivered = ({ runs }: ActiveWorkflow) => runs.flatMap(itemsOf);
const subjects = async (mailbox?: string) =>
	(await dovecot.list(NEO, mailbox)).map(({ subject }) => subject);

describe('the instant trigger on a real server', () => {
	it('delivers a mail as soon as the server tells of it, and moves it once the run has succeeded', async () => {
		const workflow = await publish('guide');
		await dovecot.deliver(NEO, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(delivered(workflow)).toMatchObject([{ payload: GUIDE_PAYLOAD, attempt: 1 }]);
		}, LIMIT);
		await vi.waitFor(async () => {
			expect(await subjects()).toEqual([]);
			expect(await subjects('AlertMagic Processed')).toEqual(['alert - Wake up Neo']);
		}, LIMIT);
		expect(proxy.traffic).toHaveLength(1);
	});

	it('delivers one mail after the other over one connection', async () => {
		const before = proxy.traffic.length;
		const workflow = await publish('many');
		for (let count = 1; count <= 5; count += 1) {
			await dovecot.deliver(NEO, GUIDE_MAIL);
			await vi.waitFor(() => {
				expect(delivered(workflow)).toHaveLength(count);
			}, LIMIT);
		}
		expect(proxy.traffic).toHaveLength(before + 1);
	});

	it('connects again after the connection was lost, and delivers what came meanwhile', async () => {
		const workflow = await publish('lost');
		await dovecot.pause();
		await dovecot.resume();
		await dovecot.deliver(NEO, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(delivered(workflow)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
		}, LIMIT);
		expect(workflow.failures).toEqual([]);
	});

	it('published again, it is closed first: a mail is delivered once, by the new one', async () => {
		const first = await publish('again');
		const second = await publish('again', {}, { activation: 'update' });
		await first.close();
		await dovecot.deliver(NEO, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(delivered(second)).toHaveLength(1);
		}, LIMIT);
		await vi.waitFor(async () => {
			expect(await subjects()).toEqual([]);
		}, LIMIT);
		expect(delivered(first)).toEqual([]);
	});

	it('closed twice, it leaves no connection and hears of no mail', async () => {
		const workflow = await publish('closed');
		await Promise.all([workflow.close(), workflow.close()]);
		await vi.waitFor(() => {
			expect(proxy.openCount).toBe(0);
		}, LIMIT);
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const next = await publish('closed-next', { startAt: 'everything' });
		await vi.waitFor(() => {
			expect(delivered(next)).toHaveLength(1);
		}, LIMIT);
		expect(delivered(workflow)).toEqual([]);
	});
});

describe('a credential that is changed while the instant trigger runs', () => {
	it('counts from the next connection on', async () => {
		const before = proxy.traffic.length;
		const data: ICredentialDataDecryptedObject = credential();
		const workflow = await engineFor(data).activate(source('changed'), TRIGGER);
		open.push(workflow);
		expect(proxy.traffic).toHaveLength(before + 1);
		data['url'] = `imaps://127.0.0.1:${String(dovecot.port)}`;
		await dovecot.pause();
		await dovecot.resume();
		await dovecot.deliver(NEO, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(delivered(workflow)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
		}, LIMIT);
		expect(proxy.traffic).toHaveLength(before + 1);
	});
});

describe('the instant trigger on a server without IDLE', () => {
	it('says so, and polls once a minute', async () => {
		const poor = await startDovecot({
			users: { [NEO]: 'secret-pw' },
			capability: 'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MOVE NAMESPACE SPECIAL-USE',
		});
		try {
			const data = credential({
				url: `imaps://127.0.0.1:${String(poor.port)}`,
				caCertificate: poor.ca,
			});
			const workflow = await engineFor(data).activate(source('poor', { health: true }), TRIGGER);
			open.push(workflow);
			const told = () => workflow.runs.flatMap((run) => outputOf(run, TRIGGER, 1));
			await vi.waitFor(() => {
				expect(told()).toMatchObject([{ json: { event: 'idleMissing', intervalSeconds: 60 } }]);
			}, LIMIT);
			await poor.deliver(NEO, GUIDE_MAIL);
			await vi.waitFor(() => {
				expect(delivered(workflow)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
			}, NEXT_POLL);
			await workflow.close();
		} finally {
			await poor.stop();
		}
	});
});

describe('publishing the instant trigger', () => {
	it('fails for the first time on a wrong password, saying whose it is', async () => {
		const before = proxy.openCount;
		const wrong = engineFor(credential({ password: 'wrong' }));
		await expect(wrong.activate(source('wrong'), TRIGGER)).rejects.toThrow(
			'127.0.0.1 rejected user name or password of neo@example.com',
		);
		await vi.waitFor(() => {
			expect(proxy.openCount).toBeLessThanOrEqual(before);
		}, LIMIT);
	});

	it('again, or by n8n itself, leaves a wrong password to a failed execution', async () => {
		const wrong = engineFor(credential({ password: 'wrong' }));
		const updating = { activation: 'update' } as const;
		const workflow = await wrong.activate(source('wrong-again'), TRIGGER, updating);
		open.push(workflow);
		await vi.waitFor(() => {
			expect(workflow.failures.map(({ message }) => message)).toEqual([
				expect.stringContaining('rejected user name or password'),
			]);
		}, LIMIT);
	});

	it('for the first time, does not fail on a server that is down', async () => {
		const down = engineFor(credential({ url: 'imaps://127.0.0.1:1' }));
		open.push(await down.activate(source('down'), TRIGGER));
	});

	it('fails on a fault of the settings, naming the field', async () => {
		const broken = source('broken', { safetyScan: 0 });
		await expect(engineFor(credential()).activate(broken, TRIGGER)).rejects.toMatchObject({
			message: 'Safety Scan is 0.',
		});
	});
});

describe('a test run of the instant trigger', () => {
	it('waits for the next matching mail, shows it and changes nothing', async () => {
		await dovecot.withClient(NEO, async (client) => {
			await client.mailboxOpen('INBOX');
			await client.messageDelete('1:*');
		});
		const before = proxy.traffic.length;
		const running = engineFor(credential()).test(source('manual'), TRIGGER);
		await vi.waitFor(() => {
			expect(proxy.traffic.length).toBeGreaterThan(before + 1);
		}, LIMIT);
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const run = await running;
		expect(itemsOf(run)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
		const [message] = await dovecot.list(NEO);
		expect(message?.flags).toEqual([]);
	});
});
