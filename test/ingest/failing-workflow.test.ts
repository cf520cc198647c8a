import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const QUARANTINE = 'Ingest Quarantine';

/** A trigger with so many alerts, and how it fares with a receiver that is down. */
async function failing(count: number, minutes: number): Promise<IngestBench> {
	const bench = new IngestBench([MOVE]);
	for (let number = 1; number <= count; number += 1)
		bench.account.deliver(`alert ${String(number)}`);
	for (let minute = 0; minute < minutes; minute += 1) {
		await bench.poll();
		await bench.endPoisoned([], true);
	}
	return bench;
}

const eventsOf = ({ reported }: IngestBench) => reported.map(({ event }) => event);

describe('a workflow that fails with every message', () => {
	it('is tried with one message now and then, at last every five minutes, and costs no attempts', async () => {
		const bench = await failing(300, 24 * 60);
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(bench.account.subjects()).toHaveLength(300);
		// Some to find out, and a probe every five minutes.
		expect(bench.handOvers).toBeLessThan(24 * 12 + 30);
		expect(bench.handOvers).toBeGreaterThan(24 * 11);
	});

	it('is tried with another message each time', async () => {
		const bench = await failing(300, 60);
		const tried = bench.subjects.slice(-10);
		expect(new Set(tried).size).toBe(10);
	});

	it('is told of once, and its recovery once', async () => {
		const bench = await failing(30, 60);
		await bench.poll(5);
		await bench.endPoisoned([]);
		await bench.poll();
		expect(eventsOf(bench)).toEqual(['deliveryFailing', 'workflowFailing', 'workflowRecovered']);
		expect(bench.reported[1]).toMatchObject({
			waiting: 30,
			lastError: 'Bad request',
			node: 'HTTP Request',
			summary: expect.stringMatching(
				/^Every execution of the workflow has failed since/,
			) as unknown,
		});
	});

	it('is caught up with at once, in executions of 1, 2, 4 and so on', async () => {
		const bench = await failing(120, 60);
		const before = bench.handOvers;
		await bench.poll(5);
		await bench.endPoisoned([]);
		await bench.poll();
		await bench.endPoisoned([]);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.sizes.slice(before)).toEqual([1, 2, 4, 8, 16, 32, 50, 7]);
	});

	it('keeps new mail in the mailbox meanwhile', async () => {
		const bench = await failing(3, 10);
		for (let number = 4; number <= 900; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		for (let minute = 0; minute < 60; minute += 1) {
			await bench.poll();
			await bench.endPoisoned([], true);
		}
		expect(bench.cursor?.position).toBeLessThan(300);
	});

	it('is recognised where there is only one message, too', async () => {
		const bench = await failing(1, 6 * 60);
		expect(bench.account.subjects(QUARANTINE)).toEqual([]);
		expect(eventsOf(bench)).toEqual(['deliveryFailing', 'workflowFailing']);
		await bench.poll(5);
		await bench.endPoisoned([]);
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});

	it('is told of once, over a restart of n8n, too, and so is its recovery', async () => {
		const bench = await failing(30, 60);
		const before = bench.handOvers;
		bench.crash();
		for (let minute = 0; minute < 60; minute += 1) {
			await bench.poll();
			await bench.endPoisoned([], true);
		}
		// A lease is kept to first; then a probe every five minutes at most.
		expect(bench.handOvers - before).toBeLessThan(16);
		bench.crash();
		await bench.poll(10);
		await bench.endPoisoned([]);
		await bench.poll();
		await bench.endPoisoned([]);
		expect(eventsOf(bench)).toEqual(['deliveryFailing', 'workflowFailing', 'workflowRecovered']);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.cursor?.failingSince).toBe(0);
	});

	it('is one for all mailboxes of a trigger: one probe, one event each, and all go on together', async () => {
		const trinity = new IngestBench([MOVE], { accountName: 'trinity@localhost' });
		const neo = new IngestBench([MOVE]);
		neo.shareWorkflow(trinity);
		for (let number = 1; number <= 60; number += 1) {
			neo.deliver(`alert n${String(number)}`);
			trinity.deliver(`alert t${String(number)}`);
		}
		for (let minute = 0; minute < 60; minute += 1) {
			for (const bench of [neo, trinity]) {
				await bench.poll();
				await bench.endPoisoned([], true);
			}
		}
		expect(neo.handOvers + trinity.handOvers).toBeLessThan(40);
		expect([...eventsOf(neo), ...eventsOf(trinity)].sort()).toEqual([
			'deliveryFailing',
			'workflowFailing',
		]);
		for (let minute = 0; minute < 8; minute += 1) {
			for (const bench of [neo, trinity]) {
				await bench.poll();
				await bench.endPoisoned([]);
			}
		}
		expect(neo.account.subjects('Done')).toHaveLength(60);
		expect(trinity.account.subjects('Done')).toHaveLength(60);
		expect([...neo.account.subjects(QUARANTINE), ...trinity.account.subjects(QUARANTINE)]).toEqual(
			[],
		);
	});

	it('is tried, and caught up with, though an execution hangs for hours', async () => {
		const bench = new IngestBench([MOVE], { batchSize: 1 });
		bench.deliver('alert that hangs');
		await bench.poll();
		bench.started.splice(0);
		for (let minute = 0; minute < 30; minute += 1) {
			bench.deliver(`alert ${String(minute)}`);
			await bench.poll();
			await bench.endPoisoned([], true);
		}
		expect(eventsOf(bench)).toEqual(['deliveryFailing', 'workflowFailing']);
		for (let minute = 0; minute < 8; minute += 1) {
			await bench.poll();
			await bench.endPoisoned([]);
		}
		expect(bench.account.subjects('Done')).toHaveLength(30);
	});

	it('has not to be failing for an execution that hangs to hold others back after two failures', async () => {
		const bench = new IngestBench([MOVE], { batchSize: 1 });
		bench.deliver('alert that hangs');
		await bench.poll();
		bench.started.splice(0);
		for (let number = 1; number <= 2; number += 1) bench.deliver(`alert ${String(number)}`);
		await bench.poll();
		await bench.endPoisoned([], true);
		bench.deliver('alert 3');
		for (let minute = 0; minute < 8; minute += 1) {
			await bench.poll();
			await bench.endPoisoned([]);
		}
		expect(bench.account.subjects('Done')).toHaveLength(3);
	});

	it('is not what one poison in a quiet mailbox makes of it while another mailbox has mail that waits', async () => {
		const trinity = new IngestBench([MOVE], { accountName: 'trinity@localhost' });
		const neo = new IngestBench([MOVE]);
		neo.shareWorkflow(trinity);
		neo.deliver('alert poison');
		for (let minute = 0; minute < 600; minute += 1) {
			if (minute % 10 === 0) trinity.deliver(`alert ${String(minute)}`);
			for (const bench of [neo, trinity]) {
				await bench.poll(0.5);
				await bench.endPoisoned(['alert poison']);
			}
		}
		expect(neo.account.subjects(QUARANTINE)).toEqual(['alert poison']);
		await neo.account.withMailbox(QUARANTINE, async (mailbox) => {
			const [flags] = (await mailbox.flags([1])).values();
			expect(flags).toContain('$IngestQuarantined_executionFailed');
		});
		expect(trinity.account.subjects()).toEqual([]);
	});

	it('is not taken for one because a few messages fail while others succeed', async () => {
		const bench = new IngestBench([MOVE]);
		const poisons = [1, 2, 3, 4].map((number) => `alert poison ${String(number)}`);
		for (const subject of poisons) bench.account.deliver(subject);
		for (let minute = 0; minute < 300; minute += 1) {
			bench.account.deliver(`alert ${String(minute)}`);
			await bench.poll();
			await bench.endPoisoned(poisons);
		}
		expect(bench.account.subjects(QUARANTINE).sort()).toEqual(poisons);
		expect(eventsOf(bench)).not.toContain('workflowFailing');
	});
});

describe('an execution that failed', () => {
	it('isolates a poison among fifty in a few executions, at once', async () => {
		const bench = new IngestBench([MOVE]);
		for (let number = 1; number <= 50; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		await bench.poll();
		await bench.endPoisoned(['alert 17']);
		expect(bench.account.subjects()).toEqual(['alert 17']);
		expect(bench.handOvers).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(50)));
	});

	it('that n8n could not start is one, also at hand-off', async () => {
		const bench = new IngestBench([MOVE], { acknowledge: 'handOff' });
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('notStarted');
		for (let minute = 0; minute < 3; minute += 1) await bench.poll();
		expect(bench.account.subjects('Done')).toEqual([]);
		expect(bench.running).toEqual([['alert 1']]);
	});

	it('of which n8n has not told yet leaves the mailbox alone at hand-off', async () => {
		const bench = new IngestBench([MOVE], { acknowledge: 'handOff' });
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.poll();
		expect(bench.account.subjects()).toEqual(['alert 1']);
	});
});

describe('an execution that goes to sleep in a Wait node', () => {
	it('counts as delivered', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('waiting');
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});

	it('delivers again where that is chosen, and quarantines nothing', async () => {
		const bench = new IngestBench([MOVE], { waitingExecutions: 'again' });
		bench.account.deliver('alert 1');
		for (let hour = 0; hour < 24; hour += 1) {
			await bench.poll(60);
			await bench.endAll('waiting');
		}
		expect(bench.account.subjects()).toEqual(['alert 1']);
	});
});

describe('an execution that runs for hours', () => {
	it('is on its way as long as n8n has not told how it ended, for a day', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		for (let hour = 1; hour < 24; hour += 1) await bench.poll(60);
		expect(bench.handOvers).toBe(1);
		await bench.poll(61);
		await bench.poll();
		expect(bench.handOvers).toBe(2);
	});
});

/** A minute or more in the life of a mailbox. */
const round = fc.record({
	mails: fc.integer({ min: 0, max: 6 }),
	poison: fc.boolean(),
	minutes: fc.constantFrom(1, 5, 70),
	isDown: fc.boolean(),
});

describe('whatever is down and for however long', () => {
	it('only poison goes to quarantine, and all of it; nothing is lost, and ids stay', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(round, { maxLength: 25 }), async (rounds) => {
				const bench = new IngestBench([MOVE]);
				const poisons: string[] = [];
				let sent = 0;
				const send = (kind: string): string => {
					sent += 1;
					const subject = `alert ${kind} ${String(sent)}`;
					bench.account.deliver(subject, { messageId: `<${String(sent)}@zion.com>` });
					return subject;
				};
				for (const { mails, poison, minutes, isDown } of rounds) {
					for (let mail = 0; mail < mails; mail += 1) send('good');
					if (poison) poisons.push(send('poison'));
					await bench.poll(minutes);
					await bench.endPoisoned(poisons, isDown);
				}
				for (let minute = 0; minute < 60; minute += 1) {
					if (minute < 55) send('late');
					await bench.poll(10);
					await bench.endPoisoned(poisons);
				}
				await bench.poll(0);
				expect(bench.account.subjects(QUARANTINE).sort()).toEqual([...poisons].sort());
				expect(bench.account.subjects()).toEqual([]);
				expect(bench.account.subjects('Done')).toHaveLength(sent - poisons.length);
				for (const ids of bench.ids.values()) expect(ids.size).toBe(1);
			}),
			{ numRuns: 60 },
		);
	});
});
