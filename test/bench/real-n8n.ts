import type { BenchCase } from './bench-case';
import { toAlert } from './bench-mail';
import { MailStock, withBenchServer } from './bench-mailbox';
import { toRate, toSeconds } from './cells';
import { createWorkflow, toOurTrigger, withN8nSite } from './n8n-site';
import { emailTriggerSide, instantSide, pollingSide } from './n8n-sides';
import { interleave, median } from './stopwatch';

const USER = 'alerts@example.com';
const LIMIT = 10;
/** So often each side runs before it counts: V8 compiles what is called often, and n8n runs for weeks. */
const WARM_UPS = 4;

/** A storm of small alerts in a real n8n, against n8n's own trigger. */
export const REAL_N8N_CASE: BenchCase = {
	name: 'alerts-in-n8n',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async (server) => {
			const count = quick ? 400 : 2_000;
			const stock = new MailStock(server.dovecot, USER);
			await stock.fill(Array.from({ length: count }, (_, n) => toAlert(n)));
			const times = await withN8nSite(server, USER, async (site) => {
				const storm = { site, stock, count, left: 0 };
				// One workflow first for either, so that n8n has loaded both nodes.
				await createWorkflow(site, toOurTrigger(site, {}));
				return await interleave(
					{
						instant: instantSide(storm, { batchSize: 500 }),
						polling: pollingSide(storm, { batchSize: 500 }),
						default: instantSide(storm, { batchSize: 0 }),
						simple: emailTriggerSide(storm, 'simple'),
						resolved: emailTriggerSide(storm, 'resolved'),
					},
					runs,
					WARM_UPS,
				);
			});
			log(JSON.stringify(times));
			const theirs = median(times.simple);
			const row = (name: string, values: readonly number[]) => [
				name,
				toSeconds(median(values)),
				toRate(count, median(values)),
				`${(theirs / median(values)).toFixed(1)} x`,
			];
			return {
				title: `${String(count)} alerts, all match, in a real n8n: delivered, executed, moved`,
				columns: ['', 'Time', 'Mails/s', 'Against Simple'],
				rows: [
					row('IMAP Ingest Instant Trigger, 500 messages per execution', times.instant),
					row('IMAP Ingest Instant Trigger, automatic (default)', times.default),
					row('IMAP Ingest Trigger, 500 messages per execution', times.polling),
					row('Email Trigger, format Simple (default)', times.simple),
					row('Email Trigger, format Resolved', times.resolved),
				],
				bars: [
					bar('alerts in n8n, against Simple', theirs / median(times.instant)),
					{
						...bar(
							'alerts in n8n with the default, against Simple',
							theirs / median(times.default),
						),
						limit: 8,
					},
					bar('alerts in n8n, against Resolved', median(times.resolved) / median(times.instant)),
				],
			};
		}),
};

function bar(name: string, measured: number) {
	return { name, measured, limit: LIMIT, sense: 'atLeast', unit: 'times as fast' } as const;
}
