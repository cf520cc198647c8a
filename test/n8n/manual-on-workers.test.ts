import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TRIGGER } from '../support/n8n/guide-workflow';
import { startBench, type Bench } from '../support/n8n/n8n-engine-bench';
import type { CaseOptions } from '../support/n8n/n8n-engine-mail';
import { startQueue } from '../support/n8n/queue';

const LIMIT_MS = 900_000;
const SUBJECT = 'alert - Wake up Neo';
const settings = { saveManualExecutions: true };

const CASES = {
	polling: { user: 'neo@example.com', settings },
	instant: { user: 'trinity@example.com', settings, instant: true },
	waiting: { user: 'oracle@example.com', settings, instant: true },
} satisfies Record<string, CaseOptions>;

describe('a test run on a worker of n8n 2 in queue mode', () => {
	let bench: Bench<keyof typeof CASES>;
	let stop: (() => Promise<void>) | undefined;

	beforeAll(async () => {
		const env = { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' };
		const engine = { release: 2, sign: /./, workers: 1, startBackend: startQueue, env } as const;
		bench = await startBench(engine, CASES);
		({ stop } = bench);
	}, LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, LIMIT_MS);

	/** What the trigger shows, with how often the worker has begun an execution since. */
	const runOnWorker = async (name: keyof typeof CASES, meanwhile = () => Promise.resolve(0)) => {
		const { workflow } = bench.cases[name];
		const before = beginnings();
		await bench.n8n.api.runManually(workflow.id, TRIGGER);
		await meanwhile();
		const { outputs } = await bench.n8n.api.waitForExecution(workflow.id, LIMIT_MS);
		return { items: outputs[TRIGGER]?.[0], begun: beginnings() - before };
	};

	const beginnings = () =>
		bench.n8n.workers
			.map(({ readLog }) => readLog())
			.join('')
			.split('Worker started execution').length;

	it.each(['polling', 'instant'] as const)(
		'shows the newest mail and changes nothing (%s)',
		async (name) => {
			const { deliver, subjects, webhook } = bench.cases[name];
			await deliver('first');
			const { items, begun } = await runOnWorker(name);
			expect(begun).toBe(1);
			expect(items).toMatchObject([{ message: { subject: SUBJECT }, explanation: {} }]);
			expect(await subjects()).toEqual([SUBJECT]);
			expect(webhook.requests).toEqual([]);
		},
		LIMIT_MS,
	);

	it(
		'waits for mail where there is none (instant)',
		async () => {
			const { deliver } = bench.cases.waiting;
			const connections = bench.proxy.traffic.length;
			const { items } = await runOnWorker('waiting', async () => {
				await expect.poll(() => bench.proxy.traffic.length).toBeGreaterThan(connections);
				return await deliver('first');
			});
			expect(items).toMatchObject([{ message: { subject: SUBJECT } }]);
		},
		LIMIT_MS,
	);
});
