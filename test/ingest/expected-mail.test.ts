import { describe, expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const BACKUP = {
	Name: 'Backup',
	Filter: { Subject: '^backup' },
	Expect: { Every: '1d', Grace: '2h' },
};
const HOUR = 60;
const DAY = 24 * HOUR;

/** A trigger that watches from 2026-11-23T03:01 on. */
async function watching(rule: object = BACKUP): Promise<IngestBench> {
	const bench = new IngestBench([rule]);
	bench.endAtOnce = true;
	await bench.poll();
	return bench;
}

const told = ({ reported }: IngestBench) => reported.map(({ event }) => event);

describe('mail that a rule expects', () => {
	it('is missing once, with what a person needs to know, and arrives late', async () => {
		const bench = await watching();
		bench.deliver('backup 1', { receivedAt: '2026-11-23T03:01:00.000Z' });
		await bench.poll();
		await bench.poll(DAY + 2 * HOUR + 1);
		await bench.poll();
		expect(bench.reported).toEqual([
			{
				event: 'missing',
				summary:
					'No mail has come for rule "Backup", which is expected every 1d: it was due at 2026-11-24T03:01:00.000Z. The last one came at 2026-11-23T03:01:00.000Z.',
				rule: 'Backup',
				due: '2026-11-24T03:01:00.000Z',
				lastSeen: '2026-11-23T03:01:00.000Z',
			},
		]);
		bench.deliver('backup 2');
		await bench.poll();
		expect(bench.reported[1]).toMatchObject({ event: 'arrivedLate', rule: 'Backup' });
		expect(told(bench)).toHaveLength(2);
	});

	it('counts when it arrived, also where it was read after a crash and a day later', async () => {
		const bench = await watching();
		bench.now += 20 * HOUR * 60_000;
		bench.deliver('backup 1');
		bench.crash();
		await bench.poll(20 * HOUR);
		expect(told(bench)).toEqual([]);
		await bench.poll(7 * HOUR);
		expect(told(bench)).toEqual(['missing']);
	});

	it('counts though its delivery fails', async () => {
		const bench = await watching();
		bench.endAtOnce = 'failure';
		bench.now += 20 * HOUR * 60_000;
		bench.deliver('backup 1');
		for (let hour = 0; hour < 24; hour += 1) await bench.poll(HOUR);
		expect(told(bench)).not.toContain('missing');
	});

	it('is not counted by a message of another rule', async () => {
		const bench = await watching();
		bench.deliver('news');
		await bench.poll(DAY + 3 * HOUR);
		expect(told(bench)).toEqual(['missing']);
	});

	it('is told of once, also when n8n is killed right after', async () => {
		const bench = await watching();
		await bench.poll(DAY + 3 * HOUR);
		bench.crash();
		await bench.poll();
		await bench.poll(DAY);
		expect(told(bench)).toEqual(['missing']);
	});

	it('is forgotten with its rule', async () => {
		const bench = await watching();
		expect(bench.cursor?.waiting).toHaveLength(1);
		bench.changeRules({ Name: 'Backup', Filter: { Subject: '^backup' } });
		await bench.poll(3 * DAY);
		expect(told(bench)).toEqual([]);
		expect(bench.cursor?.waiting ?? []).toEqual([]);
	});
});
