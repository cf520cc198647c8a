import { describe, expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	Payload: { SubjectCaptures: ['^alert (?<number>.+)$'] },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const READ_ONLY = { ...MOVE, CleanUp: null };

describe('a renumbered mailbox', () => {
	it('delivers what was on its way again, with the same id, and takes no notice of old outcomes', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		const [before] = bench.started;
		bench.account.renumber();
		await bench.poll();
		expect(bench.started[1]?.items[0]?.id).toBe(before?.items[0]?.id);
		before?.end('success');
		await bench.settled();
		expect(bench.account.subjects()).toEqual(['alert 1']);
	});

	it.each([
		['what was delivered, which the server remembers', true, []],
		['at least what is older than was read before, without keywords', false, [['alert 1']]],
	])('leaves alone %s', async (_, keepsKeywords, delivered) => {
		const bench = new IngestBench([READ_ONLY], { startAt: 'newMail' });
		bench.account.keepsKeywords = keepsKeywords;
		bench.account.deliver('alert ancient', { receivedAt: '2020-01-01T00:00:00.000Z' });
		await bench.poll();
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		bench.account.renumber();
		await bench.poll();
		expect(bench.running).toEqual(delivered);
	});

	it('delivers new mail whatever its date, as a message moved in from elsewhere has', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		bench.account.renumber();
		await bench.poll();
		bench.account.deliver('alert moved in', { receivedAt: '2020-01-01T00:00:00.000Z' });
		await bench.poll();
		expect(bench.running).toEqual([['alert moved in']]);
	});
});

describe('a restart of n8n', () => {
	it('does not deliver again what succeeded and stays in the mailbox, where the server keeps keywords', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		bench.crash();
		await bench.poll(10);
		expect(bench.running).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});

	it('delivers at once what was noted but not yet handed over, as its first attempt', async () => {
		const bench = new IngestBench([MOVE]);
		const uid = bench.account.deliver('alert 1');
		await bench.poll();
		const saved = { ...bench.stored, pending: [[uid, 1, 0, 1]] };
		bench.crash(saved);
		await bench.poll();
		expect(bench.started[0]?.items[0]).toMatchObject({ attempt: 1 });
	});
});

describe('changed rules', () => {
	const OTHER = { ...READ_ONLY, Name: 'Other', Filter: { Subject: '^(alert|ticket)' } };

	it.each([
		['newMail', []],
		['everything', [['ticket 1']]],
	] as const)('with %s hand over %j of what is still there', async (whenRulesChange, expected) => {
		const bench = new IngestBench([READ_ONLY], { whenRulesChange });
		bench.account.deliver('ticket 1');
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		bench.changeRules(OTHER);
		await bench.poll();
		expect(bench.running).toEqual(expected);
	});
});

describe('a message marked unread', () => {
	const MARK_AS_READ = { ...MOVE, CleanUp: { Action: 'MarkAsRead' } };

	it('is delivered again, with the same id, where that is wanted', async () => {
		const bench = new IngestBench([MARK_AS_READ], { replayUnread: true });
		bench.account.deliver('alert 1');
		await bench.poll();
		const id = bench.started[0]?.items[0]?.id;
		await bench.endAll('success');
		await bench.poll();
		expect(bench.running).toEqual([]);
		bench.account.mailboxes.get('INBOX')?.[0]?.flags.delete('\\Seen');
		await bench.poll();
		expect(bench.started[0]?.items[0]).toMatchObject({ id, attempt: 1 });
		await bench.endAll('success');
		await bench.poll();
		expect(bench.running).toEqual([]);
	});
});
