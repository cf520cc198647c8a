import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { isPaused, noteFailure } from '../../nodes/core/delivery/outage';
import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const DAY_MINUTES = 24 * 60;

describe('a clock that is set back by a month', () => {
	it('does not put off what a crash left open', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		bench.crash();
		await bench.poll(-30 * DAY_MINUTES);
		expect(bench.running).toEqual([['alert 1']]);
	});

	it('does not put off the next attempt of a failed delivery', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('failure');
		await bench.poll();
		await bench.poll(-30 * DAY_MINUTES);
		expect(bench.running).toEqual([['alert 1']]);
		await bench.endAll('success');
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});

	it('ends the pause after a refused sign-in', () => {
		const error = new IngestError('password-rejected', 'The password is wrong', {
			remedy: 'Change it.',
		});
		const { outage } = noteFailure(undefined, error, { now: 1e12, random: 0, starting: false });
		expect(isPaused(outage, 1e12 + 1)).toBe(true);
		expect(isPaused(outage, 1e12 - 1)).toBe(false);
		expect(isPaused(undefined, 1e12)).toBe(false);
	});
});

describe('the lease of a delivery', () => {
	it('is kept to where the clock is right', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		bench.crash();
		await bench.poll(1);
		expect(bench.running).toEqual([]);
	});
});
