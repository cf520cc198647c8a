import { beforeAll, describe, expect, it } from 'vitest';
import type { FakeImapOptions } from '../../support/imap/fake-imap-server';
import { performScripted } from '../../support/imap/scripted-mailbox';
import type { ScriptedMailbox } from '../../support/imap/scripted-mailbox';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

let tls: TestCa;
beforeAll(async () => {
	tls = await createTestCa();
});

const perform = <Result>(
	script: FakeImapOptions,
	work: (mailbox: ScriptedMailbox) => Promise<Result>,
	options: { readOnly?: boolean } = {},
) => performScripted({ tls, ...script }, work, options);

const refused = (code: string) => ({ name: 'IngestError', code });
const MOVED = ['* OK [COPYUID 9 1:2 11:12] moved', 'TAG OK'];
const WITHOUT_MOVE = 'IMAP4rev1 UIDPLUS NAMESPACE';
const WITHOUT_BOTH = 'IMAP4rev1 NAMESPACE';

describe('moving', () => {
	it('is one command when the server confirms every message', async () => {
		const { outcome, commands } = await perform({ answers: { 'UID MOVE': MOVED } }, (mailbox) =>
			mailbox.move([1, 2], 'Done'),
		);

		expect(outcome).toBeUndefined();
		expect(commands).toStrictEqual(['UID MOVE 1:2 Done']);
	});

	it('creates and subscribes a folder that is missing, and tries once more', async () => {
		const missing = ['TAG NO [TRYCREATE] no such mailbox'];
		const { outcome, commands } = await perform(
			{
				answers: {
					'UID MOVE': { turns: [missing, MOVED] },
					STATUS: ['TAG NO no such mailbox'],
					LIST: { turns: [['* LIST () "/" INBOX', 'TAG OK'], ['TAG OK']] },
				},
			},
			(mailbox) => mailbox.move([1, 2], 'Done'),
		);

		expect(outcome).toBeUndefined();
		expect(commands.filter((command) => !/^(?:LIST|STATUS|LSUB)/.test(command))).toStrictEqual([
			'UID MOVE 1:2 Done',
			'CREATE Done',
			'SUBSCRIBE Done',
			'UID MOVE 1:2 Done',
		]);
	});

	it('creates nothing when the folder is there and the server refuses all the same', async () => {
		const { outcome, commands } = await perform(
			{ answers: { 'UID MOVE': ['TAG NO locked'] } },
			(mailbox) => mailbox.move([1], 'Done'),
		);

		expect(outcome).toMatchObject({
			...refused('refused-by-server'),
			message: expect.stringContaining('locked'),
		});
		expect(commands).not.toContain('CREATE Done');
	});

	it('takes a message that is gone for moved', async () => {
		const { outcome } = await perform(
			{ answers: { 'UID MOVE': MOVED, 'UID SEARCH': ['* SEARCH', 'TAG OK'] } },
			(mailbox) => mailbox.move([1, 2, 77], 'Done'),
		);

		expect(outcome).toBeUndefined();
	});

	it('does not believe an OK when the messages are still there', async () => {
		const { outcome } = await perform({ answers: { 'UID MOVE': ['TAG OK'] } }, (mailbox) =>
			mailbox.move([1, 2], 'Done'),
		);

		expect(outcome).toMatchObject({
			...refused('refused-by-server'),
			message: expect.stringContaining('left 2 messages'),
		});
	});

	it('without MOVE copies, and deletes only what is confirmed as copied', async () => {
		const { outcome, commands } = await perform(
			{
				capability: WITHOUT_MOVE,
				answers: {
					'UID COPY': ['TAG OK [COPYUID 9 1,3 11:12] copied'],
					'UID SEARCH': ['* SEARCH', 'TAG OK'],
				},
			},
			(mailbox) => mailbox.move([1, 2, 3], 'Done'),
		);

		expect(outcome).toBeUndefined();
		expect(commands).toStrictEqual([
			'STATUS Done (MESSAGES)',
			'UID COPY 1:3 Done',
			'UID STORE 1,3 +FLAGS (\\Deleted)',
			'UID EXPUNGE 1,3',
			'UID SEARCH UID 1,3',
			'UID SEARCH UID 2',
			'UID FETCH 2 UID',
		]);
	});

	it('without MOVE never deletes what it was not asked to move, whatever the server confirms', async () => {
		const { commands } = await perform(
			{
				capability: WITHOUT_MOVE,
				answers: { 'UID COPY': ['TAG OK [COPYUID 9 1:3 11:13] copied'] },
			},
			(mailbox) => mailbox.move([1, 3], 'Done'),
		);

		expect(commands).toStrictEqual([
			'STATUS Done (MESSAGES)',
			'UID COPY 1,3 Done',
			'UID STORE 1,3 +FLAGS (\\Deleted)',
			'UID EXPUNGE 1,3',
			'UID SEARCH UID 1,3',
		]);
	});

	it('without MOVE deletes nothing when the copy is not confirmed', async () => {
		const { outcome, commands } = await perform(
			{ capability: WITHOUT_MOVE, answers: { 'UID COPY': ['TAG OK copied'] } },
			(mailbox) => mailbox.move([1], 'Done'),
		);

		expect(outcome).toMatchObject(refused('refused-by-server'));
		expect(commands.filter((command) => /STORE|EXPUNGE/.test(command))).toEqual([]);
	});

	it('is refused without MOVE and UIDPLUS, before anything is sent', async () => {
		const { outcome, commands } = await perform({ capability: WITHOUT_BOTH }, (mailbox) =>
			mailbox.move([1], 'Done'),
		);

		expect(outcome).toMatchObject({
			...refused('refused-by-server'),
			remedy: expect.stringMatching(/Mark as Read/),
		});
		expect(commands).toStrictEqual([]);
	});

	it('is refused into the mailbox itself', async () => {
		const { outcome, commands } = await perform({}, (mailbox) => mailbox.move([1], 'inbox'));

		expect(outcome).toMatchObject(refused('configuration'));
		expect(commands).toStrictEqual([]);
	});

	it('writes the folder as the server does', async () => {
		const { commands } = await perform(
			{
				answers: {
					NAMESPACE: ['* NAMESPACE (("INBOX." ".")) NIL NIL', 'TAG OK'],
					STATUS: ['TAG NO [NONEXISTENT] no such mailbox'],
					LIST: ['TAG OK'],
					'UID MOVE': MOVED,
				},
			},
			(mailbox) => mailbox.move([1, 2], 'Alerts/Done'),
		);

		expect(commands.at(-1)).toBe('UID MOVE 1:2 INBOX.Alerts.Done');
	});

	it('reports a connection that ends as such, since the outcome is unknown', async () => {
		const { outcome } = await perform({ answers: { 'UID MOVE': 'reset' } }, (mailbox) =>
			mailbox.move([1], 'Done'),
		);

		expect(outcome).toMatchObject(refused('connection-lost'));
	});

	it('sends nothing for no message', async () => {
		const { outcome, commands } = await perform({}, async (mailbox) => {
			await mailbox.move([], 'Done');
			await mailbox.delete([]);
			await mailbox.addFlag([], '\\Seen');
			return [await mailbox.existing([]), await mailbox.heads([]), await mailbox.newestUids(0)];
		});

		expect(outcome).toStrictEqual([[], [], []]);
		expect(commands).toStrictEqual([]);
	});
});

describe('deleting', () => {
	it('expunges exactly the messages that were named', async () => {
		const { outcome, commands } = await perform({}, (mailbox) => mailbox.delete([1, 3]));

		expect(outcome).toBeUndefined();
		expect(commands).toStrictEqual([
			'UID STORE 1,3 +FLAGS (\\Deleted)',
			'UID EXPUNGE 1,3',
			'UID SEARCH UID 1,3',
		]);
	});

	it('is refused without UIDPLUS, before anything is sent', async () => {
		const { outcome, commands } = await perform({ capability: WITHOUT_BOTH }, (mailbox) =>
			mailbox.delete([1]),
		);

		expect(outcome).toMatchObject(refused('refused-by-server'));
		expect(commands).toStrictEqual([]);
	});

	it('expunges nothing when marking was refused', async () => {
		const { outcome, commands } = await perform(
			{ answers: { 'UID STORE': ['TAG NO not now'] } },
			(mailbox) => mailbox.delete([1]),
		);

		expect(outcome).toMatchObject({
			...refused('refused-by-server'),
			message: expect.stringContaining('not now'),
		});
		expect(commands.some((command) => command.includes('EXPUNGE'))).toBe(false);
	});
});

describe('flags', () => {
	it('are added to the named messages', async () => {
		const { commands } = await perform({}, (mailbox) => mailbox.addFlag([2], '\\Seen'));

		expect(commands).toStrictEqual(['UID STORE 2 +FLAGS (\\Seen)']);
	});

	it('that the mailbox does not keep are refused, before anything is sent', async () => {
		const { outcome, commands } = await perform(
			{
				answers: {
					SELECT: [
						'* 1 EXISTS',
						'* OK [PERMANENTFLAGS (\\Seen)] ok',
						'* OK [UIDVALIDITY 7] ok',
						'TAG OK',
					],
					'UID SEARCH': ['* SEARCH 8', 'TAG OK'],
				},
			},
			(mailbox) => mailbox.addFlag([2], '\\Flagged'),
		);

		expect(outcome).toMatchObject(refused('refused-by-server'));
		expect(commands).toStrictEqual(['STATUS INBOX (UIDNEXT)']);
	});
});

describe('a mailbox for reading only', () => {
	const changes: ReadonlyArray<[string, (mailbox: ScriptedMailbox) => Promise<void>]> = [
		['flags', (mailbox) => mailbox.addFlag([1], '\\Seen')],
		['moves', (mailbox) => mailbox.move([1], 'Done')],
		['deletions', (mailbox) => mailbox.delete([1])],
	];

	it.each(changes)('takes no %s', async (_name, change) => {
		const { outcome, commands } = await perform({}, change, { readOnly: true });

		expect(outcome).toMatchObject(refused('mailbox-read-only'));
		expect(commands).toStrictEqual([]);
	});

	it('may also be one the server opened so', async () => {
		const { outcome } = await perform(
			{
				answers: {
					SELECT: [
						'* OK [UIDVALIDITY 7] ok',
						'* OK [UIDNEXT 1] ok',
						'* 0 EXISTS',
						'TAG OK [READ-ONLY] ok',
					],
				},
			},
			(mailbox) => mailbox.addFlag([1], '\\Seen'),
		);

		expect(outcome).toMatchObject(refused('mailbox-read-only'));
	});
});

describe('new messages', () => {
	it('cost no command when UIDNEXT says there are none', async () => {
		const { outcome, commands } = await perform({}, (mailbox) => mailbox.uidsAfter(3));

		expect(outcome).toStrictEqual([]);
		expect(commands).toStrictEqual([]);
	});

	it('are only those above the position, whatever a range with * brings up', async () => {
		const { outcome, commands } = await perform({}, (mailbox) => mailbox.uidsAfter(2));

		expect(outcome).toStrictEqual([3]);
		expect(commands).toStrictEqual(['UID SEARCH UID 3:*']);
	});
});
