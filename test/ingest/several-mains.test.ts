import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const MINUTE_MS = 60_000;
const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const KEEP = { ...MOVE, CleanUp: { Action: 'None' } };

/** Two mains of n8n: each with a memory of its own, over one database and one mailbox. */
class Cluster {
	readonly first: IngestBench;
	readonly second: IngestBench;

	constructor(rule: unknown) {
		this.first = new IngestBench([rule]);
		this.second = new IngestBench([rule], {}, this.first.account);
	}

	deliver(...subjects: readonly string[]): void {
		for (const subject of subjects) this.first.deliver(subject);
	}

	/** The second main reads the database, as one that has just become the leader. */
	takeOver(saved: object | undefined = this.first.stored): void {
		this.second.crash(saved);
	}

	/** A main that leads, or believes that it does, polls. */
	async poll(main: IngestBench, minutes = 1): Promise<void> {
		const now = Math.max(this.first.now, this.second.now) + minutes * MINUTE_MS;
		for (const each of [this.first, this.second]) each.now = now;
		await main.poll(0);
	}

	/** How often an alert was handed over, by both. */
	times(subject: string): number {
		const all = [...this.first.subjects, ...this.second.subjects];
		return all.filter((other) => other === subject).length;
	}

	/** Ids under which an alert was handed over. */
	ids(subject: string): ReadonlySet<string> {
		return new Set([this.first, this.second].flatMap(({ ids }) => [...(ids.get(subject) ?? [])]));
	}
}

describe('another main that takes over', () => {
	it('leaves what is on its way alone for the lease, and the first one tidies it up', async () => {
		const cluster = new Cluster(MOVE);
		const { first, second } = cluster;
		cluster.deliver('alert 1', 'alert 2');
		await cluster.poll(first);
		cluster.takeOver();
		for (let minute = 0; minute < 4; minute += 1) await cluster.poll(second);
		expect(second.subjects).toEqual([]);
		await first.endAll('success');
		for (let minute = 0; minute < 10; minute += 1) await cluster.poll(second);
		expect(second.subjects).toEqual([]);
		expect(first.account.subjects('Done')).toEqual(['alert 1', 'alert 2']);
	});

	it('does not deliver again what stays in the mailbox and is marked there', async () => {
		const cluster = new Cluster(KEEP);
		const { first, second } = cluster;
		cluster.deliver('alert 1');
		await cluster.poll(first);
		cluster.takeOver();
		await first.endAll('success');
		for (let minute = 0; minute < 10; minute += 1) await cluster.poll(second);
		expect(second.subjects).toEqual([]);
	});

	it('delivers after the lease, once and with the same id, what a main that is gone had on its way', async () => {
		const cluster = new Cluster(MOVE);
		const { first, second } = cluster;
		cluster.deliver('alert 1', 'alert 2');
		await cluster.poll(first);
		cluster.takeOver();
		cluster.deliver('alert 3');
		for (let minute = 0; minute < 10; minute += 1) {
			await cluster.poll(second);
			await second.endAll('success');
		}
		expect([...second.subjects].sort()).toEqual(['alert 1', 'alert 2', 'alert 3']);
		expect(cluster.ids('alert 1').size).toBe(1);
		expect(first.account.subjects()).toEqual([]);
	});

	it('and one that still believes it leads lose nothing between them, whatever the database says', async () => {
		const step = fc.record({
			kind: fc.constantFrom(
				'mail',
				'first',
				'second',
				'endFirst',
				'endSecond',
				'takeOver',
				'stale',
			),
			minutes: fc.integer({ min: 0, max: 4 }),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { minLength: 10, maxLength: 60 }),
				fc.constantFrom(MOVE, KEEP),
				async (steps, rule) => {
					const cluster = new Cluster(rule);
					const { first, second } = cluster;
					const saved: Array<object | undefined> = [undefined];
					let count = 0;
					for (const { kind, minutes } of steps) {
						if (kind === 'mail') cluster.deliver(`alert ${String((count += 1))}`);
						else if (kind === 'first') await cluster.poll(first, minutes);
						else if (kind === 'second') await cluster.poll(second, minutes);
						else if (kind === 'endFirst') await first.endAll('success');
						else if (kind === 'endSecond') await second.endAll('success');
						else cluster.takeOver(kind === 'stale' ? saved[minutes] : first.stored);
						saved.unshift(first.stored);
					}
					for (let minute = 0; minute < 20; minute += 1) {
						await cluster.poll(second);
						await second.endAll('success');
					}
					for (let number = 1; number <= count; number += 1) {
						const subject = `alert ${String(number)}`;
						expect(cluster.times(subject)).toBeGreaterThan(0);
						expect(cluster.ids(subject).size).toBe(1);
					}
					expect(first.account.subjects('Ingest Quarantine')).toEqual([]);
					if (rule === MOVE) expect(first.account.subjects()).toEqual([]);
				},
			),
			{ numRuns: 150 },
		);
	});
});
