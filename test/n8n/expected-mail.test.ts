import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startBench, type Bench } from '../support/n8n/n8n-engine-bench';
import { HEALTH, readExecutions } from '../support/n8n/n8n-engine-mail';

const START_LIMIT_MS = 600_000;
const EVENTUALLY = { timeout: 280_000, interval: 1_000 };
const OPTIONS = { health: true };
const CASES = {
	polled: { user: 'neo@example.com', options: OPTIONS, expect: { Every: '40s', Grace: '5s' } },
	instant: {
		user: 'tank@example.com',
		options: { ...OPTIONS, safetyScan: 60 },
		instant: true,
		expect: { Every: '40s', Grace: '5s' },
	},
} as const;
type Name = keyof typeof CASES;
const NAMES: Name[] = ['polled', 'instant'];

let bench: Bench<Name>;
let stop: (() => Promise<void>) | undefined;

/** What the workflow was told of the mail that it expects, oldest first. */
const told = async (name: Name) => {
	const executions = await readExecutions(bench.n8n.api, bench.cases[name].workflow);
	return executions
		.flatMap(({ outputs }) => outputs[HEALTH]?.[0] ?? [])
		.filter(({ rule }) => rule !== undefined);
};

describe('a backup mail that does not come', () => {
	beforeAll(async () => {
		bench = await startBench({ release: 2, sign: /Version: 2\./ }, CASES);
		({ stop } = bench);
		for (const name of NAMES) await bench.n8n.api.activate(bench.cases[name].workflow.id);
	}, START_LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, START_LIMIT_MS);

	it.each(NAMES)('starts the Health path of the %s trigger, once', async (name) => {
		await vi.waitFor(async () => {
			expect(await told(name)).toMatchObject([
				{ event: 'missing', severity: 'error', rule: 'Knock Knock', lastSeen: null },
			]);
		}, EVENTUALLY);
	});

	it.each(NAMES)('is not told of again after a restart, by the %s trigger', async (name) => {
		if (name === 'polled') await bench.n8n.restart();
		await bench.cases[name].deliver('late');
		await vi.waitFor(async () => {
			const [missing, end] = await told(name);
			expect(end?.event).toMatch(/^(arrivedLate|resumed)$/);
			expect(end?.due).toBe(missing?.due);
		}, EVENTUALLY);
	});
});
