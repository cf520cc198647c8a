import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { imapIngestApiTest } from '../../../nodes/shell/credential-test';
import { outputOf, toChain, toNode } from '../../support/n8n/n8n-engine';
import type { MailServer } from '../../support/servers/mail-server';
import { picked, toCredential } from '../imap-ingest-run';
import { describeReach } from './reach-suite';
import { LIMIT, NEO, POLLING, ServerSite, tickPatiently, toMail, toRule } from './site';

const HOUR_MS = 3_600_000;
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

/** The features that have to work on every server. Each test has INBOX for itself. */
export function describeServer(name: string, start: () => Promise<MailServer>): void {
	describe(name, () => {
		const site = new ServerSite();
		beforeAll(() => site.start(start));
		afterAll(() => site.stop());
		beforeEach(() => site.begin());
		afterEach(() => site.end());

		describeReach(site);

		it('passes the test of the credential, and refuses a wrong password', async () => {
			const test = (data: object) =>
				imapIngestApiTest.call(
					{ logger: SILENT_LOG },
					{
						id: '1',
						name: 'Account',
						type: 'imapIngestApi',
						data: { ...toCredential(site.server, NEO), ...data },
					},
				);
			expect(await test({})).toMatchObject({ status: 'OK' });
			expect(await test({ password: 'blue-pill' })).toMatchObject({ status: 'Error' });
		});

		it('shows a test event and changes nothing', async () => {
			await site.server.deliver(NEO, toMail('alert one'));
			const source = { nodes: [site.trigger(POLLING, toRule(), {})], connections: {} };
			const run = await site.engine().test(source, POLLING);
			expect(site.names([run])).toEqual(['one']);
			expect((await site.server.list(NEO))[0]?.flags).toEqual([]);
		});

		it('delivers mail once with what was captured, also after a crash', async () => {
			const workflow = site.publish(toRule());
			await site.server.deliver(NEO, toMail('alert one'));
			await site.server.deliver(NEO, toMail('nothing'));
			const [run] = await workflow.tick();
			expect(run && outputOf(run, POLLING).map(({ json }) => json['payload'])).toEqual([
				expect.objectContaining({ name: 'one', colour: 'white' }),
			]);
			await site.server.deliver(NEO, toMail('alert two'));
			expect(site.names(await workflow.tick())).toEqual(['two']);
			expect(site.names(await workflow.tick())).toEqual([]);
			// What n8n has not stored is on the site.server.
			expect(site.names(await site.publish(toRule()).tick())).toEqual([]);
		});

		it.each<[string, object, string[]]>([
			['marks as read', { Action: 'MarkAsRead' }, ['\\Seen']],
			['flags', { Action: 'Flag' }, ['\\Flagged']],
		])('%s what was delivered', async (_, cleanUp, flags) => {
			await site.server.deliver(NEO, toMail('alert one'));
			const workflow = site.publish(toRule(cleanUp));
			await workflow.tick();
			await workflow.tick();
			const [message] = await site.server.list(NEO);
			expect(message?.flags).toEqual(expect.arrayContaining(flags));
		});

		it.each(['Alerts Done', ODD_FOLDER])('moves to "%s", which is made', async (folder) => {
			await site.server.deliver(NEO, toMail(`alert for ${String(site.count)}`));
			const workflow = site.publish(toRule({ Action: 'MoveToFolder', Folder: folder }));
			await workflow.tick();
			await workflow.tick();
			expect(await site.subjects()).toEqual([]);
			expect(await site.subjects(folder)).toEqual([`alert for ${String(site.count)}`]);
		});

		it('deletes what was delivered, and nothing else that is marked as deleted', async () => {
			await site.server.deliver(NEO, toMail('alert one'));
			await site.server.deliver(NEO, toMail('another'), { flags: ['\\Deleted'] });
			await site.server.deliver(NEO, toMail('alert deleted by hand'), { flags: ['\\Deleted'] });
			const workflow = site.publish(toRule({ Action: 'Delete' }));
			expect(site.names(await workflow.tick())).toEqual(['one']);
			await workflow.tick();
			expect(await site.subjects()).toEqual(['another', 'alert deleted by hand']);
		});

		it('puts what always fails into quarantine, from where it can be replayed', async () => {
			vi.useFakeTimers({ toFake: ['Date'] });
			const quarantine = `Quarantine ${String(site.count)}`;
			const source = {
				nodes: [
					site.trigger(POLLING, toRule(), { quarantine }),
					toNode('receiver', {}, { name: 'Receiver' }),
				],
				connections: toChain(POLLING, 'Receiver'),
			};
			const workflow = site.engine(receiver).publish(source, POLLING);
			await site.server.deliver(NEO, toMail('alert poison'));
			for (let poll = 0; poll < 12; poll += 1) {
				await site.server.deliver(NEO, toMail(`alert good ${String(poll)}`));
				await workflow.tick();
				vi.setSystemTime(Date.now() + HOUR_MS);
			}
			expect(await site.subjects(quarantine)).toEqual(['alert poison']);
			expect(await site.subjects()).not.toContain('alert poison');
			await site.act({ operation: 'move', folder: picked('INBOX') }, await site.find(quarantine));
			expect(await site.subjects(quarantine)).toEqual([]);
			expect(site.names(await site.publish(toRule()).tick())).toContain('poison');
		});

		it('finds, reads, flags, copies and counts messages by action', async () => {
			await site.server.deliver(NEO, toMail('alert one', 'knock knock'));
			await site.server.deliver(NEO, toMail('=?utf-8?Q?St=C3=B6rung?= zwei', 'Grüße'));
			const search = async (parameters: IDataObject) =>
				(
					await site.act({
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
			const items = await site.find('INBOX');
			const [read] = await site.act({ operation: 'get' }, items.slice(1));
			expect(JSON.stringify(read?.json)).toContain('knock knock');
			await site.act({ operation: 'markRead' }, items.slice(1));
			await site.act({ operation: 'copy', folder: picked(`Copies ${String(site.count)}`) }, items);
			expect(await site.subjects(`Copies ${String(site.count)}`)).toHaveLength(2);
			expect(
				(await site.server.list(NEO)).filter(({ flags }) => flags.includes('\\Seen')),
			).toHaveLength(1);
			const [status] = await site.act({
				resource: 'mailbox',
				operation: 'status',
				mailbox: picked('INBOX'),
			});
			expect(status?.json).toMatchObject({ messages: 2 });
		});

		it('finds its way when the mailbox is made anew', async () => {
			const mailbox = `Anew ${String(site.count)}`;
			const create = () => site.server.withClient(NEO, (client) => client.mailboxCreate(mailbox));
			const put = async (subject: string) => {
				await site.server.deliver(NEO, toMail(subject));
				await site.act({ operation: 'move', folder: picked(mailbox) }, await site.find('INBOX'));
			};
			await create();
			const workflow = site.publish(toRule(), { mailbox });
			await put('alert one');
			expect(site.names(await workflow.tick())).toEqual(['one']);
			const uidValidity = () =>
				site.server.withClient(NEO, async (client) => {
					const status = await client.status(mailbox, { uidValidity: true });
					return status === false ? undefined : status.uidValidity;
				});
			const before = await uidValidity();
			// On some servers it is the second of the creation.
			await vi.waitFor(async () => {
				await site.server.withClient(NEO, (client) => client.mailboxDelete(mailbox));
				await create();
				expect(await uidValidity()).not.toBe(before);
			}, LIMIT);
			await put('alert two');
			expect(site.names(await workflow.tick())).toContain('two');
		});

		it('delivers new mail after it was restored from a backup', async () => {
			const workflow = site.publish(toRule());
			await site.server.deliver(NEO, toMail('alert one'));
			await workflow.tick();
			await site.server.pause();
			await site.server.backUp();
			await site.server.resume();
			for (const name of ['two', 'three', 'four'])
				await site.server.deliver(NEO, toMail(`alert ${name}`));
			expect(site.names(await workflow.tick())).toEqual(['two', 'three', 'four']);
			await site.server.pause();
			await site.server.restore();
			await site.server.resume();
			await site.server.deliver(NEO, toMail('alert five'));
			const after = [
				...site.names(await tickPatiently(workflow)),
				...site.names(await workflow.tick()),
			];
			expect(after).toContain('five');
		});

		it('tells the instant trigger of mail, also after a restart', async () => {
			const workflow = await site.watch(
				toRule({ Action: 'MoveToFolder', Folder: `Instant ${String(site.count)}` }),
			);
			await site.server.deliver(NEO, toMail('alert one'));
			await vi.waitFor(() => {
				expect(site.watched(workflow)).toEqual(['one']);
			}, LIMIT);
			await site.server.pause();
			await site.server.resume();
			await site.server.deliver(NEO, toMail('alert two'));
			await vi.waitFor(async () => {
				expect(site.watched(workflow)).toEqual(['one', 'two']);
				expect(await site.subjects()).toEqual([]);
			}, LIMIT);
		});
	});
}
