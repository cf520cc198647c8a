import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { compileRules } from '../../nodes/core/rules/compile-rules';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import type { OpenMailbox } from '../../nodes/mail/ports';
import { tryRules } from '../../nodes/ingest/try-rules';
import type { TrialOrder, TrialOutcome } from '../../nodes/ingest/try-rules';
import { SYSTEM_CLOCK } from '../../nodes/shell/clock';
import { MemoryAccount } from '../support/imap/memory-mailbox';

const compile = (...rules: readonly unknown[]) => compileRules(parseRules(rules));
const ANY = compile({ Name: 'Any', Filter: { Body: 'rabbit' } });

/** A mailbox with so many messages. */
function createAccount(messages: number): MemoryAccount {
	const account = new MemoryAccount();
	for (let index = 0; index < messages; index += 1) {
		account.deliver(`No. ${String(index)}`, { body: 'white rabbit' });
	}
	return account;
}

async function run(
	account: MemoryAccount,
	order: Partial<TrialOrder> = {},
	wrap: (mailbox: OpenMailbox) => OpenMailbox = (mailbox) => mailbox,
): Promise<TrialOutcome> {
	return await account.withMailbox('INBOX', async (mailbox) => {
		const uids = [...(await mailbox.uidsAfter(0))].reverse();
		const whole = { rules: ANY, compareWith: undefined, uids, limit: 5000 };
		const all = { isWanted: () => true, goOn: () => true };
		return await tryRules(wrap(mailbox), { ...whole, ...all, ...order }, SYSTEM_CLOCK);
	});
}

describe('trying rules on a mailbox', () => {
	it('reads page by page, tells after each how far it is, and changes nothing', async () => {
		const account = createAccount(120);
		const told: number[] = [];
		const goOn = (lookedAt: number) => told.push(lookedAt) > 0;
		const { trial, endedBy } = await run(account, { goOn });
		expect(told).toEqual([50, 100, 120]);
		expect(endedBy).toBeUndefined();
		expect(trial.rows[0]).toMatchObject({ rule: 'Any', matched: 120 });
		const names = new Set(account.calls.map((call) => call.split(' ')[0]));
		expect([...names].sort()).toEqual(['bodies', 'heads', 'open', 'uidsAfter']);
	});

	it('looks at no more than it may, and only at what is wanted', async () => {
		const isWanted: TrialOrder['isWanted'] = ({ summary }) => summary.uid % 2 === 0;
		const { lookedAt } = await run(createAccount(120), { limit: 7, isWanted });
		expect(lookedAt).toBe(7);
	});

	it('stops where it is told to', async () => {
		const { lookedAt, endedBy } = await run(createAccount(120), { goOn: () => false });
		expect({ lookedAt, endedBy }).toEqual({ lookedAt: 50, endedBy: 'stop' });
	});

	it('stops after so much text', async () => {
		const { lookedAt, endedBy } = await run(createAccount(1100), {}, (mailbox) => ({
			...mailbox,
			heads: async (...wanted) =>
				(await mailbox.heads(...wanted)).map((head) => ({
					...head,
					summary: { ...head.summary, size: 1_000_000_000 },
				})),
		}));
		expect({ lookedAt, endedBy }).toEqual({ lookedAt: 1050, endedBy: 'bytes' });
	});

	it('puts what cannot be read, or not be decided, apart', async () => {
		const account = createAccount(3);
		const [first = 0, second = 0] = account.mailboxes.get('INBOX')?.map(({ uid }) => uid) ?? [];
		account.unreadable.set(first, new IngestError('message-unreadable', 'The head is broken.'));
		account.bodiless.set(second, new IngestError('message-unreadable', 'The text is broken.'));
		const { trial } = await run(account);
		expect(trial.rows.map(({ rule, matched }) => [rule, matched])).toEqual([
			['Any', 1],
			['(no rule)', 0],
			['(not judged)', 2],
		]);
	});

	it('asks the other rules about the same messages', async () => {
		const compareWith = compile({ Name: 'Other', Filter: { Subject: '1$' } });
		const { trial } = await run(createAccount(2), { compareWith });
		expect(trial.rows[0]?.changes).toMatchObject([
			{ subject: 'No. 1', then: ['Other'] },
			{ subject: 'No. 0', then: [] },
		]);
	});
});
