import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { withMailClient } from '../support/servers/dovecot-mailbox';
import type { BenchCase } from './bench-case';
import { ALERT_RULE, toAlert } from './bench-mail';
import { MAILBOX, MailStock, PASSWORD, withBenchServer } from './bench-mailbox';
import { BenchPipeline } from './bench-pipeline';
import { toRate, toSeconds } from './cells';
import { interleave, median, time } from './stopwatch';

const USER = 'pipeline@example.com';
const LIMIT = 1.4;

/** The pipeline without n8n, against the mail library fetching the same bytes and moving them. */
export const PIPELINE_CASE: BenchCase = {
	name: 'pipeline',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async ({ dovecot }) => {
			const count = quick ? 400 : 2_000;
			const stock = new MailStock(dovecot, USER);
			await stock.fill(Array.from({ length: count }, (_, n) => toAlert(n)));
			// As in n8n, where the authorities are read once; the connection is new for each run, on both sides.
			const registry = new ConnectionRegistry();
			const place = {
				host: dovecot.host,
				port: dovecot.port,
				ca: dovecot.ca,
				user: USER,
				registry,
			};
			const prepare = async () => {
				await registry.closeIdle();
				await stock.put(MAILBOX, count);
			};
			const assertMoved = async () => {
				const moved = await stock.count('Done');
				if (moved !== count) throw new Error(`${String(moved)} of ${String(count)} mails moved`);
			};
			const sideWith = (batchSize: number) => ({
				prepare,
				run: async () => {
					const pipeline = new BenchPipeline(place, [ALERT_RULE], { batchSize });
					const took = await time(() => pipeline.poll());
					await assertMoved();
					return took;
				},
			});
			const raw = {
				prepare,
				run: async () => {
					const took = await time(() => fetchAndMove({ ...place, password: PASSWORD }));
					await assertMoved();
					return took;
				},
			};
			const times = await interleave({ default: sideWith(50), large: sideWith(500), raw }, runs);
			log(JSON.stringify(times));
			const row = (name: string, values: readonly number[]) => [
				name,
				toSeconds(median(values)),
				toRate(count, median(values)),
				`${(median(values) / median(times.raw)).toFixed(2)} x`,
			];
			return {
				title: `${String(count)} alerts, all match, without n8n`,
				columns: ['', 'Time', 'Mails/s', 'Against imapflow'],
				rows: [
					row('Pipeline, 500 messages per execution', times.large),
					row('Pipeline, 50 messages per execution (default)', times.default),
					row('imapflow alone: fetch the same, move', times.raw),
				],
				bars: [
					{
						name: 'pipeline against imapflow alone',
						measured: median(times.default) / median(times.raw),
						limit: LIMIT,
						sense: 'atMost',
						unit: 'times',
					},
				],
			};
		}),
};

/** The least that can be done: the fields of a message and its text, then one move. */
async function fetchAndMove(login: Parameters<typeof withMailClient>[0]): Promise<void> {
	await withMailClient(login, async (client) => {
		await client.mailboxOpen(MAILBOX);
		const head = {
			uid: true,
			flags: true,
			internalDate: true,
			size: true,
			envelope: true,
			bodyStructure: true,
		};
		await client.fetchAll('1:*', head, { uid: true });
		await client.fetchAll('1:*', { uid: true, bodyParts: ['1'] }, { uid: true });
		await client.messageMove('1:*', 'Done', { uid: true });
	});
}
