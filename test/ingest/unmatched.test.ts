import { describe, expect, it } from 'vitest';

import { IngestBench, KEYWORD } from '../support/imap/ingest-bench';

const ALERTS = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};

describe('messages that no rule matches, where they are wanted', () => {
	const bench = (): IngestBench => new IngestBench([ALERTS], { unmatched: true });

	it('are handed over in the same execution, without rule and payload', async () => {
		const wanted = bench();
		wanted.account.deliver('alert 1');
		wanted.account.deliver('newsletter');
		await wanted.poll();
		expect(wanted.started).toHaveLength(1);
		expect(wanted.started[0]?.items).toMatchObject([
			{ rule: 'Alerts', message: { subject: 'alert 1' } },
			{ rule: null, payload: {}, message: { subject: 'newsletter' }, attempt: 1 },
		]);
	});

	it('stay in the mailbox, marked as delivered, and do not come again', async () => {
		const wanted = bench();
		wanted.account.deliver('newsletter');
		await wanted.poll();
		await wanted.endAll('success');
		await wanted.poll(10);
		expect(wanted.running).toEqual([]);
		expect(wanted.account.mailboxes.get('INBOX')?.[0]?.flags).toEqual(new Set([KEYWORD]));
	});

	it('come again with the same id when the execution failed', async () => {
		const wanted = bench();
		wanted.account.deliver('newsletter');
		await wanted.poll();
		const id = wanted.started[0]?.items[0]?.id;
		await wanted.endAll('failure');
		await wanted.poll();
		await wanted.poll();
		expect(wanted.started[0]?.items).toMatchObject([{ id, rule: null, attempt: 2 }]);
	});

	it('come again after a crash', async () => {
		const wanted = bench();
		wanted.account.deliver('newsletter');
		await wanted.poll();
		wanted.crash();
		await wanted.poll(6);
		expect(wanted.running).toEqual([['newsletter']]);
	});

	it('are left alone where nobody wants them', async () => {
		const unwanted = new IngestBench([ALERTS]);
		unwanted.account.deliver('newsletter');
		await unwanted.poll();
		expect(unwanted.running).toEqual([]);
		expect(unwanted.cursor?.pending).toEqual([]);
	});
});

describe('a preview', () => {
	it('shows the newest messages that would be delivered, newest first, and explains them', async () => {
		const bench = new IngestBench([ALERTS], { unmatched: true });
		bench.account.deliver('alert 1');
		bench.account.deliver('newsletter');
		expect(await bench.preview()).toMatchObject([
			{
				item: { rule: null, message: { subject: 'newsletter' } },
				explanation: [{ rule: 'Alerts', filtersMatched: false }],
			},
			{
				item: { rule: 'Alerts', message: { subject: 'alert 1' } },
				explanation: [{ rule: 'Alerts', filtersMatched: true }],
			},
		]);
	});

	it('changes nothing, neither in the mailbox nor in the cursor', async () => {
		const bench = new IngestBench([ALERTS], { unmatched: true });
		bench.account.deliver('alert 1');
		await bench.preview();
		expect(bench.stored).toBeUndefined();
		expect(bench.account.calls).toEqual(['open INBOX', 'newestUids 50', 'heads 1', 'bodies 1']);
	});

	it('without a match says how many messages were looked at and what refused them', async () => {
		const bench = new IngestBench([ALERTS, { Name: 'Ticket', Filter: { From: '^desk' } }]);
		bench.account.deliver('newsletter');
		bench.account.deliver('invoice', { from: 'desk@zion.com', messageId: '<i@zion.com>' });
		bench.account.deliver('agenda');
		const other = new IngestBench([ALERTS]);
		await expect(other.preview()).rejects.toThrow('There is no message in "INBOX"');
		other.account.deliver('newsletter');
		other.account.deliver('agenda');
		await expect(other.preview()).rejects.toMatchObject({
			message: 'None of the newest 2 message(s) in "INBOX" matches a rule.',
			remedy: expect.stringMatching(/^2 refused by Subject of rule "Alerts"\./) as unknown,
		});
		expect(await bench.preview()).toMatchObject([{ item: { rule: 'Ticket' } }]);
	});
});
