import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { openImapMeter } from '../support/imap/imap-meter';
import type { BenchCase } from './bench-case';
import { ALERT_RULE, toAlert } from './bench-mail';
import { MAILBOX, MailStock, withBenchServer } from './bench-mailbox';
import { BenchPipeline } from './bench-pipeline';
import { toMilliseconds } from './cells';
import { interleave, median, time } from './stopwatch';

const FEW = 'few@example.com';
const MANY = 'many@example.com';
const NEW = 10;
const STOCK = 1_000;
const LIMIT = 1.3;

/** Ten new mails among many that are there, against ten among few: the clean-up leaves all of them there. */
export const MAILBOX_SIZE_CASE: BenchCase = {
	name: 'mailbox-size',
	run: ({ runs, quick, log }) =>
		withBenchServer(
			[FEW, MANY],
			async ({ dovecot, tls }) => {
				const sizes = { [FEW]: 100, [MANY]: quick ? 5_000 : 100_000 };
				const meter = await openImapMeter({ port: dovecot.port, tls });
				const commands = new Map<string, number>();
				const registry = new ConnectionRegistry();
				const sideFor = async (user: typeof FEW | typeof MANY) => {
					const stock = new MailStock(dovecot, user);
					await stock.fill(Array.from({ length: STOCK }, (_, n) => toAlert(n)));
					await stock.put(MAILBOX, sizes[user]);
					log(`${user} has ${String(sizes[user])} mails`);
					const place = { host: meter.host, port: meter.port, ca: dovecot.ca, user, registry };
					const rule = { ...ALERT_RULE, CleanUp: { Action: 'MarkAsRead' } };
					const pipeline = new BenchPipeline(place, [rule], { startAt: 'newMail' });
					await pipeline.poll();
					return {
						prepare: () => stock.add(MAILBOX, NEW),
						run: async () => {
							meter.reset();
							const took = await time(() => pipeline.poll());
							commands.set(user, meter.traffic.commands.length);
							return took;
						},
					};
				};
				try {
					const few = await sideFor(FEW);
					const many = await sideFor(MANY);
					// A poll takes milliseconds: many of them make up for the noise.
					const times = await interleave({ few, many }, runs * 5, 3);
					log(JSON.stringify(times));
					const row = (user: typeof FEW | typeof MANY, values: readonly number[]) => [
						`${String(NEW)} new among ${String(sizes[user])}`,
						toMilliseconds(median(values)),
						String(commands.get(user)),
					];
					return {
						title: 'New mail in a small and in a large mailbox',
						columns: ['', 'Time of the poll', 'Commands'],
						rows: [row(FEW, times.few), row(MANY, times.many)],
						bars: [
							{
								name: 'large mailbox against small',
								measured: median(times.many) / median(times.few),
								limit: LIMIT,
								sense: 'atMost',
								unit: 'times',
							},
							{
								name: 'commands in the large mailbox',
								measured: commands.get(MANY) ?? Number.NaN,
								limit: commands.get(FEW) ?? Number.NaN,
								sense: 'atMost',
								unit: 'commands',
							},
						],
					};
				} finally {
					await registry.closeIdle();
					await meter.stop();
				}
			},
			// A format with an index: in a Maildir the server itself lists all files whenever a mail has come.
			'sdbox',
		),
};
