import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

const RULE = { Name: 'Alerts', Filter: { Subject: '^alert' } };
const HOUR = 60;

/** A trigger that has delivered `alert 1` to `alert 3`. */
async function watching(): Promise<IngestBench> {
	const bench = new IngestBench([RULE]);
	bench.endAtOnce = true;
	for (const name of ['alert 1', 'alert 2', 'alert 3']) bench.deliver(name);
	await bench.poll();
	await bench.poll();
	return bench;
}

describe('a mailbox that was restored from a backup', () => {
	it('has its new mail delivered, though it bears numbers that were seen before', async () => {
		const bench = await watching();
		bench.account.restore(2);
		bench.deliver('alert 4');
		await bench.poll();
		expect(bench.subjects).toEqual(['alert 1', 'alert 2', 'alert 3', 'alert 4']);
		expect(bench.reported).toContainEqual({ event: 'restored', mailbox: 'INBOX' });
		expect(bench.logged.join('\n')).toContain('put back to an earlier state');
	});

	it('is told of once', async () => {
		const bench = await watching();
		bench.account.restore(1);
		for (let minute = 0; minute < 3 * HOUR; minute += 1) await bench.poll();
		expect(bench.reported).toEqual([{ event: 'restored', mailbox: 'INBOX' }]);
	});

	it('that has grown beyond its old size meanwhile is found out by the audit', async () => {
		const bench = await watching();
		bench.account.restore(1);
		for (const name of ['alert 4', 'alert 5', 'alert 6', 'alert 7']) bench.deliver(name);
		await bench.poll();
		await bench.poll(HOUR);
		await bench.poll();
		expect(new Set(bench.subjects)).toEqual(
			new Set(['1', '2', '3', '4', '5', '6', '7'].map((n) => `alert ${n}`)),
		);
	});

	it('does not have the clean-up of an old message done to a new one with its number', async () => {
		const bench = new IngestBench([{ ...RULE, CleanUp: { Action: 'Delete' } }]);
		bench.deliver('alert 1');
		bench.deliver('alert 2');
		await bench.poll();
		bench.account.restore(1);
		await bench.poll();
		bench.deliver('alert 3');
		await bench.endAll('success');
		await bench.poll();
		expect(bench.account.subjects()).toContain('alert 3');
	});
});

describe('a mailbox that was restored and has grown beyond its old size before it is looked at again', () => {
	it.each(['Delete', 'MoveToFolder', 'MarkAsRead'])(
		'has no clean-up done to a new message that bears the number of an old one (%s), and delivers it',
		async (Action) => {
			const cleanUp = { Action, ...(Action === 'MoveToFolder' && { Folder: 'Done' }) };
			const bench = new IngestBench([{ ...RULE, CleanUp: cleanUp }]);
			bench.deliver('alert 1');
			bench.deliver('alert 2');
			await bench.poll();
			bench.account.restore(1);
			bench.deliver('alert 3', { messageId: '<three@zion.com>' });
			bench.deliver('alert 4', { messageId: '<four@zion.com>' });
			await bench.endAll('success');
			await bench.poll();
			expect(bench.account.subjects()).toEqual(expect.arrayContaining(['alert 3', 'alert 4']));
			expect(bench.reported).toContainEqual({ event: 'restored', mailbox: 'INBOX' });
			bench.endAtOnce = true;
			await bench.poll();
			await bench.poll();
			expect(bench.subjects).toEqual(expect.arrayContaining(['alert 3', 'alert 4']));
		},
	);

	it('has clean-ups done where the server does not let it be asked', async () => {
		const bench = new IngestBench([{ ...RULE, CleanUp: { Action: 'Delete' } }]);
		bench.deliver('alert 1');
		await bench.poll();
		bench.account.refuse.set('heads', new IngestError('stale-reference', 'created anew'));
		await bench.endAll('success');
		await bench.poll().catch(() => undefined);
		expect(bench.account.subjects()).toEqual([]);
	});

	it.each([
		[false, ['alert poison']],
		[true, []],
	])(
		'has no new message go to quarantine for an old one with its number (restored: %s)',
		async (isRestored, quarantined) => {
			const bench = new IngestBench([RULE]);
			bench.deliver('alert 1');
			const poison = bench.deliver('alert poison');
			const strikes = () => bench.cursor?.pending.find(({ uid }) => uid === poison)?.strikes ?? 0;
			let good = 0;
			while (strikes() < 4) {
				bench.deliver(`alert good ${String((good += 1))}`);
				await bench.poll(70);
				await bench.endPoisoned(['alert poison']);
			}
			await bench.poll(70);
			await bench.endPoisoned(['alert poison']);
			if (isRestored) bench.account.restore(good + 1);
			for (let n = 0; n <= good + 1; n += 1) {
				bench.deliver(`alert new ${String(n)}`, { messageId: `<new-${String(n)}@zion.com>` });
			}
			await bench.poll();
			await bench.endPoisoned(['alert poison']);
			await bench.poll();
			expect(bench.account.subjects('Ingest Quarantine')).toEqual(quarantined);
		},
	);
});

describe('mail that the server does not tell of', () => {
	it('is looked at by the audit, and counted', async () => {
		const bench = await watching();
		const hidden = bench.deliver('alert 4');
		bench.deliver('alert 5');
		bench.account.hidden.add(hidden);
		await bench.poll();
		expect(bench.subjects).not.toContain('alert 4');
		await bench.poll(HOUR);
		expect(bench.subjects).toContain('alert 4');
		expect(bench.reported).toEqual([{ event: 'missed', mailbox: 'INBOX', count: 1 }]);
		await bench.poll(HOUR);
		expect(bench.subjects.filter((subject) => subject === 'alert 4')).toHaveLength(1);
	});

	it('is looked at though it turns up later than what came after it, and after an audit', async () => {
		const bench = await watching();
		const late = bench.deliver('alert 4');
		bench.deliver('alert 5');
		const all = bench.account.mailboxes.get('INBOX') ?? [];
		const shown = all.filter(({ uid }) => uid !== late);
		bench.account.mailboxes.set('INBOX', shown);
		await bench.poll();
		await bench.poll(HOUR);
		bench.account.mailboxes.set('INBOX', all);
		await bench.poll(HOUR);
		expect(bench.subjects).toContain('alert 4');
		expect(bench.reported).toEqual([{ event: 'missed', mailbox: 'INBOX', count: 1 }]);
	});

	it('is looked at also where UIDNEXT stands still', async () => {
		const bench = await watching();
		bench.account.uidNextTold = 4;
		bench.deliver('alert 4');
		await bench.poll();
		expect(bench.subjects).not.toContain('alert 4');
		await bench.poll(HOUR);
		expect(bench.subjects).toContain('alert 4');
		expect(bench.reported).toEqual([{ event: 'missed', mailbox: 'INBOX', count: 1 }]);
	});

	it('is looked at after a restart too', async () => {
		const bench = await watching();
		bench.account.hidden.add(bench.deliver('alert 4'));
		await bench.poll();
		bench.crash();
		await bench.poll();
		expect(bench.subjects).toContain('alert 4');
	});
});

describe('an audit', () => {
	it('is one command an hour, and finds nothing where the server told the truth', async () => {
		const bench = await watching();
		bench.account.calls.length = 0;
		for (let minute = 0; minute < 5 * HOUR; minute += 1) await bench.poll();
		const audits = bench.account.calls.filter((call) => call.startsWith('timesOfReceipt'));
		expect(audits.length).toBeGreaterThanOrEqual(4);
		expect(audits.length).toBeLessThanOrEqual(5);
		expect(bench.reported).toEqual([]);
	});
});

describe('a message that somebody has deleted', () => {
	it('is not delivered', async () => {
		const bench = await watching();
		bench.deliver('alert 4', { flags: new Set(['\\Deleted']) });
		await bench.poll();
		expect(bench.subjects).not.toContain('alert 4');
	});

	it('is neither delivered again nor moved to quarantine', async () => {
		const bench = new IngestBench([RULE]);
		bench.deliver('alert 1');
		bench.endAtOnce = 'failure';
		for (let hour = 0; hour < 2; hour += 1) await bench.poll(HOUR);
		const before = bench.subjects.length;
		for (const message of bench.account.mailboxes.get('INBOX') ?? [])
			message.flags.add('\\Deleted');
		for (let hour = 0; hour < 24; hour += 1) await bench.poll(HOUR);
		expect(bench.subjects).toHaveLength(before);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});
});
