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
		const { messages } = await bench.preview();
		expect(messages).toMatchObject([
			{ items: [{ rule: null, message: { subject: 'newsletter' } }] },
			{ items: [{ rule: 'Alerts', message: { subject: 'alert 1' } }] },
		]);
		expect(messages.map(({ explanation }) => explanation.refusals)).toEqual([
			[expect.stringMatching(/^Rule "Alerts", Subject filter .+: found nothing in "newsletter"/)],
			[],
		]);
	});

	it('changes nothing, neither in the mailbox nor in the cursor', async () => {
		const bench = new IngestBench([ALERTS], { unmatched: true });
		bench.account.deliver('alert 1');
		await bench.preview();
		expect(bench.stored).toBeUndefined();
		expect(bench.account.calls).toEqual(['open INBOX', 'newestUids 50', 'heads 1', 'bodies 1']);
	});

	it('shows the text of every message, and of a long one its beginning', async () => {
		const bench = new IngestBench([ALERTS]);
		bench.account.deliver('alert 1', { body: `Spoon: false\r\n${'x'.repeat(9000)}` });
		const [shown] = (await bench.preview()).messages;
		expect(shown?.text).toHaveLength(5001);
		expect(shown?.text).toMatch(/^Spoon: false\nxxx/);
	});

	it('shows the newest of all with what refused them where no rule takes any', async () => {
		const bench = new IngestBench([ALERTS, { Name: 'Ticket', Filter: { From: '^desk' } }]);
		for (let number = 1; number <= 60; number += 1)
			bench.account.deliver(`agenda ${String(number)}`);
		const { messages, ...counts } = await bench.preview();
		expect(counts).toEqual({ matched: 0, lookedAt: 50, total: 60 });
		expect(messages).toHaveLength(10);
		expect(messages[0]).toMatchObject({ items: [], summary: { subject: 'agenda 60' } });
		expect(messages[0]?.explanation.refusals).toEqual([
			expect.stringMatching(/^Rule "Alerts", Subject filter/),
			expect.stringMatching(/^Rule "Ticket", From filter \^desk: found nothing in/),
		]);
	});

	it('shows nothing of an empty mailbox', async () => {
		const empty = { messages: [], matched: 0, lookedAt: 0, total: 0 };
		expect(await new IngestBench([ALERTS]).preview()).toEqual(empty);
	});
});
