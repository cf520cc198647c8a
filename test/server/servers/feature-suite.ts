import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	IRun,
} from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestInstantTrigger } from '../../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { ImapIngestTrigger } from '../../../nodes/ImapIngest/ImapIngestTrigger.node';
import { SILENT_LOG } from '../../../nodes/core/log';
import { imapIngestApiTest } from '../../../nodes/shell/credential-test';
import { createEngine, outputOf, toChain, toNode } from '../../support/n8n/n8n-engine';
import type { ActiveWorkflow, PublishedWorkflow } from '../../support/n8n/n8n-engine';
import type { MailServer } from '../../support/servers/mail-server';
import { picked, runAction, toCredential } from '../imap-ingest-run';

const HOUR_MS = 3_600_000;
const NEO = 'neo';
/** A server without a file monitor looks for new mail once a minute itself. */
const LIMIT = { timeout: 120_000, interval: 50 };
const ODD_FOLDER = 'Störungen & erledigt/2026 日本';

/** A node that fails for one message. */
const receiver: INodeType = {
	description: {
		displayName: 'Receiver',
		name: 'receiver',
		group: ['output'],
		version: 1,
		description: 'Fails for what is poison',
		defaults: { name: 'Receiver' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const isPoison = JSON.stringify(this.getInputData()).includes('alert poison');
		return isPoison ? Promise.reject(new Error('that is poison')) : Promise.resolve([[]]);
	},
};

const toMail = (subject: string, body = 'Follow the white rabbit.') =>
	`From: Trinity <trinity@zion.com>\r\nTo: neo@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${encodeURIComponent(subject)}@zion.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;

const toRule = (cleanUp: object = { Action: 'None' }) => ({
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	Payload: {
		SubjectCaptures: ['^alert (?<name>.+)$'],
		BodyCaptures: ['the (?<colour>\\w+) rabbit'],
	},
	CleanUp: cleanUp,
});

/** The features that have to work on every server. Each test has INBOX for itself. */
export function describeServer(name: string, start: () => Promise<MailServer>): void {
	describe(name, () => {
		let server: MailServer;
		let count = 0;
		const open: ActiveWorkflow[] = [];
		beforeAll(async () => {
			server = await start();
		});
		afterAll(() => server.stop());
		beforeEach(async () => {
			count += 1;
			await server.withClient(NEO, async (client) => {
				await client.mailboxOpen('INBOX');
				await client.messageDelete('1:*', { uid: true });
			});
		});
		afterEach(async () => {
			vi.useRealTimers();
			for (const workflow of open.splice(0)) await workflow.close();
		});

		const engine = (...more: INodeType[]) =>
			createEngine({
				nodeTypes: [new ImapIngestTrigger(), new ImapIngestInstantTrigger(), ...more],
				credentialTypes: [new ImapIngestApi()],
				credentials: { imapIngestApi: toCredential(server, NEO) },
			});
		const trigger = (type: string, rule: object, options: IDataObject, mailbox = 'INBOX') =>
			toNode(
				type,
				{
					mailbox: picked(mailbox),
					rulesSource: 'json',
					rulesJson: JSON.stringify({ AlertMagic: { Ingests: [rule] } }),
					options: { startAt: 'everything', ...options },
				} as never,
				{
					id: `test-${String(count)}`,
					credentials: { imapIngestApi: { id: '1', name: 'Account' } },
				},
			);
		const POLLING = 'imapIngestTrigger';
		const publish = (
			rule: object,
			{
				options = {},
				mailbox,
				staticData = {},
			}: { options?: IDataObject; mailbox?: string; staticData?: IDataObject } = {},
		): PublishedWorkflow =>
			engine().publish(
				{ nodes: [trigger(POLLING, rule, options, mailbox)], connections: {} },
				POLLING,
				{ staticData },
			);
		const watch = async (rule: object): Promise<ActiveWorkflow> => {
			const type = 'imapIngestInstantTrigger';
			const source = { nodes: [trigger(type, rule, { startAt: 'newMail' })], connections: {} };
			const workflow = await engine().activate(source, type);
			open.push(workflow);
			return workflow;
		};
		const names = (runs: readonly IRun[], type = POLLING) =>
			runs.flatMap((run) =>
				outputOf(run, type).map(({ json }) => (json['payload'] as IDataObject)['name']),
			);
		const watched = ({ runs }: ActiveWorkflow) => names(runs, 'imapIngestInstantTrigger');
		const subjects = async (mailbox?: string) => {
			const paths = await server.listMailboxes(NEO);
			const path = paths.find((candidate) =>
				candidate.replaceAll('.', '/').endsWith(mailbox ?? 'INBOX'),
			);
			return path === undefined ? [] : (await server.list(NEO, path)).map(({ subject }) => subject);
		};
		const act = (parameters: IDataObject, items?: readonly IDataObject[]) =>
			runAction(server, NEO, { parameters, ...(items !== undefined && { items }) });

		it('passes the test of the credential, and refuses a wrong password', async () => {
			const test = (data: object) =>
				imapIngestApiTest.call(
					{ logger: SILENT_LOG },
					{
						id: '1',
						name: 'Account',
						type: 'imapIngestApi',
						data: { ...toCredential(server, NEO), ...data },
					},
				);
			expect(await test({})).toMatchObject({ status: 'OK' });
			expect(await test({ password: 'blue-pill' })).toMatchObject({ status: 'Error' });
		});

		it('shows a test event and changes nothing', async () => {
			await server.deliver(NEO, toMail('alert one'));
			const source = { nodes: [trigger(POLLING, toRule(), {})], connections: {} };
			const run = await engine().test(source, POLLING);
			expect(names([run])).toEqual(['one']);
			expect((await server.list(NEO))[0]?.flags).toEqual([]);
		});

		it('delivers mail once with what was captured, also after a crash', async () => {
			const workflow = publish(toRule());
			await server.deliver(NEO, toMail('alert one'));
			await server.deliver(NEO, toMail('nothing'));
			const [run] = await workflow.tick();
			expect(run && outputOf(run, POLLING).map(({ json }) => json['payload'])).toEqual([
				expect.objectContaining({ name: 'one', colour: 'white' }),
			]);
			await server.deliver(NEO, toMail('alert two'));
			expect(names(await workflow.tick())).toEqual(['two']);
			expect(names(await workflow.tick())).toEqual([]);
			// What n8n has not stored is on the server.
			expect(names(await publish(toRule()).tick())).toEqual([]);
		});

		it.each<[string, object, string[]]>([
			['marks as read', { Action: 'MarkAsRead' }, ['\\Seen']],
			['flags', { Action: 'Flag' }, ['\\Flagged']],
		])('%s what was delivered', async (_, cleanUp, flags) => {
			await server.deliver(NEO, toMail('alert one'));
			const workflow = publish(toRule(cleanUp));
			await workflow.tick();
			await workflow.tick();
			const [message] = await server.list(NEO);
			expect(message?.flags).toEqual(expect.arrayContaining(flags));
		});

		it.each(['Alerts Done', ODD_FOLDER])('moves to "%s", which is made', async (folder) => {
			await server.deliver(NEO, toMail(`alert for ${String(count)}`));
			const workflow = publish(toRule({ Action: 'MoveToFolder', Folder: folder }));
			await workflow.tick();
			await workflow.tick();
			expect(await subjects()).toEqual([]);
			expect(await subjects(folder)).toEqual([`alert for ${String(count)}`]);
		});

		it('deletes what was delivered, and nothing else that is marked as deleted', async () => {
			await server.deliver(NEO, toMail('alert one'));
			await server.deliver(NEO, toMail('another'), { flags: ['\\Deleted'] });
			await server.deliver(NEO, toMail('alert deleted by hand'), { flags: ['\\Deleted'] });
			const workflow = publish(toRule({ Action: 'Delete' }));
			expect(names(await workflow.tick())).toEqual(['one']);
			await workflow.tick();
			expect(await subjects()).toEqual(['another', 'alert deleted by hand']);
		});

		it('puts what always fails into quarantine, from where it can be replayed', async () => {
			vi.useFakeTimers({ toFake: ['Date'] });
			const quarantine = `Quarantine ${String(count)}`;
			const source = {
				nodes: [
					trigger(POLLING, toRule(), { quarantine }),
					toNode('receiver', {}, { name: 'Receiver' }),
				],
				connections: toChain(POLLING, 'Receiver'),
			};
			const workflow = engine(receiver).publish(source, POLLING);
			await server.deliver(NEO, toMail('alert poison'));
			for (let poll = 0; poll < 12; poll += 1) {
				await server.deliver(NEO, toMail(`alert good ${String(poll)}`));
				await workflow.tick();
				vi.setSystemTime(Date.now() + HOUR_MS);
			}
			expect(await subjects(quarantine)).toEqual(['alert poison']);
			expect(await subjects()).not.toContain('alert poison');
			await act({ operation: 'move', folder: picked('INBOX') }, await found(quarantine));
			expect(await subjects(quarantine)).toEqual([]);
			expect(names(await publish(toRule()).tick())).toContain('poison');
		});

		const found = async (mailbox: string) =>
			(await act({ operation: 'search', mailbox: picked(mailbox), returnAll: true })).map(
				({ json }) => json,
			);

		it('finds, reads, flags, copies and counts messages by action', async () => {
			await server.deliver(NEO, toMail('alert one', 'knock knock'));
			await server.deliver(NEO, toMail('=?utf-8?Q?St=C3=B6rung?= zwei', 'Grüße'));
			const search = async (parameters: IDataObject) =>
				(
					await act({
						operation: 'search',
						mailbox: picked('INBOX'),
						returnAll: true,
						...parameters,
					})
				).map(
					({ json }) =>
						json['subject'] ?? (json['message'] as IDataObject | undefined)?.['subject'],
				);
			expect(await search({})).toEqual(['Störung zwei', 'alert one']);
			const items = await found('INBOX');
			const [read] = await act({ operation: 'get' }, items.slice(1));
			expect(JSON.stringify(read?.json)).toContain('knock knock');
			await act({ operation: 'markRead' }, items.slice(1));
			await act({ operation: 'copy', folder: picked(`Copies ${String(count)}`) }, items);
			expect(await subjects(`Copies ${String(count)}`)).toHaveLength(2);
			expect((await server.list(NEO)).filter(({ flags }) => flags.includes('\\Seen'))).toHaveLength(
				1,
			);
			const [status] = await act({
				resource: 'mailbox',
				operation: 'status',
				mailbox: picked('INBOX'),
			});
			expect(status?.json).toMatchObject({ messages: 2 });
		});

		it('finds its way when the mailbox is made anew', async () => {
			const mailbox = `Anew ${String(count)}`;
			const create = () => server.withClient(NEO, (client) => client.mailboxCreate(mailbox));
			const put = async (subject: string) => {
				await server.deliver(NEO, toMail(subject));
				await act({ operation: 'move', folder: picked(mailbox) }, await found('INBOX'));
			};
			await create();
			const workflow = publish(toRule(), { mailbox });
			await put('alert one');
			expect(names(await workflow.tick())).toEqual(['one']);
			const uidValidity = () =>
				server.withClient(NEO, async (client) => {
					const status = await client.status(mailbox, { uidValidity: true });
					return status === false ? undefined : status.uidValidity;
				});
			const before = await uidValidity();
			// On some servers it is the second of the creation.
			await vi.waitFor(async () => {
				await server.withClient(NEO, (client) => client.mailboxDelete(mailbox));
				await create();
				expect(await uidValidity()).not.toBe(before);
			}, LIMIT);
			await put('alert two');
			expect(names(await workflow.tick())).toContain('two');
		});

		it('delivers new mail after it was restored from a backup', async () => {
			const workflow = publish(toRule());
			await server.deliver(NEO, toMail('alert one'));
			await workflow.tick();
			await server.pause();
			await server.backUp();
			await server.resume();
			for (const name of ['two', 'three', 'four'])
				await server.deliver(NEO, toMail(`alert ${name}`));
			expect(names(await workflow.tick())).toEqual(['two', 'three', 'four']);
			await server.pause();
			await server.restore();
			await server.resume();
			await server.deliver(NEO, toMail('alert five'));
			const after = [...names(await tickPatiently(workflow)), ...names(await workflow.tick())];
			expect(after).toContain('five');
		});

		it('tells the instant trigger of mail, also after a restart', async () => {
			const workflow = await watch(
				toRule({ Action: 'MoveToFolder', Folder: `Instant ${String(count)}` }),
			);
			await server.deliver(NEO, toMail('alert one'));
			await vi.waitFor(() => {
				expect(watched(workflow)).toEqual(['one']);
			}, LIMIT);
			await server.pause();
			await server.resume();
			await server.deliver(NEO, toMail('alert two'));
			await vi.waitFor(async () => {
				expect(watched(workflow)).toEqual(['one', 'two']);
				expect(await subjects()).toEqual([]);
			}, LIMIT);
		});
	});
}

/** The first poll after a restart may find its old connection gone. */
async function tickPatiently(workflow: PublishedWorkflow): Promise<IRun[]> {
	return await workflow.tick().catch(() => workflow.tick());
}
