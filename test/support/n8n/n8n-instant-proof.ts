import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { GUIDE_PAYLOAD } from '../guide-example';
import { startBench, type Bench, type EngineUnderTest } from './n8n-engine-bench';
import { readExecutions, readHanded } from './n8n-engine-mail';

const START_LIMIT_MS = 600_000;
const EVENTUALLY = { timeout: 180_000, interval: 250 };
const CASES = {
	instant: {
		user: 'neo@example.com',
		instant: true,
		options: { startAt: 'newMail', safetyScan: 60 },
	},
} as const;

/** Shows on one of n8n's engines, with a real Dovecot, what the instant trigger promises. */
export function proveInstantTrigger(engine: EngineUnderTest): void {
	let bench: Bench<'instant'>;
	let stop: (() => Promise<void>) | undefined;

	beforeAll(async () => {
		bench = await startBench(engine, CASES);
		({ stop } = bench);
		await bench.n8n.api.activate(bench.cases.instant.workflow.id);
		await isWatching();
	}, START_LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, START_LIMIT_MS);

	const isWatching = () =>
		vi.waitFor(() => {
			expect(bench.proxy.openCount).toBe(1);
		}, EVENTUALLY);

	/** All that was handed on so far, each once and with success, and nothing besides. */
	const isDelivered = (...mails: string[]) =>
		vi.waitFor(async () => {
			const { workflow, webhook, subjects } = bench.cases.instant;
			const handed = await readHanded(bench.n8n.api, workflow);
			expect(handed.map(({ messageId, status }) => [messageId, status])).toEqual(
				mails.map((mail) => [`<${mail}@zion.com>`, 'success']),
			);
			expect(webhook.requests).toHaveLength(mails.length);
			expect(await subjects()).toEqual([]);
		}, EVENTUALLY);

	it('hands a mail on as it arrives, and moves it after the execution has succeeded', async () => {
		const { deliver, webhook } = bench.cases.instant;
		await deliver('first');
		await isDelivered('first');
		expect(webhook.requests).toMatchObject([{ body: JSON.stringify(GUIDE_PAYLOAD) }]);
		expect(bench.proxy.traffic).toHaveLength(1);
	});

	it('is watched by one connection when its node is changed and published again', async () => {
		const { source, workflow, deliver } = bench.cases.instant;
		const text = JSON.stringify(source).replace('"safetyScan":60', '"safetyScan":59');
		const { api } = bench.n8n;
		await api.updateWorkflow(workflow.id, JSON.parse(text) as Record<string, unknown>);
		await api.activate(workflow.id);
		await vi.waitFor(() => {
			expect(bench.proxy.traffic.length).toBeGreaterThan(1);
		}, EVENTUALLY);
		await isWatching();
		await deliver('second');
		await isDelivered('first', 'second');
	});

	it('comes back after a start of n8n during which the mail server was down, without anybody publishing', async () => {
		const { n8n, dovecot, cases } = bench;
		await n8n.restart(async () => {
			await cases.instant.deliver('meanwhile');
			await dovecot.pause();
		});
		// An outage of over a minute is raised: longer than n8n goes on trying to start a trigger.
		await vi.waitFor(async () => {
			expect(n8n.readLog()).toMatch(/ended the connection|Nothing answers/);
			const executions = await readExecutions(n8n.api, cases.instant.workflow);
			const failed = executions.filter(({ status }) => status === 'error');
			expect(failed).toHaveLength(engine.release === 2 ? 1 : 0);
		}, EVENTUALLY);
		await dovecot.resume();
		await isDelivered('first', 'second', 'meanwhile');
		await isWatching();
	});

	it('leaves no connection when the workflow is unpublished', async () => {
		const { n8n, proxy, cases } = bench;
		await n8n.api.deactivate(cases.instant.workflow.id);
		await vi.waitFor(() => {
			expect(proxy.openCount).toBe(0);
		}, EVENTUALLY);
	});
}
