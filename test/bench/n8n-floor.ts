import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { linkPackage } from '../support/n8n/n8n-package';
import type { BenchCase } from './bench-case';
import { toAlert } from './bench-mail';
import { MailStock, withBenchServer } from './bench-mailbox';
import { toRate, toSeconds } from './cells';
import { createWorkflow, toOurTrigger, withN8nSite } from './n8n-site';
import type { N8nSite } from './n8n-site';
import { instantSide } from './n8n-sides';
import { interleave, median } from './stopwatch';
import type { Side } from './stopwatch';

const USER = 'alerts@example.com';
const LIMIT = 1.5;
const WARM_UPS = 2;
const LOOK_PAUSE_MS = 100;
/** Messages per execution that Automatic grows to, and that it begins with. */
const BATCHES = { grown: 200, first: 50 };

/** A trigger that has its items in memory and tells, in a file, how long n8n took until all executions had ended. */
const MEMORY_TRIGGER = `
const { writeFileSync } = require('node:fs');
class MemoryTrigger {
	description = {
		displayName: 'Memory Trigger', name: 'memoryTrigger', group: ['trigger'], version: 1, description: 'Items in memory',
		defaults: { name: 'Memory Trigger' }, inputs: [], outputs: ['main'],
		properties: ['items', 'batch', 'file'].map((name) => ({ displayName: name, name, type: 'string', default: '' })),
	};
	async trigger() {
		const items = JSON.parse(this.getNodeParameter('items'));
		const batch = this.getNodeParameter('batch');
		const begin = performance.now();
		const ends = [];
		for (let at = 0; at < items.length; at += batch) {
			const done = this.helpers.createDeferredPromise();
			ends.push(done.promise);
			this.emit([items.slice(at, at + batch).map((json) => ({ json }))], undefined, done);
		}
		Promise.all(ends).then(() => writeFileSync(this.getNodeParameter('file'), String(performance.now() - begin)));
		return {};
	}
}
module.exports = { MemoryTrigger };
`;

async function addMemoryTrigger(userFolder: string): Promise<void> {
	await linkPackage(userFolder);
	const custom = path.join(userFolder, '.n8n', 'custom');
	await mkdir(custom, { recursive: true });
	await writeFile(path.join(custom, 'MemoryTrigger.node.js'), MEMORY_TRIGGER);
}

/** An item as ours are. */
function toItem(number: number): object {
	const id = String(number).padStart(40, '0');
	const message = {
		account: USER,
		mailbox: 'INBOX',
		uidValidity: '1',
		uid: number,
		messageId: `<${id}@zion.com>`,
		from: ['trinity@zion.com'],
		to: [USER],
		subject: `alert - ${String(number)}`,
		date: '2026-11-23T03:00:00.000Z',
		receivedAt: '2026-11-23T03:00:00.000Z',
		size: 1_000,
		attachments: [],
	};
	const payload = { subject: message.subject, host: 'zion', spoon: 'false' };
	return { id, rule: 'Alerts', payload, message, attempt: 1 };
}

/** The trigger that has its items in memory. */
function memorySide(site: N8nSite, count: number, batch: number): Side {
	const file = path.join(site.n8n.userFolder, `took-${String(batch)}`);
	const items = JSON.stringify(Array.from({ length: count }, (_, number) => toItem(number)));
	let workflow = '';
	return {
		prepare: async () => {
			await rm(file, { force: true });
			workflow = await createWorkflow(site, {
				type: 'CUSTOM.memoryTrigger',
				typeVersion: 1,
				parameters: { items, batch, file },
			});
		},
		run: async () => {
			await site.n8n.api.activate(workflow);
			let took = '';
			while (took === '') {
				await delay(LOOK_PAUSE_MS);
				took = await readFile(file, 'utf8').catch(() => '');
			}
			await site.n8n.api.deactivate(workflow);
			return Number(took);
		},
	};
}

/** How near our trigger is to n8n itself: the same items, in executions as large, started by one that has them in memory. */
export const N8N_FLOOR_CASE: BenchCase = {
	name: 'n8n-floor',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async (server) => {
			const count = quick ? 400 : 2_000;
			const stock = new MailStock(server.dovecot, USER);
			await stock.fill(Array.from({ length: count }, (_, n) => toAlert(n)));
			const measure = async (site: N8nSite) => {
				const storm = { site, stock, count, left: 0 };
				// One workflow first, so that n8n has loaded the node.
				await createWorkflow(site, toOurTrigger(site, {}));
				const sides = {
					automatic: instantSide(storm, { batchSize: 0 }),
					fifty: instantSide(storm, { batchSize: BATCHES.first }),
					memory: memorySide(site, count, BATCHES.grown),
					memoryFifty: memorySide(site, count, BATCHES.first),
				};
				return await interleave(sides, runs, WARM_UPS);
			};
			const times = await withN8nSite(server, USER, measure, addMemoryTrigger);
			log(JSON.stringify(times));
			const floor = median(times.memory);
			const row = (name: string, values: readonly number[]) => [
				name,
				toSeconds(median(values)),
				toRate(count, median(values)),
				`${(median(values) / floor).toFixed(2)} x`,
			];
			return {
				title: `${String(count)} alerts, all match, against n8n itself`,
				columns: ['', 'Time', 'Mails/s', 'Against n8n'],
				rows: [
					row('Items in memory, 200 per execution', times.memory),
					row('IMAP Ingest Instant Trigger, automatic (default)', times.automatic),
					row('Items in memory, 50 per execution', times.memoryFifty),
					row('IMAP Ingest Instant Trigger, 50 messages per execution', times.fifty),
				],
				bars: [
					bar('automatic, against items in memory', median(times.automatic) / floor),
					bar(
						'50 per execution, against items in memory',
						median(times.fifty) / median(times.memoryFifty),
					),
				],
			};
		}),
};

function bar(name: string, measured: number) {
	return { name, measured, limit: LIMIT, sense: 'atMost', unit: 'times' } as const;
}
