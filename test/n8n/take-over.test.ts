import { cp } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { startBench, type Bench } from '../support/n8n/n8n-engine-bench';
import { startSecondMain } from '../support/n8n/second-main';
import { startPostgres } from '../support/servers/postgres';

const LIMIT_MS = 1_200_000;
/** A lease of five minutes, and some way back. */
const EVENTUALLY = { timeout: 600_000, interval: 1_000 };
const PROCESSED = 'AlertMagic Processed';
const CASES = { alerts: { user: 'neo@example.com' } };

let bench: Bench<keyof typeof CASES>;
let env: Record<string, string>;
const stops: Array<() => Promise<void>> = [];

/** One database for several mains, which have to read the same credentials. */
async function startDatabase() {
	const { port, user, database, stop } = await startPostgres();
	env = {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(port),
		DB_POSTGRESDB_DATABASE: database,
		DB_POSTGRESDB_USER: user,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
	};
	return { env, stop };
}

beforeAll(async () => {
	bench = await startBench({ release: 2, sign: /./, startBackend: startDatabase }, CASES);
	stops.push(bench.stop);
}, LIMIT_MS);
afterAll(async () => {
	for (const stop of stops.reverse()) await stop();
}, LIMIT_MS);

it(
	'a main that takes over leaves what is on its way alone for the lease, and nothing is lost though the other comes back',
	async () => {
		const { n8n, cases } = bench;
		const { workflow, webhook, deliver, subjects } = cases.alerts;
		const areThrough = (count: number) =>
			vi.waitFor(async () => {
				expect(await subjects(PROCESSED)).toHaveLength(count);
				expect(await subjects()).toEqual([]);
			}, EVENTUALLY);

		webhook.answerWith('silence');
		for (const name of ['first', 'second', 'third']) await deliver(name);
		await n8n.api.activate(workflow.id);
		await vi.waitFor(() => {
			expect(webhook.requests).toHaveLength(1);
		}, EVENTUALLY);
		await n8n.kill();
		const killedAt = Date.now();
		const copyPackage = (userFolder: string) =>
			cp(path.join(n8n.userFolder, '.n8n', 'nodes'), path.join(userFolder, '.n8n', 'nodes'), {
				recursive: true,
			});
		const second = await startSecondMain({ env, prepare: copyPackage });
		stops.push(second.stop);

		await deliver('fourth');
		await vi.waitFor(async () => {
			expect(await subjects(PROCESSED)).toHaveLength(1);
		}, EVENTUALLY);
		// Unless this machine was so slow that the lease is over.
		if (Date.now() - killedAt < 240_000) expect(webhook.requests).toHaveLength(2);
		await areThrough(4);
		expect(webhook.requests).toHaveLength(5);

		// The first one comes back: now both believe that they lead.
		await n8n.restart();
		await deliver('fifth');
		await areThrough(5);
		expect(webhook.requests.length).toBeLessThanOrEqual(7);
		expect(await subjects('Ingest Quarantine')).toEqual([]);
	},
	LIMIT_MS,
);
