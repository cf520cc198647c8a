import { afterEach, describe, expect, it } from 'vitest';

import { performCleanUp } from '../../../nodes/ingest/perform-effects';
import { startScriptedBench, stopScriptedBenches } from '../../support/imap/scripted-bench';
import type { ScriptedBench, ScriptedBenchOptions } from '../../support/imap/scripted-bench';
import type { Lies } from '../../support/imap/scripted-store';

afterEach(stopScriptedBenches);

const MOVE = { CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } };
const DELETE = { CleanUp: { Action: 'Delete' } };
const HOUR = 70;
const REFUSED = ['TAG NO no such command'];

/** Two alerts, delivered and cleaned up; what the last poll rejected with. */
async function cleanUp(options: ScriptedBenchOptions, lies: Lies = {}) {
	const scripted = await startScriptedBench(options);
	scripted.store.lies = lies;
	scripted.store.mailboxes.set('Done', []);
	scripted.deliver('alert 1', 'other', 'alert 2');
	const failures: unknown[] = [];
	for (const minutes of [1, HOUR, HOUR]) {
		await scripted.bench.poll(minutes).catch((error: unknown) => failures.push(error));
	}
	return { ...scripted, failures };
}

const withoutExpunge: Lies['instead'] = (command) =>
	command === 'UID EXPUNGE' ? REFUSED : undefined;

describe('UID EXPUNGE that is refused (Proton Bridge)', () => {
	it('leaves messages unmarked where they are, and is told with a remedy', async () => {
		const { store, failures, bench } = await cleanUp({ rule: DELETE }, { instead: withoutExpunge });
		expect(failures[0]).toMatchObject({
			code: 'refused-by-server',
			message: expect.stringContaining('no such command') as unknown,
			remedy: expect.stringContaining('When the Server Cannot Move') as unknown,
		});
		expect(store.subjects()).toEqual(['alert 1', 'other', 'alert 2']);
		expect(store.messages().filter(({ flags }) => flags.has('\\Deleted'))).toEqual([]);
		expect(bench.subjects).toEqual(['alert 1', 'alert 2']);
	});

	it('is done without by EXPUNGE, where that is wanted', async () => {
		const options = { rule: DELETE, settings: { cannotMove: 'expunge' } } as const;
		const { store, failures } = await cleanUp(options, { instead: withoutExpunge });
		expect(failures).toEqual([]);
		expect(store.subjects()).toEqual(['other']);
	});

	it('removes nothing that somebody else has marked', async () => {
		const scripted = await startScriptedBench({
			rule: DELETE,
			settings: { cannotMove: 'expunge' },
		});
		scripted.store.lies = { instead: withoutExpunge };
		scripted.store.deliver('kept', { flags: new Set(['\\Deleted']) });
		scripted.deliver('alert 1');
		await scripted.bench.poll().catch(() => undefined);
		await expect(scripted.bench.poll(HOUR)).rejects.toMatchObject({
			message: expect.stringContaining('Other messages in "INBOX" are marked') as unknown,
		});
		expect(scripted.store.subjects()).toEqual(['kept', 'alert 1']);
	});

	it('leaves no copy behind where the server has no MOVE either, however often it is tried', async () => {
		const { store, failures } = await cleanUp(
			{ rule: MOVE, script: { capability: 'IMAP4rev1 UIDPLUS' } },
			{ instead: withoutExpunge },
		);
		expect(failures.length).toBeGreaterThan(0);
		expect(store.subjects()).toEqual(['alert 1', 'other', 'alert 2']);
		expect(store.subjects('Done')).toEqual([]);
	});

	it('does not keep a move by copy from being done, where EXPUNGE is wanted', async () => {
		const { store } = await cleanUp(
			{
				rule: MOVE,
				settings: { cannotMove: 'expunge' },
				script: { capability: 'IMAP4rev1 UIDPLUS' },
			},
			{ instead: withoutExpunge },
		);
		expect(store.subjects()).toEqual(['other']);
		expect(store.subjects('Done')).toEqual(['alert 1', 'alert 2']);
	});
});

describe('a search that is refused in an empty mailbox (Proton Bridge)', () => {
	it('makes no refusal of the deletion of the last message, nor of a poll after it', async () => {
		const scripted = await startScriptedBench({ rule: DELETE });
		const { store, bench } = scripted;
		store.lies.instead = (command) =>
			command === 'UID SEARCH' && store.messages().length === 0 ? ['TAG NO empty'] : undefined;
		scripted.deliver('alert 1');
		await bench.poll();
		await bench.poll();
		await bench.poll(HOUR);
		expect(store.subjects()).toEqual([]);
	});
});

describe('a server without UIDPLUS', () => {
	it('that has MOVE (DavMail) moves, and refuses to delete', async () => {
		const script = { capability: 'IMAP4rev1 MOVE' };
		const moved = await cleanUp({ rule: MOVE, script });
		expect(moved.failures).toEqual([]);
		expect(moved.store.subjects('Done')).toEqual(['alert 1', 'alert 2']);
		const kept = await cleanUp({ rule: DELETE, script });
		expect(kept.failures[0]).toMatchObject({ code: 'refused-by-server' });
		expect(kept.store.subjects()).toEqual(['alert 1', 'other', 'alert 2']);
	});

	it('nor MOVE (hMailServer) keeps what it delivered, once, and tells', async () => {
		const { bench, store, failures } = await cleanUp({
			rule: MOVE,
			script: {
				capability: 'IMAP4 IMAP4rev1 CHILDREN IDLE QUOTA SORT ACL NAMESPACE RIGHTS=texk',
			},
		});
		expect(failures[0]).toMatchObject({ code: 'refused-by-server' });
		expect(bench.subjects).toEqual(['alert 1', 'alert 2']);
		expect(store.subjects()).toEqual(['alert 1', 'other', 'alert 2']);
	});
});

describe('a server without MOVE that does not tell UIDs of copies (RFC 4315, 3)', () => {
	it.each(['IMAP4rev1 UIDPLUS', 'IMAP4rev1'])(
		'has each message once in the folder: %s',
		async (capability) => {
			const { store } = await cleanUp(
				{ rule: MOVE, script: { capability }, settings: { cannotMove: 'expunge' } },
				{ copyUid: false },
			);
			expect(store.subjects('Done')).toEqual(['alert 1', 'alert 2']);
			expect(store.subjects()).toEqual(['other']);
		},
	);

	it('keeps the original where nothing was copied', async () => {
		const { store, failures } = await cleanUp(
			{ rule: MOVE, script: { capability: 'IMAP4rev1' }, settings: { cannotMove: 'expunge' } },
			{ instead: (command) => (command === 'UID COPY' ? ['TAG OK copied'] : undefined) },
		);
		expect(failures[0]).toMatchObject({ code: 'refused-by-server' });
		expect(store.subjects()).toEqual(['alert 1', 'other', 'alert 2']);
	});
});

describe('a server that cannot search by UID (Mailutils imap4d) and has neither MOVE nor UIDPLUS', () => {
	it.each([
		['expunge', ['other']],
		['copy', ['alert 1', 'other', 'alert 2']],
	] as const)('loses nothing by %s', async (cannotMove, left) => {
		const { store, failures } = await cleanUp(
			{ rule: MOVE, script: { capability: 'IMAP4rev1' }, settings: { cannotMove } },
			{
				instead: (command, line) =>
					command === 'UID SEARCH' && /UID \d/.test(line) ? ['* SEARCH', 'TAG OK'] : undefined,
			},
		);
		expect(failures).toEqual([]);
		expect(store.subjects('Done')).toEqual(['alert 1', 'alert 2']);
		expect(store.subjects()).toEqual(left);
	});
});

describe('a keyword that there is no room for (Cyrus)', () => {
	it.each(['TAG NO Too many user flags in mailbox', 'TAG NO [LIMIT] Too many user flags'])(
		'keeps no clean-up from being done: %s',
		async (answer) => {
			const { store, failures, bench } = await cleanUp(
				{ rule: { CleanUp: { Action: 'MarkAsRead' } } },
				{
					instead: (command, line) =>
						command === 'UID STORE' && line.includes('$') ? [answer] : undefined,
				},
			);
			expect(failures).toEqual([]);
			expect(bench.subjects).toEqual(['alert 1', 'alert 2']);
			const read = store.messages().filter(({ flags }) => flags.has('\\Seen'));
			expect(read.map(({ subject }) => subject)).toEqual(['alert 1', 'alert 2']);
		},
	);
});

describe('keywords', () => {
	const acknowledge = ({ account }: Pick<ScriptedBench, 'account'>) =>
		account.withMailbox('INBOX', (mailbox) =>
			performCleanUp(mailbox, { kind: 'acknowledge', required: true }, [1]),
		);
	const lowerCase: Lies = {
		row: (row) => row.replace(/FLAGS \([^)]*\)/, (flags) => flags.toLowerCase()),
	};

	it('that the server writes in lower case (Stalwart) are those of the trigger all the same', async () => {
		const { bench, store, deliver } = await startScriptedBench();
		store.lies = lowerCase;
		deliver('alert 1');
		await bench.poll();
		await bench.poll();
		bench.crash({});
		await bench.poll();
		expect(bench.subjects).toEqual(['alert 1']);
	});

	it('and those of the action node', async () => {
		const scripted = await startScriptedBench({ settings: { acknowledge: 'actionNode' } });
		scripted.store.lies = lowerCase;
		scripted.deliver('alert 1');
		await scripted.bench.poll();
		await acknowledge(scripted);
		await scripted.bench.poll(25 * HOUR);
		expect(scripted.bench.subjects).toEqual(['alert 1']);
		expect(scripted.bench.cursor?.pending).toEqual([]);
	});

	it('that the server takes and does not keep acknowledge nothing, and the action node says so', async () => {
		const scripted = await startScriptedBench({ settings: { acknowledge: 'actionNode' } });
		scripted.store.lies = {
			instead: (command) => (command === 'UID STORE' ? ['TAG OK'] : undefined),
		};
		scripted.deliver('alert 1');
		await expect(acknowledge(scripted)).rejects.toMatchObject({ code: 'refused-by-server' });
	});
});

describe('a message that a person has deleted and the server still has', () => {
	it.each(['\\Deleted', '\\DELETED'])('is not delivered: %s', async (flag) => {
		const { bench, store } = await startScriptedBench();
		store.deliver('alert 1', { flags: new Set([flag]), received: new Date(bench.now) });
		store.deliver('alert 2', { received: new Date(bench.now) });
		await bench.poll();
		expect(bench.subjects).toEqual(['alert 2']);
	});

	it('is not in a test event either', async () => {
		const { bench, store } = await startScriptedBench();
		store.deliver('alert 1');
		store.deliver('alert 2', { flags: new Set(['\\Deleted']) });
		const { messages, matched } = await bench.preview();
		expect(messages.map(({ summary }) => summary.subject)).toEqual(['alert 1']);
		expect(matched).toBe(1);
	});

	it('is not tried again, and does not go to quarantine', async () => {
		const { bench, store, deliver } = await startScriptedBench();
		bench.endAtOnce = 'failure';
		deliver('alert 1');
		await bench.poll();
		await bench.poll(HOUR);
		const before = bench.subjects.length;
		store.messages()[0]?.flags.add('\\Deleted');
		for (let hour = 0; hour < 8; hour += 1) await bench.poll(HOUR);
		expect(bench.subjects).toHaveLength(before);
		expect(store.subjects()).toEqual(['alert 1']);
		expect(store.subjects('Ingest Quarantine')).toEqual([]);
	});
});

describe('a folder that cannot be moved into', () => {
	it.each<[string, NonNullable<Lies['instead']>]>([
		[
			'is \\Noselect',
			(command) => (command === 'UID MOVE' ? ['TAG NO Mailbox is \\Noselect'] : undefined),
		],
		[
			'cannot be created',
			(command) =>
				command === 'UID MOVE'
					? ['TAG NO [TRYCREATE] none']
					: command === 'CREATE'
						? REFUSED
						: undefined,
		],
		['is full', (command) => (command === 'UID MOVE' ? ['TAG NO [OVERQUOTA] full'] : undefined)],
		[
			'takes what stays where it was',
			(command) => (command === 'UID MOVE' ? ['TAG OK done'] : undefined),
		],
	])('since it %s is told, and delivery goes on', async (_, instead) => {
		const { failures, bench, store, deliver } = await cleanUp({ rule: MOVE }, { instead });
		expect(failures[0]).toMatchObject({ kind: 'mailbox' });
		deliver('alert 3');
		await bench.poll(HOUR).catch(() => undefined);
		expect(bench.subjects).toEqual(['alert 1', 'alert 2', 'alert 3']);
		expect(store.subjects()).toEqual(['alert 1', 'other', 'alert 2', 'alert 3']);
	});
});
