import type { BenchCase } from './bench-case';
import { ALERT_RULE, toAlert } from './bench-mail';
import { MAILBOX, MailStock, withBenchServer } from './bench-mailbox';
import { BenchPipeline } from './bench-pipeline';
import { toSeconds } from './cells';
import { interleave, median, time } from './stopwatch';

const USER = 'rules@example.com';
const LIMIT = 2;

/** Rules of which only the last one matches; the others look at subject and body in vain. */
function toRules(count: number): readonly unknown[] {
	const others = Array.from({ length: count - 1 }, (_, index) => ({
		...ALERT_RULE,
		Name: `Rule ${String(index)}`,
		Filter: { Subject: `disk full on db-${String(index)}`, Body: `Ticket: X${String(index)}` },
	}));
	return [...others, ALERT_RULE];
}

/** The same mails under few and under many rules. */
export const RULE_COUNT_CASE: BenchCase = {
	name: 'rule-count',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async ({ dovecot }) => {
			const mails = quick ? 200 : 1_000;
			const stock = new MailStock(dovecot, USER);
			await stock.fill(Array.from({ length: mails }, (_, n) => toAlert(n)));
			const place = { host: dovecot.host, port: dovecot.port, ca: dovecot.ca, user: USER };
			const sideWith = (rules: number) => ({
				prepare: () => stock.put(MAILBOX, mails),
				run: () => {
					const pipeline = new BenchPipeline(place, toRules(rules));
					return time(() => pipeline.poll());
				},
			});
			const sides = { one: sideWith(1), ten: sideWith(10), hundred: sideWith(100) };
			const times = await interleave(sides, runs);
			log(JSON.stringify(times));
			const row = (rules: number, values: readonly number[]) => [
				String(rules),
				toSeconds(median(values)),
				`${(median(values) / median(times.one)).toFixed(2)} x`,
			];
			return {
				title: `${String(mails)} alerts under more and more rules`,
				columns: ['Rules', 'Time', 'Against one rule'],
				rows: [row(1, times.one), row(10, times.ten), row(100, times.hundred)],
				bars: [
					{
						name: '100 rules against one',
						measured: median(times.hundred) / median(times.one),
						limit: LIMIT,
						sense: 'atMost',
						unit: 'times',
					},
				],
			};
		}),
};
