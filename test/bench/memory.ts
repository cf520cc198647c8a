import type { BenchCase } from './bench-case';
import { toAlert, toReport } from './bench-mail';
import { MailStock, withBenchServer } from './bench-mailbox';
import { toMegabytes } from './cells';
import type { MemoryProbeInput, MemoryProbeResult } from './memory-probe';
import { runProbe } from './probe-process';
import { median } from './stopwatch';

const USER = 'memory@example.com';
const LIMIT_MB = 64;
const MB = 2 ** 20;
const HUGE = 100 * MB;

/** Peak memory of a process that reads a backlog, and a huge mail among small ones. */
export const MEMORY_CASE: BenchCase = {
	name: 'memory',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async ({ dovecot }) => {
			const backlog = quick ? 3_000 : 20_000;
			const alerts = new MailStock(dovecot, USER);
			await alerts.fill(Array.from({ length: 1_000 }, (_, n) => toAlert(n)));
			const huge = new MailStock(dovecot, USER, 'Huge');
			await huge.fill([toReport(0, HUGE), toLongAlert(1, HUGE)]);
			const place = { host: dovecot.host, port: dovecot.port, ca: dovecot.ca, user: USER };
			const probe = async (mailbox: string) => {
				await alerts.put('Warm', 500);
				const input: MemoryProbeInput = { place, warmUp: 'Warm', mailbox };
				const result = (await runProbe('memory-probe', input, [
					'--expose-gc',
				])) as MemoryProbeResult;
				log(`${mailbox}: ${JSON.stringify(result)}`);
				return result;
			};
			const results: Record<'Backlog' | 'Among', MemoryProbeResult[]> = { Backlog: [], Among: [] };
			for (let run = 0; run < runs; run += 1) {
				await alerts.put('Backlog', backlog);
				results.Backlog.push(await probe('Backlog'));
				await alerts.put('Among', 100);
				await huge.add('Among', 2);
				await alerts.add('Among', 100);
				results.Among.push(await probe('Among'));
			}
			const above = (values: readonly MemoryProbeResult[]) =>
				median(values.map(({ idle, peak }) => peak - idle));
			const row = (name: string, values: readonly MemoryProbeResult[]) => [
				name,
				toMegabytes(median(values.map(({ idle }) => idle))),
				toMegabytes(above(values)),
			];
			const bar = (name: string, values: readonly MemoryProbeResult[]) =>
				({
					name,
					measured: above(values) / MB,
					limit: LIMIT_MB,
					sense: 'atMost',
					unit: 'MB',
				}) as const;
			return {
				title: 'Memory (RSS) of a process that only has the pipeline',
				columns: ['', 'Idle, after 500 mails', 'Peak above that'],
				rows: [
					row(`Backlog of ${String(backlog)} alerts`, results.Backlog),
					row(
						'A mail with an attachment of 100 MB and one with 100 MB of text, among 200 alerts',
						results.Among,
					),
				],
				bars: [
					bar('memory for a backlog', results.Backlog),
					bar('memory for mails of 100 MB', results.Among),
				],
			};
		}),
};

/** An alert whose text is of `bytes`. */
function toLongAlert(number: number, bytes: number): string {
	const line = 'The check has seen a value of 97.3 percent, and says so again.\r\n';
	return `${toAlert(number)}${line.repeat(Math.ceil(bytes / line.length))}`;
}
