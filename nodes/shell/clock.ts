import { setImmediate } from 'node:timers/promises';

import { MatchBudget } from '../core/regex/pattern';
import type { Clock } from '../ingest/ingest';

/** The machine's time. */
export const SYSTEM_CLOCK: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	pause: async () => {
		await setImmediate();
	},
	matchBudget: () => new MatchBudget({ clock: () => performance.now() }),
};
