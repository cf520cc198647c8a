import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import type { CannotMove } from '../../nodes/mail/ports';
import { IngestBench, KEYWORD } from '../support/imap/ingest-bench';

const RULE = { Name: 'Alerts', Filter: { Subject: '^alert' } };
const OTHERS = { Name: 'Others', CleanUp: { Action: 'Flag' } };
const HOUR = 60;

/** A mail whose executions fail while others succeed, on a server without MOVE and UIDPLUS, and a day after. */
async function failing(cannotMove: CannotMove): Promise<IngestBench> {
	const bench = new IngestBench([RULE, OTHERS], { cannotMove });
	bench.account.canMove = false;
	bench.account.deliver('alert 1');
	for (let hour = 0; hour < 24; hour += 1) {
		bench.account.deliver(`other ${String(hour)}`);
		await bench.poll(HOUR);
		await bench.endPoisoned(['alert 1']);
	}
	await bench.poll();
	return bench;
}

describe('where the server cannot move, a message whose last attempt has failed', () => {
	it('is marked and left, told of once, and does not come again', async () => {
		const bench = await failing('leave');
		expect(bench.subjects.filter((subject) => subject === 'alert 1')).toHaveLength(6);
		expect(bench.account.mailboxes.get('INBOX')?.[0]?.flags).toContain(KEYWORD);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual([]);
		expect(bench.reported.at(-1)).toMatchObject({
			event: 'leftBehind',
			uids: [1],
			copiedTo: null,
		});
		expect(bench.cursor?.pending).toEqual([]);
	});

	it('is copied to quarantine, marked and left, where that is wanted', async () => {
		const bench = await failing('copy');
		expect(bench.subjects.filter((subject) => subject === 'alert 1')).toHaveLength(6);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert 1']);
		expect(bench.account.subjects()).toContain('alert 1');
		expect(bench.reported.at(-1)).toMatchObject({
			event: 'leftBehind',
			copiedTo: 'Ingest Quarantine',
		});
	});

	it('goes to quarantine by way of EXPUNGE, where that is wanted', async () => {
		const bench = await failing('expunge');
		expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert 1']);
		expect(bench.account.subjects()).not.toContain('alert 1');
		expect(bench.reported.at(-1)).toMatchObject({ event: 'quarantined' });
	});
});

describe('clean-ups that the server refuses', () => {
	const MOVE = { ...RULE, CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } };

	it('hold no new mail back, however many there are', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.refuse.set('move', new IngestError('refused-by-server', 'No room'));
		bench.endAtOnce = true;
		for (let poll = 0; poll < 14; poll += 1) {
			for (let n = 0; n < 100; n += 1) bench.account.deliver(`alert ${String(poll)}-${String(n)}`);
			await bench.poll().catch(() => undefined);
		}
		expect(new Set(bench.subjects).size).toBe(1_400);
		expect(bench.subjects).toHaveLength(1_400);
	});

	it('are given up when there are thousands, the oldest first and marked as delivered', async () => {
		const bench = new IngestBench([MOVE], { batchSize: 500 });
		bench.account.refuse.set('move', new IngestError('refused-by-server', 'No room'));
		bench.endAtOnce = true;
		for (let poll = 0; poll < 12; poll += 1) {
			for (let n = 0; n < 200; n += 1) bench.account.deliver(`alert ${String(poll)}-${String(n)}`);
			await bench.poll().catch(() => undefined);
		}
		await bench.poll().catch(() => undefined);
		expect(bench.cursor?.pending).toHaveLength(2_000);
		expect(bench.account.mailboxes.get('INBOX')?.[0]?.flags).toContain(KEYWORD);
		expect(bench.logged.join('\n')).toContain('Gave up the clean-up');
	});
});

describe('deliveries that wait for a workflow that fails', () => {
	it('are told of once they hold new mail back', async () => {
		const bench = new IngestBench([RULE], { acknowledge: 'actionNode', batchSize: 500 });
		for (let n = 0; n < 1_200; n += 1) bench.account.deliver(`alert ${String(n)}`);
		await bench.poll();
		await bench.endAll('success');
		await expect(bench.poll()).rejects.toMatchObject({ code: 'held-back' });
		expect(bench.reported).toMatchObject([{ event: 'heldBack', pending: 1_000 }]);
	});
});
