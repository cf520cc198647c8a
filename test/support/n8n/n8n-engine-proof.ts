import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { GUIDE_PAYLOAD } from '../guide-example';
import { TRIGGER } from './guide-workflow';
import { CASES, startBench, type Bench, type EngineUnderTest } from './n8n-engine-bench';
import { HEALTH, readExecutions, readHanded, toAccount, type Case } from './n8n-engine-mail';

const START_LIMIT_MS = 600_000;
/** Longer than n8n goes on trying to start a trigger before it gives it up for good. */
const OUTAGE_MS = 25_000;
const EVENTUALLY = { timeout: 150_000, interval: 1_000 };
const SUBJECT = 'alert - Wake up Neo';
const NEW_NAME = 'Renamed Trigger';

/**
 * Shows on one of n8n's engines, with a real Dovecot, what the trigger promises. The cases run side by side, since each
 * of them mostly waits for the next poll.
 */
export function proveEngine(engine: EngineUnderTest): void {
	let bench: Bench;
	let stop: Bench['stop'] | undefined;

	const readFailures = async ({ workflow }: Case) => {
		const executions = await readExecutions(bench.n8n.api, workflow);
		return executions.filter(({ status }) => status === 'error');
	};

	const isDelivered = (test: Case, ...mails: string[]) =>
		vi.waitFor(async () => {
			const handed = await readHanded(bench.n8n.api, test.workflow);
			const succeeded = handed.filter(({ status }) => status === 'success');
			const ids = succeeded.map(({ messageId }) => messageId);
			expect(ids).toEqual(expect.arrayContaining(mails.map((mail) => `<${mail}@zion.com>`)));
		}, EVENTUALLY);

	beforeAll(async () => {
		bench = await startBench(engine, CASES);
		({ stop } = bench);
		const { guide, retried, marked, healthy, renamed } = bench.cases;
		retried.webhook.answerWith({ status: 503 });
		for (const test of [guide, retried]) await test.deliver('first');
		for (const test of [guide, retried, marked, healthy, renamed])
			await bench.n8n.api.activate(test.workflow.id);
		for (const test of [marked, renamed]) await test.deliver('first');
	}, START_LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, START_LIMIT_MS);

	describe('in normal operation', () => {
		it('signs in for the credential test', async () => {
			const { guide } = bench.cases;
			const { api } = bench.n8n;
			const data = toAccount(bench, guide.webhook, CASES.guide);
			const credential = await api.createCredential('Tested', 'imapIngestApi', data);
			expect(await api.testCredential(credential, data)).toMatchObject({ status: 'OK' });
		});

		it('runs on the engine that is meant', async () => {
			await isDelivered(bench.cases.guide, 'first');
			expect(bench.n8n.readLog()).toMatch(engine.sign);
		});

		it("posts the guide's payload once and moves the mail after the execution succeeded", async () => {
			const { guide } = bench.cases;
			await isDelivered(guide, 'first');
			expect(guide.webhook.requests).toMatchObject([
				{ basicAuth: { username: 'xxx', password: 'yyy' }, body: JSON.stringify(GUIDE_PAYLOAD) },
			]);
			await vi.waitFor(async () => {
				expect(await guide.subjects('AlertMagic Processed')).toEqual([SUBJECT]);
			}, EVENTUALLY);
			expect(await guide.subjects()).toEqual([]);
		});

		it('sends what happens to the trigger to the second output', async () => {
			const { workflow } = bench.cases.healthy;
			await vi.waitFor(async () => {
				const [execution] = await readExecutions(bench.n8n.api, workflow);
				expect(execution?.outputs).toMatchObject({
					[TRIGGER]: [[], [{ event: 'heartbeat', severity: 'info' }]],
					[HEALTH]: [[{ event: 'heartbeat' }]],
				});
			}, EVENTUALLY);
		});

		it('refuses to be published with a pattern that does not parse, and says so', async () => {
			const { workflow } = bench.cases.broken;
			await expect(bench.n8n.api.activate(workflow.id)).rejects.toThrow(/Filter\.Subject/);
		});

		it('delivers again with the same id what the webhook refused, and moves it only then', async () => {
			const { retried } = bench.cases;
			await isDelivered(retried, 'first');
			const [first, second, ...more] = await readHanded(bench.n8n.api, retried.workflow);
			expect(more).toEqual([]);
			expect(first).toMatchObject({ attempt: 1, status: 'error' });
			expect(second).toMatchObject({ attempt: 2, status: 'success', id: first?.id });
			await vi.waitFor(async () => {
				expect(await retried.subjects('AlertMagic Processed')).toEqual([SUBJECT]);
			}, EVENTUALLY);
		});

		it('goes on where it stopped when its node is renamed and published again', async () => {
			const { cases, n8n } = bench;
			const { renamed } = cases;
			const { id } = renamed.workflow;
			await isDelivered(renamed, 'first');
			await n8n.api.deactivate(id);
			await renamed.deliver('second');
			const text = JSON.stringify(renamed.source).replaceAll(`"${TRIGGER}"`, `"${NEW_NAME}"`);
			await n8n.api.updateWorkflow(id, JSON.parse(text) as Record<string, unknown>);
			await n8n.api.activate(id);
			await vi.waitFor(async () => {
				const handed = await readHanded(n8n.api, renamed.workflow, NEW_NAME);
				expect(handed).toMatchObject([{ messageId: '<second@zion.com>', status: 'success' }]);
			}, EVENTUALLY);
			expect(renamed.webhook.requests).toHaveLength(2);
		});
	});

	describe('after a start of n8n during which the mail server was down', () => {
		beforeAll(async () => {
			const { dovecot, n8n, cases } = bench;
			await isDelivered(cases.marked, 'first');
			await n8n.restart(async () => {
				await cases.guide.deliver('meanwhile');
				await cases.marked.deliver('meanwhile');
				await dovecot.pause();
			});
			const up = Date.now();
			await vi.waitFor(async () => {
				expect(Date.now() - up).toBeGreaterThan(OUTAGE_MS);
				expect(await readFailures(cases.guide)).toHaveLength(1);
				expect(await readFailures(cases.marked)).toHaveLength(1);
			}, EVENTUALLY);
			await dovecot.resume();
		}, START_LIMIT_MS);

		it('delivers the mail that came meanwhile, without anybody publishing again', async () => {
			const { guide } = bench.cases;
			await isDelivered(guide, 'first', 'meanwhile');
			await vi.waitFor(async () => {
				expect(await guide.subjects()).toEqual([]);
			}, EVENTUALLY);
		});

		it('goes on where it stopped: nothing is delivered twice and nothing is left out', async () => {
			const { marked } = bench.cases;
			await isDelivered(marked, 'first', 'meanwhile');
			expect(marked.webhook.requests).toHaveLength(2);
			expect(await marked.subjects()).toEqual([SUBJECT, SUBJECT]);
		});

		it('has raised the outage once', async () => {
			expect(await readFailures(bench.cases.guide)).toHaveLength(1);
			expect(await readFailures(bench.cases.marked)).toHaveLength(1);
		});
	});
}
