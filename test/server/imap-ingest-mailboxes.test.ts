import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { ImapIngest } from '../../nodes/ImapIngest/ImapIngest.node';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { toNode } from '../support/n8n/n8n-engine';
import { createStrictContext } from '../support/n8n/strict-context';
import { findItems, PASSWORD, picked, runAction, toCredential, toMail } from './imap-ingest-run';

const USERS = Array.from({ length: 20 }, (_, index) => `user${String(index)}@example.com`);
const DAY_MS = 86_400_000;

let dovecot: Dovecot;
let user: string;

beforeAll(async () => {
	dovecot = await startDovecot({
		users: Object.fromEntries(USERS.map((name) => [name, PASSWORD])),
	});
});
afterAll(() => dovecot.stop());
beforeEach(() => {
	const next = USERS.pop();
	if (next === undefined) throw new Error('More tests than users');
	user = next;
});

const act = async (parameters: IDataObject, items: readonly IDataObject[] = [{}]) =>
	(
		await runAction(dovecot, user, { items, parameters: { resource: 'mailbox', ...parameters } })
	).map(({ json }) => json);
const subjectsOf = async (mailbox?: string) =>
	(await dovecot.list(user, mailbox)).map(({ subject }) => subject);

describe('mailboxes', () => {
	it('lists them with their special use', async () => {
		await dovecot.deliver(user, toMail('one'), { mailbox: 'Alerts' });
		const mailboxes = await act({ operation: 'list' });
		expect(mailboxes).toContainEqual({ mailbox: 'INBOX', specialUse: '\\Inbox' });
		expect(mailboxes).toContainEqual({ mailbox: 'Alerts', specialUse: null });
	});

	it('creates one below another, and says when it was there already', async () => {
		const parameters = { operation: 'create', name: 'Alerts/Größe' };
		expect(await act(parameters)).toEqual([{ mailbox: 'Alerts/Größe', created: true }]);
		expect(await act(parameters)).toEqual([{ mailbox: 'Alerts/Größe', created: false }]);
		expect(await dovecot.listMailboxes(user)).toContain('Alerts/Größe');
	});

	it.each([
		['nothing', '={{ $json.nothing }}', 'Name is empty.'],
		['two lines', 'A\r\nB', 'Name is "A\\r\\nB".'],
	])('refuses to create %s', async (_case, name, message) => {
		await expect(act({ operation: 'create', name })).rejects.toThrow(message);
	});

	it('counts all and unread messages', async () => {
		await dovecot.deliver(user, toMail('one'), { flags: ['\\Seen'] });
		await dovecot.deliver(user, toMail('two'));
		expect(await act({ operation: 'status', mailbox: picked('INBOX') })).toEqual([
			{
				mailbox: 'INBOX',
				messages: 2,
				unread: 1,
				uidNext: 3,
				uidValidity: expect.stringMatching(/^\d+$/) as unknown,
			},
		]);
	});

	it('says which mailbox is missing', async () => {
		await expect(act({ operation: 'status', mailbox: picked('No Such') })).rejects.toThrow(
			/no mailbox "No Such"/,
		);
	});
});

describe('deleting old messages', () => {
	const sweep = (folder: string, more: IDataObject = {}) =>
		act({ operation: 'retention', folder: picked(folder), days: 1, ...more });

	it('deletes nothing that was put there today, however old the message is', async () => {
		const internalDate = new Date(Date.now() - 400 * DAY_MS);
		await dovecot.deliver(user, toMail('old'), { mailbox: 'Processed', internalDate });
		expect(await sweep('Processed')).toEqual([
			{ mailbox: 'Processed', days: 1, deleted: 0, basis: 'saveDate' },
		]);
		expect(await subjectsOf('Processed')).toEqual(['old']);
	});

	it('has nothing to delete while the folder does not exist', async () => {
		expect(await sweep('Processed')).toMatchObject([{ deleted: 0 }]);
	});

	it.each([
		['the watched mailbox', 'Alerts', { watched: picked('Alerts') }],
		['INBOX', 'inbox', { watched: picked('Drafts') }],
		['a mailbox with a special use', 'Trash', {}],
	])('refuses %s', async (_case, folder, more) => {
		await dovecot.deliver(user, toMail('one'), { mailbox: 'Alerts' });
		await dovecot.withClient(user, async (client) => {
			await client.mailboxCreate('Drafts');
			await client.mailboxCreate('Trash');
		});
		await expect(sweep(folder, more)).rejects.toThrow(
			`"${folder}" is a mailbox that retention never empties.`,
		);
	});

	it.each([0, 1.5, -3])('refuses %d days', async (days) => {
		await expect(sweep('Processed', { days })).rejects.toThrow(/Older Than \(Days\)/);
	});
});

describe('deleting old messages on a server that does not say when they were put there', () => {
	const today = Math.floor(Date.now() / DAY_MS);

	/** Runs the operation with what the node remembers; gives its item and what it remembers afterwards. */
	const sweep = async (server: Dovecot, memory: IDataObject) => {
		const node = toNode('imapIngest');
		const parameters: IDataObject = {
			resource: 'mailbox',
			operation: 'retention',
			folder: 'Processed',
			watched: 'INBOX',
			days: 1,
		};
		const context = createStrictContext<IExecuteFunctions>({
			getInputData: () => [{ json: {} }],
			getNode: () => node,
			getMode: () => 'manual',
			helpers: {} as IExecuteFunctions['helpers'],
			logger: SILENT_LOG,
			getNodeParameter: (name: string) => parameters[name] as never,
			getCredentials: <Fields>() => Promise.resolve(toCredential(server, user) as Fields),
			getWorkflowStaticData: (scope) => (scope === 'node' ? memory : {}),
		});
		const output = await new ImapIngest().execute.call(context);
		return output[0]?.map(({ json }) => json);
	};

	it('deletes what it saw there long enough ago, and remembers how far the folder is filled', async () => {
		const capability = 'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MOVE';
		const poorer = await startDovecot({ users: { [user]: PASSWORD }, capability });
		try {
			for (const subject of ['one', 'two', 'three']) {
				await poorer.deliver(user, toMail(subject), { mailbox: 'Processed' });
			}
			const first: IDataObject = {};
			expect(await sweep(poorer, first)).toEqual([
				{ mailbox: 'Processed', days: 1, deleted: 0, basis: 'marks' },
			]);
			const { uidValidity } = (first['retention'] as { Processed: IDataObject }).Processed;
			expect(first).toEqual({
				retention: { Processed: { uidValidity, marks: [{ day: today, uidNext: 4 }] } },
			});
			const marks = [{ day: today - 2, uidNext: 3 }];
			expect(await sweep(poorer, { retention: { Processed: { uidValidity, marks } } })).toEqual([
				{ mailbox: 'Processed', days: 1, deleted: 2, basis: 'marks' },
			]);
			const left = await poorer.list(user, 'Processed');
			expect(left.map(({ subject }) => subject)).toEqual(['three']);
		} finally {
			await poorer.stop();
		}
	});
});

describe('the quarantine', () => {
	const QUARANTINE = 'Ingest Quarantine';

	it('is empty while it does not exist', async () => {
		expect(await act({ operation: 'quarantineList' })).toEqual([]);
	});

	it('lists its messages and moves them back as new ones for the trigger', async () => {
		const why = '$IngestQuarantined_executionFailed';
		const flags = ['$IngestDone', '$IngestDone_12345678', why, '$Other'];
		await dovecot.deliver(user, toMail('one'), { mailbox: QUARANTINE, flags });
		await dovecot.deliver(user, toMail('two'), { mailbox: QUARANTINE });
		const items = await act({ operation: 'quarantineList' });
		const today = new Date().toISOString().slice(0, 10);
		const at = expect.stringContaining(today) as unknown;
		expect(items).toMatchObject([
			{ message: { subject: 'two' }, quarantine: { reason: null, at } },
			{ message: { subject: 'one' }, quarantine: { reason: 'executionFailed', at } },
		]);
		const replayed = await act({ operation: 'quarantineReplay' }, items.slice(1));
		expect(replayed).toMatchObject([
			{ action: { operation: 'quarantineReplay', done: true, folder: 'INBOX' } },
		]);
		expect(await subjectsOf(QUARANTINE)).toEqual(['two']);
		expect(await dovecot.list(user)).toMatchObject([{ subject: 'one', flags: ['$Other'] }]);
	});

	it('does not take a message that lies in the watched mailbox for a quarantined one', async () => {
		await dovecot.deliver(user, toMail('one'));
		const items = await findItems(dovecot, user);
		await expect(act({ operation: 'quarantineReplay' }, items)).rejects.toThrow(
			/is the mailbox the messages lie in/,
		);
		expect(await subjectsOf()).toEqual(['one']);
	});
});
