import { afterEach, describe, expect, it } from 'vitest';

import { startScriptedBench, stopScriptedBenches } from '../../support/imap/scripted-bench';
import type { ScriptedBenchOptions } from '../../support/imap/scripted-bench';
import type { Lies } from '../../support/imap/scripted-store';

afterEach(stopScriptedBenches);

/** Three alerts on a server that lies; what was delivered. */
async function deliverThree(lies: Lies, options: ScriptedBenchOptions = {}) {
	const scripted = await startScriptedBench(options);
	scripted.store.lies = lies;
	scripted.deliver('alert 1', 'alert 2', 'alert 3');
	await scripted.bench.poll();
	return scripted;
}

const ALL = ['alert 1', 'alert 2', 'alert 3'];
const search = (...lines: readonly string[]): Lies => ({
	instead: (command) => (command === 'UID SEARCH' ? lines : undefined),
});

it('numbers that were taken back without a word are noticed at the next poll (GMX, a restored backup)', async () => {
	const { bench, store, deliver } = await startScriptedBench();
	deliver('alert 1', 'alert 2', 'alert 3', 'alert 4', 'alert 5', 'alert 6');
	await bench.poll();
	store.restore(3);
	deliver('alert 7', 'alert 8');
	await bench.poll();
	expect(bench.subjects.slice(6)).toEqual(['alert 7', 'alert 8']);
	expect(bench.reported).toMatchObject([{ event: 'restored' }]);
});

it.each<[string, Lies]>([
	['out of order', search('* SEARCH 3 1 2', 'TAG OK')],
	['with a blank at the end (DavMail)', search('* SEARCH 1 2 3 ', 'TAG OK')],
	['in several lines (DavMail)', search('* SEARCH 1', '* SEARCH 2 3', 'TAG OK')],
	['twice', search('* SEARCH 1 2 3', '* SEARCH 3 2 1', 'TAG OK')],
	['not at all', search('TAG OK')],
	['with nothing (Mailutils imap4d)', { hidden: 'all' }],
	['without one of them (Apache James)', { hidden: new Set([2]) }],
	['with NO', search('TAG NO not today')],
])('what SEARCH answers %s hides no message', async (_, lies) => {
	const { bench } = await deliverThree(lies);
	expect(bench.subjects).toEqual(ALL);
});

it('600,000 numbers are read', async () => {
	const { account } = await startScriptedBench({
		script: {
			answers: {
				SELECT: [
					'* 600000 EXISTS',
					'* OK [UIDVALIDITY 7] ok',
					'* OK [UIDNEXT 600001] ok',
					'TAG OK [READ-WRITE] selected',
				],
				'UID SEARCH': [
					`* SEARCH ${Array.from({ length: 600_000 }, (_, index) => String(index + 1)).join(' ')}`,
					'TAG OK',
				],
			},
		},
	});
	const uids = await account.withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(0));
	expect(uids).toHaveLength(600_000);
});

it.each<[string, (line: string) => string]>([
	[
		'a blank too many in EXISTS (DavMail)',
		(line) => line.replace(/^\* (\d+) EXISTS/, '*  $1 EXISTS'),
	],
	['the UIDVALIDITY 0 (SmarterMail)', (line) => line.replace('UIDVALIDITY 7', 'UIDVALIDITY 0')],
	[
		'a UIDVALIDITY of 41 bits',
		(line) => line.replace('UIDVALIDITY 7', 'UIDVALIDITY 1099511627776'),
	],
	['no PERMANENTFLAGS', (line) => line.replace(/^\* OK \[PERMANENTFLAGS.*/, '* OK nothing')],
	['fewer messages than there are', (line) => line.replace(/^\* 3 EXISTS/, '* 1 EXISTS')],
])('SELECT with %s is understood', async (_, change) => {
	const { bench } = await deliverThree({ selected: (lines) => lines.map(change) });
	expect(bench.subjects).toEqual(ALL);
	await bench.poll();
	expect(bench.subjects).toEqual(ALL);
});

it('a keyword is not made where only FLAGS says that it may be (Zoho)', async () => {
	const scripted = await startScriptedBench();
	scripted.store.keepsKeywords = false;
	scripted.store.lies.selected = (lines) =>
		lines.map((line) => line.replace(/^\* FLAGS \(/, '* FLAGS (\\* '));
	scripted.deliver('alert 1');
	await scripted.bench.poll();
	await scripted.bench.poll();
	expect(scripted.bench.subjects).toEqual(['alert 1']);
	expect(scripted.server.commands.filter((line) => line.startsWith('UID STORE'))).toEqual([]);
});

it('READ-ONLY is told where a clean-up is wanted, and delivery goes on', async () => {
	const scripted = await startScriptedBench({ rule: { CleanUp: { Action: 'MarkAsRead' } } });
	scripted.store.lies.selected = (lines) =>
		lines.map((line) => line.replace('READ-WRITE', 'READ-ONLY'));
	scripted.deliver('alert 1');
	await expect(scripted.bench.poll()).rejects.toMatchObject({ code: 'mailbox-read-only' });
	scripted.deliver('alert 2');
	await scripted.bench.poll().catch(() => undefined);
	expect(scripted.bench.subjects).toEqual(['alert 1', 'alert 2']);
});

it.each<[string, string]>([
	['NO', '* NO [ALERT] Mailbox is at 95% of its quota'],
	['BAD', '* BAD something odd'],
	['OK', '* OK [ALERT] Maintenance at noon'],
])('an untagged %s within a command does no harm', async (_, line) => {
	const { bench } = await deliverThree({ row: (row) => `${line}\r\n${row}` });
	expect(bench.subjects).toEqual(ALL);
});

it('capabilities that change with the sign-in are those that count', async () => {
	const scripted = await startScriptedBench({
		rule: { CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } },
		script: {
			capability: 'IMAP4rev1',
			answers: { LOGIN: ['TAG OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] welcome'] },
		},
	});
	scripted.deliver('alert 1');
	await scripted.bench.poll();
	await scripted.bench.poll();
	expect(scripted.store.subjects('Done')).toEqual(['alert 1']);
});

it('163.com opens a mailbox once it knows who asks (ID)', async () => {
	let isKnown = false;
	const scripted = await startScriptedBench({
		script: {
			capability: 'IMAP4rev1 ID MOVE UIDPLUS',
			answers: {
				ID: () => {
					isKnown = true;
					return ['* ID ("name" "Coremail")', 'TAG OK'];
				},
			},
		},
	});
	scripted.store.lies.instead = (command) =>
		command === 'SELECT' && !isKnown
			? ['TAG NO SELECT Unsafe Login. Please contact kefu@188.com for help']
			: undefined;
	scripted.deliver('alert 1');
	await scripted.bench.poll();
	expect(scripted.bench.subjects).toEqual(['alert 1']);
});

describe('namespaces', () => {
	it.each<[string, readonly string[]]>([
		['NIL', ['* NAMESPACE NIL NIL NIL', 'TAG OK']],
		['BAD', ['TAG BAD what is that']],
		['NO', ['TAG NO not here']],
		['silent about', ['TAG OK']],
	])('that a server is %s of do not matter', async (_, answer) => {
		const scripted = await startScriptedBench({
			rule: { CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } },
			script: { answers: { NAMESPACE: answer } },
		});
		scripted.deliver('alert 1');
		await scripted.bench.poll();
		await scripted.bench.poll();
		expect(scripted.store.subjects('Done')).toEqual(['alert 1']);
	});

	it('that are not announced do not matter, nor does a delimiter NIL', async () => {
		const scripted = await startScriptedBench({
			rule: { CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } },
			script: {
				capability: 'IMAP4rev1 MOVE UIDPLUS',
				answers: {
					LIST: (line) => [
						line === 'LIST "" ""'
							? '* LIST (\\Noselect) NIL ""'
							: '* LIST (\\HasNoChildren) NIL INBOX',
						'TAG OK',
					],
				},
			},
		});
		scripted.deliver('alert 1');
		await scripted.bench.poll();
		await scripted.bench.poll();
		expect(scripted.store.subjects('Done')).toEqual(['alert 1']);
	});
});

describe('names of mailboxes', () => {
	const quote = (name: string) => `"${name.replace(/["\\]/g, '\\$&')}"`;

	it.each([
		['quotes', 'The "big" one', 'The "big" one'],
		['a percent sign', '100% alerts', '100% alerts'],
		['an asterisk', 'alerts *', 'alerts *'],
		['an ampersand', 'Störung & Co', 'St&APY-rung &- Co'],
		['a backslash', 'a\\b', 'a\\b'],
		['what looks like a literal', '{7}', '{7}'],
		['a blank at the end', 'alerts ', 'alerts '],
		['the name NIL', 'NIL', 'NIL'],
		['an emoji', '🚨', '&2D3eqA-'],
		['a comma', 'one, two', 'one, two'],
		['brackets', 'a (b) [c]', 'a (b) [c]'],
		['Kanji', '日本', '&ZeVnLA-'],
	])('with %s are listed and opened', async (_, name, onWire) => {
		const { account, server } = await startScriptedBench({
			script: {
				answers: {
					LIST: [
						'* LIST (\\HasNoChildren) "/" INBOX',
						`* LIST (\\HasNoChildren) "/" ${quote(onWire)}`,
						'TAG OK',
					],
					SELECT: [
						'* 0 EXISTS',
						'* OK [UIDVALIDITY 7] ok',
						'* OK [UIDNEXT 1] ok',
						'TAG OK [READ-WRITE] selected',
					],
				},
			},
		});
		expect((await account.list()).map(({ path }) => path)).toContain(name);
		await account.withMailbox(name, () => Promise.resolve());
		const opened = server.commands.find((line) => line.startsWith('SELECT')) ?? '';
		expect([`SELECT ${quote(onWire)}`, `SELECT ${onWire}`]).toContain(opened);
	});

	it('Inbox is INBOX (Yahoo)', async () => {
		const { account } = await startScriptedBench({
			script: { answers: { LIST: ['* LIST (\\HasNoChildren) "/" "Inbox"', 'TAG OK'] } },
		});
		expect((await account.list()).map(({ path }) => path)).toEqual(['INBOX']);
		await account.withMailbox('Inbox', () => Promise.resolve());
	});
});

describe('a UIDVALIDITY that changes each time the mailbox is opened', () => {
	const renumbering = async (keepsKeywords: boolean) => {
		const { bench, store, deliver } = await startScriptedBench();
		store.keepsKeywords = keepsKeywords;
		store.lies = {
			selected: (lines) => {
				store.uidValidity += 1;
				return lines.map((line) =>
					line.replace(/UIDVALIDITY \d+/, `UIDVALIDITY ${String(store.uidValidity)}`),
				);
			},
		};
		deliver('alert 1');
		await bench.poll();
		deliver('alert 2');
		const failures: unknown[] = [];
		for (let poll = 0; poll < 5; poll += 1)
			await bench.poll().catch((error: unknown) => failures.push(error));
		return { bench, failures };
	};

	it('is told of', async () => {
		const { failures } = await renumbering(false);
		expect(failures[0]).toMatchObject({
			code: 'refused-by-server',
			message: expect.stringContaining('keeps renumbering "INBOX"') as unknown,
		});
	});

	it('has each message delivered once where keywords are kept', async () => {
		const { bench } = await renumbering(true);
		expect(bench.subjects).toEqual(['alert 1', 'alert 2']);
	});
});
