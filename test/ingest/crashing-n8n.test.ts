import { describe, expect, it } from 'vitest';

import type { IngestSettings } from '../../nodes/ingest/ingest';
import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const QUARANTINE = 'Ingest Quarantine';
const DEADLY = 'alert deadly';

/** A trigger with so many alerts, of which the one in the middle may be one that n8n dies of. */
function benchWith(
	count: number,
	deadly: readonly string[] = [],
	settings: Partial<IngestSettings> = {},
): IngestBench {
	const bench = new IngestBench([MOVE], settings);
	const alerts = Array.from({ length: count }, (_, number) => `alert ${String(number)}`);
	for (const subject of alerts.toSpliced(count / 2, 0, ...deadly)) bench.deliver(subject);
	return bench;
}

/** Polls for so many minutes; n8n dies as soon as it runs the deadly alert, with all else that it runs. */
async function live(bench: IngestBench, minutes: number): Promise<number> {
	let deaths = 0;
	for (let minute = 0; minute < minutes; minute += 1) {
		await bench.poll();
		if (bench.running.flat().includes(DEADLY)) {
			deaths += 1;
			bench.crash();
		}
		while (bench.started.length > 0) {
			await bench.endAll('success');
			if (bench.running.flat().includes(DEADLY)) break;
		}
	}
	return deaths;
}

const timesOf = ({ subjects }: IngestBench, subject: string) =>
	subjects.filter((other) => other === subject).length;

describe('a message that n8n dies of each time', () => {
	it('goes to quarantine after its attempts alone, and all others are delivered', async () => {
		const bench = benchWith(200, [DEADLY]);
		const deaths = await live(bench, 300);
		expect(bench.account.subjects(QUARANTINE)).toEqual([DEADLY]);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.account.subjects('Done')).toHaveLength(200);
		// Twice with all others, with 30 and with 5 of them, and five times alone.
		expect(deaths).toBe(9);
		expect(bench.cursor?.pending).toEqual([]);
		expect(bench.ids.get(DEADLY)?.size).toBe(1);
	});

	it('has a grown pause each time, as one that fails', async () => {
		const bench = benchWith(0, [DEADLY]);
		const at: number[] = [];
		for (let minute = 0; minute < 300; minute += 1) {
			if ((await live(bench, 1)) > 0) at.push(minute);
		}
		const pauses = at.slice(1).map((minute, index) => minute - (at[index] ?? 0));
		// The lease of five minutes at least; half of 12.5 and of 60 minutes at least.
		expect(pauses).toEqual([5, 5, 5, 5, 7, 30]);
	});

	it('is told of as soon as it is likely, and with what befell it in the end', async () => {
		const bench = benchWith(3, [DEADLY]);
		await live(bench, 300);
		expect(bench.reported).toMatchObject([
			{
				event: 'deliveryFailing',
				subject: DEADLY,
				error: expect.stringMatching(/^n8n ended 1 time/) as unknown,
			},
			{ event: 'deliveryFailing', error: expect.stringMatching(/^n8n ended 2 time/) as unknown },
			{ event: 'deliveryFailing' },
			{ event: 'deliveryFailing' },
			{
				event: 'quarantined',
				attempts: 7,
				lastError: expect.stringMatching(/^n8n ended 5 time.* alone/) as unknown,
				messages: [{ subject: DEADLY }],
			},
		]);
	});

	it('does not hold up mail that comes meanwhile', async () => {
		const bench = benchWith(3, [DEADLY]);
		for (let minute = 0; minute < 300; minute += 1) {
			bench.deliver(`alert at ${String(minute)}`);
			await live(bench, 1);
			// Only what ran as n8n died waits for the lease.
			expect(bench.account.subjects().length).toBeLessThan(8);
		}
		await live(bench, 30);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.account.subjects(QUARANTINE)).toEqual([DEADLY]);
	});

	it('is found where the workflow was known to fail, too', async () => {
		const bench = benchWith(5);
		for (let minute = 0; minute < 30; minute += 1) {
			await bench.poll();
			await bench.endPoisoned([], true);
		}
		expect(bench.reported.at(-1)).toMatchObject({ event: 'workflowFailing' });
		bench.crash();
		bench.deliver(DEADLY);
		await live(bench, 400);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.account.subjects(QUARANTINE)).toEqual([DEADLY]);
	});
});

describe('an n8n that ends by itself again and again', () => {
	it('has nothing quarantined, however often it ends soon after its start', async () => {
		const bench = benchWith(20);
		for (let life = 0; life < 500; life += 1) {
			await bench.poll();
			bench.crash();
		}
		await live(bench, 30);
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(bench.account.subjects('Done')).toHaveLength(20);
	});

	it('delivers at full speed what was on its way as it was restarted', async () => {
		const bench = benchWith(200);
		await bench.poll();
		bench.crash();
		const before = bench.handOvers;
		await live(bench, 6);
		expect(bench.account.subjects('Done')).toHaveLength(200);
		expect(bench.handOvers - before).toBe(4);
	});

	it('delivers within a minute what was on its way, where executions end with the process', async () => {
		const bench = benchWith(3);
		bench.ranHere = true;
		await bench.poll();
		await bench.endAll('success');
		bench.deliver('alert 3');
		await bench.poll();
		bench.crash();
		await bench.poll(0);
		expect(bench.running).toEqual([]);
		await bench.poll();
		expect(bench.running).toEqual([['alert 3']]);
	});

	it.each([{ ranHere: undefined }, { ranHere: false }])(
		'leaves it alone for the lease where they may outlast it: $ranHere',
		async ({ ranHere }) => {
			const bench = benchWith(3);
			bench.ranHere = ranHere;
			await bench.poll();
			await bench.endAll('success');
			bench.deliver('alert 3');
			await bench.poll();
			bench.crash();
			for (let minute = 0; minute < 4; minute += 1) await bench.poll();
			expect(bench.running).toEqual([]);
			await bench.poll();
			expect(bench.running).toEqual([['alert 3']]);
		},
	);

	it('delivers one execution at a time, within a minute or two, what was on its way both times', async () => {
		const bench = benchWith(200);
		await bench.poll();
		bench.crash();
		await bench.poll(5);
		bench.crash();
		await bench.poll(5);
		bench.endAtOnce = true;
		await live(bench, 3);
		expect(bench.account.subjects('Done')).toHaveLength(200);
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(bench.sizes.slice(-7)).toEqual([30, 30, 30, 30, 30, 30, 20]);
	});

	it('blames no message whose execution has ended in between, however it ended', async () => {
		const bench = benchWith(1);
		for (let life = 0; life < 30; life += 1) {
			await bench.poll(61);
			await bench.poll();
			await bench.endAll('unknown');
			await bench.poll();
			bench.crash();
		}
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(timesOf(bench, 'alert 0')).toBeGreaterThan(20);
	});

	it('blames no message that the action node has not acknowledged', async () => {
		const bench = benchWith(1, [], { acknowledge: 'actionNode' });
		for (let day = 0; day < 30; day += 1) {
			await bench.poll(25 * 60);
			await bench.endAll('success');
			if (day % 2 === 0) bench.crash();
		}
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(bench.account.subjects()).toEqual(['alert 0']);
	});
});
