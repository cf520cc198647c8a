import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startDovecot } from './dovecot';
import type { Dovecot } from './dovecot';
import { GUIDE_PAYLOAD } from './guide-example';
import { TRIGGER } from './guide-workflow';
import {
	createCase,
	HEALTH,
	PASSWORD,
	readExecutions,
	readHanded,
	toAccount,
	type Case,
	type CaseOptions,
} from './n8n-engine-mail';
import { installPackage, packPackage, readManifest } from './n8n-package';
import { startN8n, type N8nServer } from './n8n-server';
import { createTestCa } from './tls';

/** One way in which n8n runs polls and executions. */
export interface EngineUnderTest {
	readonly release: 1 | 2;
	/** What only this engine writes to n8n's log. */
	readonly sign: RegExp;
	readonly env?: Readonly<Record<string, string>>;
	readonly workers?: number;
	/** What n8n needs beside itself, as its environment. */
	readonly startBackend?: () => Promise<{
		env: Record<string, string>;
		stop: () => Promise<void>;
	}>;
}

const CASES = {
	guide: { user: 'neo@example.com' },
	retried: { user: 'trinity@example.com' },
	marked: {
		user: 'oracle@example.com',
		cleanUp: { Action: 'MarkAsRead' },
	},
	healthy: {
		user: 'tank@example.com',
		options: { health: true, heartbeat: 'hourly' },
	},
	renamed: {
		user: 'dozer@example.com',
		cleanUp: { Action: 'None' },
	},
	broken: { user: 'smith@example.com', subject: 'alert (' },
} satisfies Record<string, CaseOptions>;

type CaseName = keyof typeof CASES;

const START_LIMIT_MS = 600_000;
/** Longer than n8n goes on trying to start a trigger before it gives it up for good. */
const OUTAGE_MS = 25_000;
const EVENTUALLY = { timeout: 150_000, interval: 1_000 };
const SUBJECT = 'alert - Wake up Neo';
const NEW_NAME = 'Renamed Trigger';

/** Everything one engine is tried with. */
interface Bench {
	readonly n8n: N8nServer;
	readonly dovecot: Dovecot;
	readonly cases: Readonly<Record<CaseName, Case>>;
	stop(): Promise<void>;
}

/** Installs the packed package once; the function returned copies it into a user folder. */
async function installOnce(folder: string): Promise<(userFolder: string) => Promise<void>> {
	const [tarball, { name }] = [await packPackage(folder), await readManifest()];
	await installPackage(tarball, folder, name);
	return (userFolder) =>
		cp(path.join(folder, '.n8n'), path.join(userFolder, '.n8n'), { recursive: true });
}

async function startBench(engine: EngineUnderTest): Promise<Bench> {
	const stops: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		const folder = await mkdtemp(path.join(tmpdir(), 'packed-'));
		stops.push(() => rm(folder, { recursive: true, force: true }));
		const prepare = await installOnce(folder);
		const tls = await createTestCa();
		const passwords = Object.values(CASES).map(({ user }) => [user, PASSWORD]);
		const users = Object.fromEntries(passwords) as Record<string, string>;
		const dovecot = await startDovecot({ tls, users });
		stops.push(() => dovecot.stop());
		const backend = await engine.startBackend?.();
		if (backend !== undefined) stops.push(() => backend.stop());
		const { release, workers = 0 } = engine;
		const env = { ...engine.env, ...backend?.env };
		const n8n = await startN8n({ release, workers, prepare, env });
		stops.push(() => n8n.stop());
		const cases = new Map<string, Case>();
		for (const [name, options] of Object.entries(CASES)) {
			const made = await createCase({ api: n8n.api, dovecot, tls }, options);
			stops.push(() => made.webhook.close());
			cases.set(name, made);
		}
		return { n8n, dovecot, stop, cases: Object.fromEntries(cases) as Bench['cases'] };
	} catch (error) {
		await stop();
		throw error;
	}
}

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
		bench = await startBench(engine);
		({ stop } = bench);
		const { guide, retried, marked, healthy, renamed } = bench.cases;
		retried.webhook.answerWith({ status: 503 });
		for (const test of [guide, retried, marked, renamed]) await test.deliver('first');
		for (const test of [guide, retried, marked, healthy, renamed])
			await bench.n8n.api.activate(test.workflow.id);
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
			const { renamed } = bench.cases;
			await isDelivered(renamed, 'first');
			const text = JSON.stringify(renamed.source).replaceAll(`"${TRIGGER}"`, `"${NEW_NAME}"`);
			const source = JSON.parse(text) as Record<string, unknown>;
			await bench.n8n.api.updateWorkflow(renamed.workflow.id, source);
			await renamed.deliver('second');
			await vi.waitFor(async () => {
				const handed = await readHanded(bench.n8n.api, renamed.workflow, NEW_NAME);
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

		it('delivers nothing twice of what stays in the mailbox', async () => {
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
