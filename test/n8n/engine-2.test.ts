import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startBench, type Bench } from '../support/n8n/n8n-engine-bench';
import type { Case, CaseOptions } from '../support/n8n/n8n-engine-mail';
import { startEngine2 } from '../support/n8n/engine-2';

const LIMIT_MS = 900_000;
const EVENTUALLY = { timeout: 300_000, interval: 1_000 };
const PROCESSED = 'AlertMagic Processed';
const settings = { engineType: 'v2' };

const CASES = {
	standard: { user: 'neo@example.com', settings },
	instantStandard: { user: 'morpheus@example.com', settings, instant: true },
	handOff: { user: 'trinity@example.com', settings, options: { acknowledge: 'handOff' } },
	instantHandOff: {
		user: 'tank@example.com',
		settings,
		instant: true,
		options: { acknowledge: 'handOff' },
	},
	byNode: {
		user: 'dozer@example.com',
		settings,
		acknowledges: true,
		options: { acknowledge: 'actionNode' },
	},
	instantByNode: {
		user: 'oracle@example.com',
		settings,
		instant: true,
		acknowledges: true,
		options: { acknowledge: 'actionNode' },
	},
	switched: { user: 'smith@example.com' },
} satisfies Record<string, CaseOptions>;

describe('n8n 2.41 with Engine 2.0, which tells no trigger how an execution ended', () => {
	let bench: Bench<keyof typeof CASES>;
	let stop: (() => Promise<void>) | undefined;

	beforeAll(async () => {
		bench = await startBench({ release: 2, sign: /./, startBackend: startEngine2 }, CASES);
		({ stop } = bench);
	}, LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, LIMIT_MS);

	/** Posted as often as told, and moved away. */
	const isThrough = ({ subjects, webhook }: Case, count: number) =>
		vi.waitFor(async () => {
			expect(await subjects(PROCESSED)).toHaveLength(count);
			expect(await subjects()).toEqual([]);
			expect(webhook.requests).toHaveLength(count);
		}, EVENTUALLY);

	it.each(['standard', 'instantStandard'] as const)(
		'publishing says what to set (%s)',
		async (name) => {
			const { workflow } = bench.cases[name];
			await expect(bench.n8n.api.activate(workflow.id)).rejects.toThrow(/Acknowledge.*Engine 2\.0/);
		},
	);

	it.each(['handOff', 'instantHandOff', 'byNode', 'instantByNode'] as const)(
		'alerts are delivered once, and moved (%s)',
		async (name) => {
			const test = bench.cases[name];
			await test.deliver('first');
			await bench.n8n.api.activate(test.workflow.id);
			await isThrough(test, 1);
			await test.deliver('second');
			await isThrough(test, 2);
		},
		LIMIT_MS,
	);

	it(
		'a workflow that is put on it while it is published delivers an alert once more at most, and says what to set',
		async () => {
			const { switched } = bench.cases;
			const { api } = bench.n8n;
			await api.activate(switched.workflow.id);
			await switched.deliver('first');
			await isThrough(switched, 1);
			await api.changeSettings(switched.workflow.id, settings);
			await api.activate(switched.workflow.id);
			await switched.deliver('second');
			await vi.waitFor(async () => {
				const executions = await api.listExecutions(switched.workflow.id);
				const failed = executions.find(({ status }) => status === 'error');
				const { error } = await api.readExecution(failed?.id ?? '');
				expect(error?.message).toMatch(/^Acknowledge is When the Execution Has Succeeded, but/);
			}, EVENTUALLY);
			expect(switched.webhook.requests).toHaveLength(2);
			expect(await switched.subjects()).toHaveLength(1);
		},
		LIMIT_MS,
	);
});
