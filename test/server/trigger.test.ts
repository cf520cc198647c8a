import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeType,
	IRun,
} from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { GUIDE_CONFIGURATION, GUIDE_MAIL, GUIDE_PAYLOAD } from '../support/guide-example';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import type { PublishedWorkflow } from '../support/n8n/n8n-engine';

const NEO = 'neo@example.com';
const RULES_JSON = JSON.stringify({
	AlertMagic: (JSON.parse(GUIDE_CONFIGURATION) as { AlertMagic: unknown }).AlertMagic,
});

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [NEO]: 'secret-pw', 'smith@example.com': 'other-pw' } });
});
afterAll(async () => {
	await dovecot.stop();
});

function credential(more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	return {
		url: `imaps://${dovecot.host}:${String(dovecot.port)}`,
		authentication: 'password',
		username: NEO,
		password: 'secret-pw',
		caCertificate: dovecot.ca,
		...more,
	};
}

const engineFor = (data: ICredentialDataDecryptedObject, ...more: INodeType[]) =>
	createEngine({
		nodeTypes: [new ImapIngestTrigger(), ...more],
		credentialTypes: [new ImapIngestApi()],
		credentials: { imapIngestApi: data },
	});

const trigger = (id: string, options: object = {}, parameters: INode['parameters'] = {}) =>
	toNode(
		'imapIngestTrigger',
		{
			mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
			rulesSource: 'json',
			rulesJson: RULES_JSON,
			options: { startAt: 'everything', ...options },
			...parameters,
		},
		{ id, credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
	);

const publish = (
	id: string,
	options: object = {},
	staticData: IDataObject = {},
	parameters: INode['parameters'] = {},
): PublishedWorkflow =>
	engineFor(credential()).publish(
		{ nodes: [trigger(id, options, parameters)], connections: {} },
		'imapIngestTrigger',
		{ staticData },
	);

/** What n8n would read back from its database; in memory it is an observed proxy. */
const copyOf = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

const itemsOf = (run: IRun | undefined): unknown[] =>
	run === undefined ? [] : outputOf(run, 'imapIngestTrigger').map(({ json }) => json);

const subjects = async (mailbox?: string): Promise<unknown[]> =>
	(await dovecot.list(NEO, mailbox)).map(({ subject }) => subject);

describe('the polling trigger on a real server', () => {
	it("turns the guide's mail into the guide's payload and moves it once the run has succeeded", async () => {
		const uid = await dovecot.deliver(NEO, GUIDE_MAIL);
		const workflow = publish('guide');
		const [run] = await workflow.tick();
		expect(itemsOf(run)).toMatchObject([
			{
				id: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
				rule: 'Knock Knock',
				payload: GUIDE_PAYLOAD,
				message: {
					account: `${NEO}@${dovecot.host}`,
					mailbox: 'INBOX',
					uid,
					messageId: '<knock-knock@zion.com>',
					from: ['trinity@zion.com'],
					to: [NEO],
					subject: 'alert - Wake up Neo',
					date: '2026-11-23T03:00:00.000Z',
					attachments: [],
				},
				attempt: 1,
			},
		]);
		await workflow.tick();
		expect(await subjects('AlertMagic Processed')).toEqual(['alert - Wake up Neo']);
		expect(await subjects()).toEqual([]);
		expect(JSON.stringify(itemsOf(run))).not.toMatch(/yyy|xxx|azurewebsites/);
	});

	it('shows the newest matching message to a manual test and changes nothing', async () => {
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const run = await engineFor(credential()).test(
			{ nodes: [trigger('manual')], connections: {} },
			'imapIngestTrigger',
		);
		expect(itemsOf(run)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
		const [message] = await dovecot.list(NEO);
		expect(message?.flags ?? []).not.toContain('\\Seen');
	});
});

describe('an outage of the server', () => {
	it('is raised once, ends quietly, and the mail that came meanwhile is delivered', async () => {
		const workflow = publish('outage', { startAt: 'newMail' });
		await workflow.tick();
		await dovecot.pause();
		expect(await workflow.tick()).toEqual([]);
		await expect(workflow.tick()).rejects.toThrow(/Nothing answers/);
		expect(await workflow.tick()).toEqual([]);
		await dovecot.resume();
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const [run] = await workflow.tick();
		expect(itemsOf(run)).toMatchObject([{ payload: GUIDE_PAYLOAD }]);
	});
});

describe('after a restart of n8n', () => {
	it('goes on where it stopped: nothing is delivered twice or left out', async () => {
		const before = publish('restart', { startAt: 'newMail' });
		await before.tick();
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const saved = copyOf(before.staticData);
		// Another node id stands for another process: nothing is left in memory.
		const after = publish('restart-2', {}, saved);
		const [run] = await after.tick();
		expect(itemsOf(run)).toHaveLength(1);
		const again = publish('restart-3', {}, copyOf(after.staticData));
		expect(await again.tick()).toEqual([]);
	});
});

describe('what succeeded and stays in the mailbox', () => {
	it('is remembered on the server, so that a restart does not deliver it again', async () => {
		const rules = JSON.stringify([
			{ Name: 'Read', Filter: { Subject: '^ticket' }, CleanUp: { Action: 'MarkAsRead' } },
		]);
		await dovecot.deliver(NEO, GUIDE_MAIL.replace('alert - Wake', 'ticket - Wake'));
		const workflow = publish('kept', {}, {}, { rulesJson: rules });
		const [run] = await workflow.tick();
		expect(itemsOf(run)).toHaveLength(1);
		await workflow.tick();
		const ticket = (await dovecot.list(NEO)).find(({ subject }) => subject?.startsWith('ticket'));
		expect(ticket?.flags).toContain('\\Seen');
		expect([...(ticket?.flags ?? [])].some((flag) => flag.startsWith('$IngestDone_'))).toBe(true);
	});
});

describe('the output "Health"', () => {
	const eventsOf = (run: IRun | undefined): unknown[] =>
		run === undefined ? [] : outputOf(run, 'imapIngestTrigger', 1).map(({ json }) => json);

	it('shows a sign of life and tells of an outage and its end', async () => {
		const workflow = publish('health', { startAt: 'newMail', health: true, heartbeat: 'daily' });
		const [alive, ...others] = await workflow.tick();
		expect(others).toEqual([]);
		expect(eventsOf(alive)).toMatchObject([{ event: 'heartbeat', severity: 'info', pending: 0 }]);
		await dovecot.pause();
		await workflow.tick();
		await expect(workflow.tick()).rejects.toThrow(/Nothing answers/);
		await dovecot.resume();
		const runs = await workflow.tick();
		expect(runs.flatMap(eventsOf)).toMatchObject([
			{ event: 'unreachable', severity: 'error', code: 'connection-refused', mailbox: 'INBOX' },
			{ event: 'recovered', severity: 'info', failedPolls: 2 },
		]);
	});
});
