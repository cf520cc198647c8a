import type { AccountsProbeInput, AccountsProbeResult } from './accounts-probe';
import type { BenchCase } from './bench-case';
import { toAlert } from './bench-mail';
import { MAILBOX, MailStock, withBenchServer } from './bench-mailbox';
import { toMilliseconds } from './cells';
import { runProbe } from './probe-process';
import { median } from './stopwatch';

const ACCOUNTS = 100;
const MINUTE_MS = 60_000;
/** One in so many accounts gets a mail while they are polled. */
const MAIL_FOR_EACH = 5;
const LIMIT_PERCENT = 10;

/** Many accounts in one process, polled each minute in real time. */
export const ACCOUNTS_CASE: BenchCase = {
	name: 'accounts',
	run: ({ runs, quick, log }) => {
		const count = quick ? 20 : ACCOUNTS;
		const users = Array.from({ length: count }, (_, n) => `user${String(n)}@example.com`);
		return withBenchServer(users, async ({ dovecot }) => {
			for (const user of users) await new MailStock(dovecot, user).clear(MAILBOX);
			log('mailboxes are there');
			const input: AccountsProbeInput = {
				place: { host: dovecot.host, port: dovecot.port, ca: dovecot.ca },
				users,
				minutes: quick ? 1 : runs,
				// The same rate with fewer accounts.
				interval: (MINUTE_MS * count) / ACCOUNTS,
			};
			const probe = runProbe('accounts-probe', input) as Promise<AccountsProbeResult>;
			const receivers = users.filter((_, index) => index % MAIL_FOR_EACH === 0);
			for (const user of receivers) {
				await dovecot.deliver(user, toAlert(1), { mailbox: MAILBOX });
			}
			const { shares, polls, late, longest, mails } = await probe;
			const percent = median(shares) * 100;
			return {
				title: `${String(count)} accounts, each polled once a minute, in one process`,
				columns: ['', ''],
				rows: [
					['Share of one core, median of the minutes', `${percent.toFixed(1)} %`],
					['Polls', String(polls)],
					[
						'Mails that came meanwhile and were delivered',
						`${String(mails)} of ${String(receivers.length)}`,
					],
					['Longest poll, from when it was due', toMilliseconds(longest)],
				],
				bars: [
					{
						name: '100 accounts each minute',
						measured: percent,
						limit: LIMIT_PERCENT,
						sense: 'atMost',
						unit: '% of a core',
					},
					{
						name: 'polls that were late',
						measured: late,
						limit: 0,
						sense: 'atMost',
						unit: 'polls',
					},
				],
			};
		});
	},
};
