import { setImmediate, setTimeout } from 'node:timers/promises';

import { MatchBudget } from '../core/regex/pattern';
import type { Clock } from '../ingest/ingest';

/** The machine's time. */
export const SYSTEM_CLOCK: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	pause: async () => {
		// The first one may still be of the same turn of the event loop, before its timers and sockets have run.
		await setImmediate();
		await setImmediate();
	},
	sleep: (ms, signal) =>
		setTimeout(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
			if (!signal.aborted) throw error;
		}),
	matchBudget: () => new MatchBudget(),
};
