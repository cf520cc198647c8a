import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { findItems, PASSWORD, picked, runAction, toMail } from './imap-ingest-run';
import type { ActionRun } from './imap-ingest-run';

const KEYWORD = '$IngestDone';
const USERS = Array.from({ length: 40 }, (_, index) => `user${String(index)}@example.com`);

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

const act = (setting: ActionRun) => runAction(dovecot, user, setting);
const deliver = async (...subjects: readonly string[]): Promise<void> => {
	for (const subject of subjects) await dovecot.deliver(user, toMail(subject));
};
/** Items in the order of delivery, with what a trigger adds. */
const itemsOf = async (mailbox?: string): Promise<IDataObject[]> =>
	[...(await findItems(dovecot, user, mailbox))]
		.reverse()
		.map((item) => ({ ...item, rule: 'Knock Knock', payload: { spoon: 'false' } }));
const flagsOf = async (mailbox?: string) =>
	(await dovecot.list(user, mailbox)).map(({ flags }) => flags);
const subjectsOf = async (mailbox?: string) =>
	(await dovecot.list(user, mailbox)).map(({ subject }) => subject);
const withMessage = (item: IDataObject | undefined, more: IDataObject): IDataObject => ({
	...item,
	message: { ...(item?.['message'] as IDataObject), ...more },
});

describe('flags', () => {
	it.each([
		['markRead', [], ['\\Seen']],
		['markUnread', ['\\Seen'], []],
		['flag', [], ['\\Flagged']],
		['unflag', ['\\Flagged', '\\Seen'], ['\\Seen']],
	])('%s touches the message of the item only', async (operation, before, after) => {
		await dovecot.deliver(user, toMail('one'), { flags: before });
		await dovecot.deliver(user, toMail('two'), { flags: before });
		const items = await itemsOf();
		const output = await act({ items: items.slice(1), parameters: { operation } });
		expect(await flagsOf()).toEqual([before, after]);
		expect(output).toEqual([
			{ json: { ...items[1], action: { operation, done: true } }, pairedItem: { item: 0 } },
		]);
	});
});

describe('moving, copying and deleting', () => {
	it('moves messages into folders that did not exist', async () => {
		await deliver('one', 'two', 'three');
		const [one, two, three] = await itemsOf();
		const items = [
			{ ...one, folder: 'Done/This Year' },
			{ ...two, folder: 'Done/This Year' },
			{ ...three, folder: 'Lärm' },
		];
		const output = await act({
			items,
			parameters: { operation: 'move', folder: '={{ $json.folder }}' },
		});
		expect(await subjectsOf()).toEqual([]);
		expect(await subjectsOf('Done/This Year')).toEqual(['one', 'two']);
		expect(await subjectsOf('Lärm')).toEqual(['three']);
		expect(output.map(({ json }) => json['action'])).toMatchObject([
			{ folder: 'Done/This Year' },
			{ folder: 'Done/This Year' },
			{ folder: 'Lärm' },
		]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('copies and leaves the original where it is', async () => {
		await deliver('one', 'two');
		const items = await itemsOf();
		await act({
			items: items.slice(0, 1),
			parameters: { operation: 'copy', folder: picked('Copies') },
		});
		expect(await subjectsOf()).toEqual(['one', 'two']);
		expect(await subjectsOf('Copies')).toEqual(['one']);
	});

	it('deletes the message of the item and no other, also not one marked as deleted', async () => {
		await deliver('one', 'two');
		await dovecot.deliver(user, toMail('three'), { flags: ['\\Deleted'] });
		const items = await itemsOf();
		await act({ items: items.slice(0, 1), parameters: { operation: 'delete' } });
		expect(await subjectsOf()).toEqual(['two', 'three']);
	});

	it.each(['move', 'copy'])(
		'refuses to %s to the mailbox the message lies in',
		async (operation) => {
			await deliver('one');
			const items = await itemsOf();
			await expect(
				act({ items, parameters: { operation, folder: picked('inbox') } }),
			).rejects.toThrow(/is the mailbox the messages lie in/);
			expect(await subjectsOf()).toEqual(['one']);
		},
	);

	it('refuses a folder that is empty', async () => {
		await deliver('one');
		const items = await itemsOf();
		await expect(
			act({ items, parameters: { operation: 'move', folder: '={{ $json.nothing }}' } }),
		).rejects.toMatchObject({ message: 'Folder is empty.', description: /Choose a mailbox/ });
	});
});

const CONFIGURATION = JSON.stringify({
	AlertMagic: {
		Ingests: [
			{ Name: 'Knock Knock', CleanUp: { Action: 'MoveToFolder', Folder: 'Processed' } },
			{ Name: 'Keep', CleanUp: { Action: 'None' } },
			{ Name: 'Read', CleanUp: { Action: 'MarkAsRead' } },
		],
	},
});
const credential = { configuration: CONFIGURATION };

describe('clean-up', () => {
	it('does what the rule of each item says', async () => {
		await deliver('move', 'keep', 'read');
		const [move, keep, read] = await itemsOf();
		const items = [move ?? {}, { ...keep, rule: 'Keep' }, { ...read, rule: 'Read' }];
		await act({ items, credential, parameters: { operation: 'cleanUp' } });
		expect(await subjectsOf('Processed')).toEqual(['move']);
		expect(await subjectsOf()).toEqual(['keep', 'read']);
		expect(await flagsOf()).toEqual([[KEYWORD], [KEYWORD, '\\Seen']]);
	});

	it('does once what several rules ask for the same message', async () => {
		await deliver('one');
		const [item] = await itemsOf();
		const items = [{ ...item, rule: 'Keep' }, item ?? {}, { ...item, rule: 'Read' }];
		const output = await act({ items, credential, parameters: { operation: 'cleanUp' } });
		expect(await subjectsOf('Processed')).toEqual(['one']);
		expect(await flagsOf('Processed')).toEqual([['\\Seen']]);
		expect(output).toHaveLength(3);
	});

	it.each([
		[
			'the rule is unknown',
			credential,
			/"Trinity".*does not have/,
			/"Knock Knock", "Keep", "Read"/,
		],
		['the account has no rules', {}, /"Trinity".*does not have/, /Choose Here/],
	])('says what to do when %s', async (_case, account, message, description) => {
		await deliver('one');
		const [item] = await itemsOf();
		await expect(
			act({
				items: [{ ...item, rule: 'Trinity' }],
				credential: account,
				parameters: { operation: 'cleanUp' },
			}),
		).rejects.toMatchObject({ message, description });
	});

	it('does what is chosen in the node', async () => {
		await deliver('one');
		const items = await itemsOf();
		const parameters = { operation: 'cleanUp', cleanUpSource: 'choose', cleanUpAction: 'flag' };
		await act({ items, parameters });
		expect(await flagsOf()).toEqual([[KEYWORD, '\\Flagged']]);
	});
});

describe('acknowledging', () => {
	it.each([
		['none', [KEYWORD]],
		['markAsRead', [KEYWORD, '\\Seen']],
		['flag', [KEYWORD, '\\Flagged']],
	])('marks a message that stays, with the clean-up %s', async (cleanUpAction, flags) => {
		await deliver('one');
		const items = await itemsOf();
		const parameters = { operation: 'acknowledge', cleanUpSource: 'choose', cleanUpAction };
		await act({ items, parameters });
		expect((await flagsOf())[0]?.sort()).toEqual(flags.sort());
	});

	it('takes the message away where the rule says so, which is the acknowledgement', async () => {
		await deliver('one');
		await act({ items: await itemsOf(), credential, parameters: { operation: 'acknowledge' } });
		expect(await subjectsOf('Processed')).toEqual(['one']);
		expect(await flagsOf('Processed')).toEqual([[]]);
	});

	it('marks a message that no rule has taken, which stays', async () => {
		await deliver('one');
		const items = (await itemsOf()).map((item) => ({ ...item, rule: null }));
		await act({ items, parameters: { operation: 'acknowledge' } });
		expect(await flagsOf()).toEqual([['$IngestDone']]);
	});
});

describe('references that lead nowhere', () => {
	it('is an error and touches nothing when the server has renumbered the mailbox', async () => {
		await deliver('one');
		const [item] = await itemsOf();
		await expect(
			act({
				items: [withMessage(item, { uidValidity: '4711' })],
				parameters: { operation: 'delete' },
			}),
		).rejects.toMatchObject({
			message: /renumbered "INBOX".*was 4711/,
			description: /No message was touched/,
		});
		expect(await subjectsOf()).toEqual(['one']);
	});

	it('is an error after the mailbox was deleted and made anew, though the UID exists again', async () => {
		await dovecot.deliver(user, toMail('old'), { mailbox: 'Alerts' });
		const items = await itemsOf('Alerts');
		await dovecot.withClient(user, (client) => client.mailboxDelete('Alerts'));
		await dovecot.deliver(user, toMail('new'), { mailbox: 'Alerts' });
		await expect(act({ items, parameters: { operation: 'delete' } })).rejects.toThrow(/renumbered/);
		expect(await subjectsOf('Alerts')).toEqual(['new']);
	});

	it('is an error when the UID is that of another message by now, as after a restore', async () => {
		await dovecot.deliver(user, `Message-ID: <one@zion.com>\r\n${toMail('one')}`);
		const [item] = await itemsOf();
		const items = [withMessage(item, { messageId: '<gone@zion.com>' })];
		const run = act({ items, parameters: { operation: 'delete' } });
		await expect(run).rejects.toThrow('no longer in "INBOX"');
		expect(await subjectsOf()).toEqual(['one']);
	});

	it('is an error when the message is gone, unless that is to be ignored', async () => {
		await deliver('one');
		const [item] = await itemsOf();
		const items = [withMessage(item, { uid: 99 })];
		const parameters = { operation: 'move', folder: picked('Done') };
		await expect(act({ items, parameters })).rejects.toThrow('UID 99 is no longer in "INBOX"');
		const options = { ignoreMissing: true };
		expect(await act({ items, parameters: { ...parameters, options } })).toMatchObject([
			{ json: { payload: { spoon: 'false' }, action: { done: false, reason: 'missing' } } },
		]);
		expect(await subjectsOf()).toEqual(['one']);
	});

	it('is an error when the message lies in another account', async () => {
		await deliver('one');
		const [item] = await itemsOf();
		await expect(
			act({
				items: [withMessage(item, { account: 'smith@example.com@mail.example.com' })],
				parameters: { operation: 'delete' },
			}),
		).rejects.toMatchObject({ message: /lies in the account "smith@/, description: /credential/ });
		expect(await subjectsOf()).toEqual(['one']);
	});

	it('changes nothing in a mailbox when one of its items is wrong', async () => {
		await deliver('one', 'two');
		const [one, two] = await itemsOf();
		const items = [one ?? {}, withMessage(two, { uid: 99 })];
		await expect(act({ items, parameters: { operation: 'delete' } })).rejects.toThrow(/UID 99/);
		expect(await subjectsOf()).toEqual(['one', 'two']);
	});

	it('gives each item its own error and does the others, when it continues on failure', async () => {
		await deliver('one', 'two', 'three');
		const [one, two, three] = await itemsOf();
		const items = [
			one ?? {},
			withMessage(two, { uid: 99 }),
			withMessage(two, { uidValidity: '1' }),
			withMessage(two, { mailbox: 'No Such' }),
			{ payload: {} },
			three ?? {},
		];
		const output = await act({
			items,
			parameters: { operation: 'markRead' },
			continueOnFail: true,
		});
		expect(await flagsOf()).toEqual([['\\Seen'], [], ['\\Seen']]);
		expect(output.map(({ json }) => json['error'] ?? json['action'])).toEqual([
			{ operation: 'markRead', done: true },
			expect.stringContaining('no longer') as unknown,
			expect.stringContaining('renumbered') as unknown,
			expect.stringContaining('no mailbox "No Such"') as unknown,
			expect.stringContaining('Message is empty') as unknown,
			{ operation: 'markRead', done: true },
		]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	});

	it('signs in once and gives every item the refusal', async () => {
		await deliver('one', 'two');
		const items = await itemsOf();
		const output = await act({
			items,
			credential: { password: 'red-pill' },
			parameters: { operation: 'markRead' },
			continueOnFail: true,
		});
		expect(output.map(({ json }) => json['error'])).toEqual([
			expect.stringMatching(/password|sign/i) as unknown,
			expect.stringMatching(/password|sign/i) as unknown,
		]);
		const log = await dovecot.readLog();
		const refusals = log
			.split('\n')
			.filter((line) => line.includes(user) && /mismatch/i.test(line));
		expect(refusals).toHaveLength(1);
	});
});
