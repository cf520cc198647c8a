import { describe, expect, it } from 'vitest';

import { mostThrough } from '../chaos/receiver/receiver-report';
import { runReceiver } from '../chaos/receiver/receiver-run';

/** The pause between two probes at the longest, and what the way back may take, in minutes. */
const BACK_WITHIN = 5 + 3;
const QUIET = { flaky: 0, poisonEvery: 1_000, seed: 7, tailMinutes: 120 };

describe.each([
	{ alertsPerMinute: 10, downMinutes: 10 },
	{ alertsPerMinute: 10, downMinutes: 60 },
	{ alertsPerMinute: 10, downMinutes: 360 },
	{ alertsPerMinute: 100, downMinutes: 10 },
])(
	'a receiver of $alertsPerMinute alerts a minute that is down for $downMinutes minutes',
	(given) => {
		it('costs time only: all are through soon, and none but the poisons is in quarantine', async () => {
			const result = await runReceiver({ ...QUIET, ...given });
			expect(result).toMatchObject({
				lost: 0,
				differentIds: 0,
				wronglyQuarantined: 0,
				poisonsLeft: 0,
			});
			expect(result.waiting).toBeGreaterThan(given.alertsPerMinute * given.downMinutes * 0.9);
			expect(result.minutesBehind).toBeLessThan(BACK_WITHIN);
			const told = result.events.map(({ event }) => event);
			expect(told.filter((event) => event === 'workflowFailing').length).toBeLessThan(3);
		});
	},
);

describe('a receiver that fails one call in twenty', () => {
	it('costs at most three times the executions of one that does not, and quarantines nothing but poison', async () => {
		const given = { alertsPerMinute: 10, downMinutes: 0, seed: 7, tailMinutes: 600 };
		const faultless = await runReceiver({ ...given, flaky: 0, poisonEvery: 0 });
		const result = await runReceiver({ ...given, flaky: 0.05, poisonEvery: 1_000 });
		expect(result).toMatchObject({ lost: 0, wronglyQuarantined: 0, poisonsLeft: 0 });
		expect(result.executions).toBeLessThan(3 * faultless.executions);
	});

	it('lets large executions, which cannot succeed then, be divided', async () => {
		const given = { alertsPerMinute: 500, downMinutes: 0, seed: 7, tailMinutes: 5 };
		const settings = { batchSize: 500 };
		const result = await runReceiver({ ...given, flaky: 0.05, poisonEvery: 0, settings });
		expect(result).toMatchObject({ lost: 0, wronglyQuarantined: 0 });
		expect(result.executions).toBeLessThan(2 * (result.alerts / mostThrough(0.05)));
		expect(result.mostAttempts).toBeLessThan(20);
	});

	it('costs little more than must be, where more wait than an execution had better have', async () => {
		const given = { alertsPerMinute: 100, downMinutes: 0, seed: 7, tailMinutes: 90 };
		const result = await runReceiver({ ...given, flaky: 0.05, poisonEvery: 1_000 });
		expect(result).toMatchObject({ lost: 0, wronglyQuarantined: 0, poisonsLeft: 0 });
		const fewest = result.alerts / mostThrough(0.05);
		expect(result.executions).toBeLessThan(1.5 * fewest);
	});
});
