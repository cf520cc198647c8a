import { openImapMeter } from '../support/imap/imap-meter';
import type { BenchCase } from './bench-case';
import { ALERT_RULE, toReport } from './bench-mail';
import { MAILBOX, MailStock, withBenchServer, type BenchServer } from './bench-mailbox';
import { BenchPipeline } from './bench-pipeline';
import { toKilobytes, toSeconds } from './cells';
import { emailTriggerSide, instantSide, pollingSide } from './n8n-sides';
import { withN8nSite } from './n8n-site';
import { interleave, median } from './stopwatch';

const USER = 'reports@example.com';
const RESOLVED_LIMIT = 50;
const SIMPLE_LIMIT = 3;
const BYTES_LIMIT = 1.2;

/** Large mails of which few are wanted, in a real n8n, against n8n's own trigger; and what is read of them. */
export const ATTACHMENTS_CASE: BenchCase = {
	name: 'attachments-in-n8n',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async (server) => {
			const count = quick ? 20 : 100;
			const mails = Array.from({ length: count }, (_, n) => toReport(n, 2_000_000));
			const stock = new MailStock(server.dovecot, USER);
			await stock.fill(mails);
			const left = count - Math.ceil(count / 10);
			const times = await withN8nSite(server, USER, (site) => {
				const storm = { site, stock, count, left };
				return interleave(
					{
						ours: instantSide(storm, {}),
						polling: pollingSide(storm, {}),
						simple: emailTriggerSide(storm, 'simple'),
						resolved: emailTriggerSide(storm, 'resolved'),
					},
					runs,
				);
			});
			log(JSON.stringify(times));
			const received = await countBytes(server, stock, count);
			const needed = mails.reduce((sum, mail) => sum + headerAndText(mail), 0);
			const ours = median(times.ours);
			const row = (name: string, values: readonly number[]) => [
				name,
				toSeconds(median(values)),
				`${(median(values) / ours).toFixed(1)} x`,
			];
			return {
				title: `${String(count)} mails of 2 MB with an attachment, one in ten matches, in a real n8n`,
				columns: ['', 'Time', 'Against ours'],
				rows: [
					row('IMAP Ingest Instant Trigger', times.ours),
					row('IMAP Ingest Trigger', times.polling),
					row('Email Trigger, format Simple (default), without attachments', times.simple),
					row('Email Trigger, format Resolved', times.resolved),
					['Bytes our trigger reads', toKilobytes(received), ''],
					['Bytes of headers and texts of these mails', toKilobytes(needed), ''],
				],
				bars: [
					bar('large mails, against Resolved', median(times.resolved) / ours, RESOLVED_LIMIT),
					bar('large mails, against Simple', median(times.simple) / ours, SIMPLE_LIMIT),
					{
						name: 'bytes read, against headers + texts',
						measured: received / needed,
						limit: BYTES_LIMIT,
						sense: 'atMost',
						unit: 'times',
					},
				],
			};
		}),
};

function bar(name: string, measured: number, limit: number) {
	return { name, measured, limit, sense: 'atLeast', unit: 'times as fast' } as const;
}

/** Bytes the server sends during one poll, log-in and all. */
async function countBytes(
	{ dovecot, tls }: BenchServer,
	stock: MailStock,
	count: number,
): Promise<number> {
	const meter = await openImapMeter({ port: dovecot.port, tls });
	try {
		await stock.put(MAILBOX, count);
		const place = { host: meter.host, port: meter.port, ca: dovecot.ca, user: USER };
		await new BenchPipeline(place, [ALERT_RULE]).poll();
		return meter.traffic.received;
	} finally {
		await meter.stop();
	}
}

/** Bytes up to where the attachment begins. */
function headerAndText(mail: string): number {
	return mail.indexOf('Content-Type: application/pdf');
}
