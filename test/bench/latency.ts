import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../support/n8n/n8n-answers';
import type { BenchCase } from './bench-case';
import { toAlert } from './bench-mail';
import { MAILBOX, MailStock, withBenchServer, type BenchServer } from './bench-mailbox';
import { toMilliseconds } from './cells';
import { createWorkflow, toEmailTrigger, toOurTrigger, withN8nSite } from './n8n-site';
import { median, percentile } from './stopwatch';

const OURS = 'ours@example.com';
const THEIRS = 'theirs@example.com';
/** From one mail to the next. */
const INTERVAL_MS = 500;
/** Mails that are not counted: the first ones find code that has not run yet. */
const WARM_UP = 3;
const ARRIVAL_LIMIT_MS = 60_000;

/** From a mail's delivery to the webhook, a mail for either each half second, in one n8n with both triggers. */
export const LATENCY_CASE: BenchCase = {
	name: 'latency-in-n8n',
	run: ({ quick, log }) =>
		withBenchServer([OURS, THEIRS], async (server) => {
			const count = quick ? 20 : 200;
			const webhook = await startWebhook();
			const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
			try {
				for (const user of [OURS, THEIRS])
					await new MailStock(server.dovecot, user).clear(MAILBOX, 'Done');
				await withN8nSite(server, { ours: OURS, theirs: THEIRS }, async (site) => {
					const triggers = [
						toOurTrigger(site, {}, 'imapIngestInstantTrigger'),
						toEmailTrigger(site, 'simple'),
					];
					for (const trigger of triggers) {
						const id = await createWorkflow(site, trigger, toRequest(webhook.url));
						await site.n8n.api.activate(id);
					}
					const sent: Array<Promise<void>> = [];
					for (let number = 0; number < WARM_UP + count; number += 1) {
						await delay(INTERVAL_MS);
						for (const [name, user] of [['ours', OURS] as const, ['theirs', THEIRS] as const]) {
							const took = measure(server, webhook, user, number);
							sent.push(took.then((ms) => void (number >= WARM_UP && times[name].push(ms))));
						}
					}
					await Promise.all(sent);
				});
			} finally {
				await webhook.stop();
			}
			log(JSON.stringify(times));
			const row = (name: string, values: readonly number[]) => [
				name,
				toMilliseconds(median(values)),
				toMilliseconds(percentile(values, 0.99)),
			];
			return {
				title: `From delivery to webhook, ${String(count)} mails, two a second, in a real n8n`,
				columns: ['', 'Median', '99th percentile'],
				rows: [
					row('IMAP Ingest Instant Trigger', times.ours),
					row('Email Trigger, format Simple', times.theirs),
				],
				bars: [
					{
						name: 'delivery to webhook, 99th percentile',
						measured: percentile(times.ours, 0.99),
						limit: 1_000,
						sense: 'atMost',
						unit: 'ms',
					},
				],
			};
		}),
};

/** A node that tells the webhook the subject of each item, whichever trigger it comes from. */
function toRequest(url: string): Json {
	return {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'POST',
			url,
			sendBody: true,
			contentType: 'raw',
			rawContentType: 'text/plain',
			body: '={{ $json.subject || $json.message.subject }}',
			options: {},
		},
	};
}

interface Webhook {
	readonly url: string;
	/** Resolves with the time at which a request tells this text. */
	arrival(text: string): Promise<number>;
	stop(): Promise<void>;
}

async function startWebhook(): Promise<Webhook> {
	const waiting = new Map<string, (at: number) => void>();
	const server: Server = createServer((request, response) => {
		const at = performance.now();
		let text = '';
		request.on('data', (chunk: Buffer) => {
			text += chunk.toString();
		});
		request.on('end', () => {
			waiting.get(text.trim())?.(at);
			response.end('ok');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		url: `http://127.0.0.1:${String(address.port)}/`,
		arrival: (text) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(() => {
					reject(new Error(`"${text}" has not arrived`));
				}, ARRIVAL_LIMIT_MS);
				waiting.set(text, (at) => {
					clearTimeout(timer);
					waiting.delete(text);
					resolve(at);
				});
			}),
		stop: async () => {
			server.closeAllConnections();
			const closed = once(server, 'close');
			server.close();
			await closed;
		},
	};
}

/** Milliseconds from the server's word that it has the mail to the request at the webhook. */
async function measure(
	{ dovecot }: BenchServer,
	webhook: Webhook,
	user: string,
	number: number,
): Promise<number> {
	const subject = `alert ${String(number).padStart(6, '0')} for ${user}`;
	const mail = toAlert(number).replace(/^Subject: .*$/m, `Subject: ${subject}`);
	const arrival = webhook.arrival(subject);
	const delivered = await dovecot.withClient(user, async (client) => {
		await client.append(MAILBOX, mail);
		return performance.now();
	});
	return (await arrival) - delivered;
}
