import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { startBench, type Bench } from '../support/n8n/n8n-engine-bench';

const LIMIT_MS = 900_000;
/** A lease of five minutes after the kill, and some way back. */
const EVENTUALLY = { timeout: 600_000, interval: 2_000 };
const ALERTS = 120;
const PROCESSED = 'AlertMagic Processed';
/** So many of the first calls are answered as told: one in twenty fails. */
const CALLS = 600;

const CASES = {
	polling: { user: 'neo@example.com' },
	instant: { user: 'trinity@example.com', instant: true },
};

let bench: Bench<keyof typeof CASES>;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
	bench = await startBench({ release: 2, sign: /Version: 2\./ }, CASES);
	({ stop } = bench);
}, LIMIT_MS);
afterAll(async () => {
	await stop?.();
}, LIMIT_MS);

it(
	'a receiver that fails one call in twenty and a kill -9 lose no alert and send none to quarantine',
	async () => {
		const cases = Object.values(bench.cases);
		for (const { webhook, workflow, deliver } of cases) {
			const failing = { status: 503 };
			const answers = Array.from({ length: CALLS }, (_, call) =>
				call % 20 === 7 ? failing : { status: 200, body: '{}' },
			);
			webhook.answerWith(...answers);
			for (let alert = 0; alert < ALERTS; alert += 1) await deliver(`alert-${String(alert)}`);
			await bench.n8n.api.activate(workflow.id);
		}
		await vi.waitFor(() => {
			for (const { webhook } of cases) expect(webhook.requests.length).toBeGreaterThan(20);
		}, EVENTUALLY);
		await bench.n8n.kill();
		await bench.n8n.restart();
		for (const { subjects } of cases) {
			await vi.waitFor(async () => {
				expect(await subjects(PROCESSED)).toHaveLength(ALERTS);
			}, EVENTUALLY);
			expect(await subjects()).toEqual([]);
			expect(await subjects('Ingest Quarantine')).toEqual([]);
		}
	},
	LIMIT_MS,
);
