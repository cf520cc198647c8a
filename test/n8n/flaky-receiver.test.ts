import { expect, it } from 'vitest';

import { runN8nReceiver } from '../chaos/receiver/n8n-receiver-run';

const LIMIT_MS = 900_000;
const ALERTS = 120;

it(
	'a receiver that fails one call in twenty and a kill -9 lose no alert and send none to quarantine',
	async () => {
		// A lease of five minutes after the kill, and some way back.
		const results = await runN8nReceiver({ alerts: ALERTS, kills: 1, limitMs: 600_000 });
		for (const { calls, minutes, left, quarantined } of results) {
			expect(minutes).toBeDefined();
			expect(calls).toBeGreaterThanOrEqual(ALERTS);
			expect({ left, quarantined }).toEqual({ left: 0, quarantined: 0 });
		}
		expect(results.map(({ trigger }) => trigger)).toEqual(['polling', 'instant']);
	},
	LIMIT_MS,
);
