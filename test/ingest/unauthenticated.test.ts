import { describe, expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const GOOD = 'mx.zion.com; dmarc=pass header.from=zion.com';
const FORGED = 'mx.zion.com; dmarc=fail header.from=zion.com';
const RULE = {
	Name: 'Alerts',
	Filter: {
		Subject: '^alert',
		Body: 'rabbit',
		Authenticated: 'Dmarc',
		TrustedBy: 'mx.zion.com',
	},
};
const MAIL = { body: 'white rabbit' };

describe('a message whose sender nobody vouches for', () => {
	it.each([false, true])('is one that no rule takes (unmatched output: %s)', async (unmatched) => {
		const bench = new IngestBench([RULE], { unmatched });
		bench.account.deliver('alert forged', { ...MAIL, authentication: FORGED });
		await bench.poll();
		expect(bench.running).toEqual(unmatched ? [['alert forged']] : []);
		expect(bench.account.subjects()).toEqual(['alert forged']);
		expect(bench.account.calls.join()).not.toContain('bodies');
	});

	it('goes to quarantine at once where that is chosen, with the reason', async () => {
		const bench = new IngestBench([RULE], { unauthenticated: 'quarantine', unmatched: true });
		const forged = bench.account.deliver('alert forged', { ...MAIL, authentication: FORGED });
		bench.account.deliver('alert good', { ...MAIL, authentication: GOOD });
		await bench.poll();
		expect(bench.running).toEqual([['alert good']]);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert forged']);
		expect(bench.reported).toMatchObject([
			{
				event: 'quarantined',
				uids: [forged],
				reason: 'The sender is not authenticated as rule "Alerts" wants it.',
			},
		]);
	});

	it.each([
		['its subject', 'newsletter', MAIL],
		['its text', 'alert', { body: 'News' }],
	])('stays where it is when %s refuses it', async (_what, subject, mail) => {
		const bench = new IngestBench([RULE], { unauthenticated: 'quarantine' });
		bench.account.deliver(subject, { ...mail, authentication: FORGED });
		await bench.poll();
		expect(bench.account.subjects()).toEqual([subject]);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual([]);
	});

	it('is delivered where another rule takes it', async () => {
		const any = { Name: 'Any', Filter: { Body: 'rabbit' } };
		const bench = new IngestBench([RULE, any], { unauthenticated: 'quarantine' });
		bench.account.deliver('alert forged', { ...MAIL, authentication: FORGED });
		await bench.poll();
		expect(bench.running).toEqual([['alert forged']]);
	});
});

it('is told in the item what the host that rules trust found', async () => {
	const bench = new IngestBench([RULE]);
	bench.account.deliver('alert good', { ...MAIL, authentication: GOOD });
	await bench.poll();
	const [item] = bench.started.flatMap(({ items }) => items);
	expect(item?.message.authentication).toStrictEqual({
		by: 'mx.zion.com',
		dmarc: 'pass',
		passes: 'dmarc',
	});
});
