import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const REFUSAL = new IngestError('refused-by-server', 'Permission denied');

/** A message whose delivery has succeeded and that cannot be moved. */
async function refusing(): Promise<IngestBench> {
	const bench = new IngestBench([MOVE]);
	bench.account.deliver('alert 1');
	bench.account.refuse.set('move', REFUSAL);
	await bench.poll();
	await bench.endAll('success');
	return bench;
}

/** One whose cursor does not know of the delivery that is on its way. */
async function rolledBack(): Promise<IngestBench> {
	const bench = new IngestBench([MOVE]);
	await bench.poll();
	const before = bench.stored;
	bench.account.deliver('alert 1');
	await bench.poll();
	bench.stored = before;
	await bench.poll();
	return bench;
}

const moves = ({ account }: IngestBench) =>
	account.calls.filter((call) => call.startsWith('move')).length;

describe('a clean-up that is refused for good', () => {
	it('is tried again with growing pauses, half an hour to an hour apart in the end', async () => {
		const bench = await refusing();
		for (let minute = 0; minute < 24 * 60; minute += 1) await bench.poll().catch(() => undefined);
		expect(moves(bench)).toBeGreaterThan(40);
		expect(moves(bench)).toBeLessThan(60);
	});

	it('is not forgotten, and its message is delivered once only', async () => {
		const bench = await refusing();
		for (let hour = 0; hour < 48; hour += 1) {
			await expect(bench.poll(60)).rejects.toThrow('Permission denied');
			expect(bench.running).toEqual([]);
		}
		bench.account.refuse.clear();
		await bench.poll(60);
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
		await bench.poll();
		expect(bench.running).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});

	it('does not keep new mail waiting, also where the server says that it has trouble of its own', async () => {
		const bench = await refusing();
		bench.account.refuse.set('move', new IngestError('throttled', 'Internal error occurred'));
		bench.account.deliver('alert 2');
		await bench.poll().catch(() => undefined);
		expect(bench.running).toEqual([['alert 2']]);
	});

	it('does not keep that of another message waiting', async () => {
		const bench = await refusing();
		bench.account.refuse.clear();
		bench.account.deliver('alert 2');
		await expect(bench.poll(0)).rejects.toThrow('Permission denied');
		await bench.endAll('success');
		expect(bench.account.subjects('Done')).toEqual(['alert 2']);
	});

	it('is tried at once when the clock was set back', async () => {
		const bench = await refusing();
		bench.account.refuse.clear();
		await bench.poll(-7 * 24 * 60);
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});
});

describe('a cursor that is rolled back while an execution runs', () => {
	it('learns of the delivery again, so that it is tried again when it fails', async () => {
		const bench = await rolledBack();
		expect(bench.running).toEqual([['alert 1']]);
		await bench.endAll('failure');
		await bench.poll();
		await bench.poll();
		expect(bench.running).toEqual([['alert 1']]);
	});

	it('holds the delivery open for the process that comes after a crash', async () => {
		const bench = await rolledBack();
		bench.crash();
		await bench.poll();
		expect(bench.running).toEqual([]);
		await bench.poll(6);
		expect(bench.running).toEqual([['alert 1']]);
	});
});
