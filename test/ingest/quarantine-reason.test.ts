import { describe, expect, it } from 'vitest';

import { readQuarantineReason } from '../../nodes/core/delivery/quarantine';
import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

const reasonOf = ({ account }: IngestBench) =>
	readQuarantineReason(account.mailboxes.get('Ingest Quarantine')?.[0]?.flags ?? new Set());

const BY_TEXT = { Name: 'Alerts', Filter: { Subject: '^alert', Body: 'rabbit' } };

describe('why a message came to quarantine is written on it', () => {
	it('when its text was larger than the user wants', async () => {
		const bench = new IngestBench([BY_TEXT], { oversized: 'quarantine' });
		bench.account.cutShort.add(bench.account.deliver('alert', { body: 'white rabbit' }));
		await bench.poll();
		expect(reasonOf(bench)).toBe('oversized');
	});

	it('when nobody vouched for its sender', async () => {
		const filter = { ...BY_TEXT.Filter, Authenticated: 'Dmarc', TrustedBy: 'mx.zion.com' };
		const bench = new IngestBench([{ ...BY_TEXT, Filter: filter }], {
			unauthenticated: 'quarantine',
		});
		const authentication = 'mx.zion.com; dmarc=fail header.from=zion.com';
		bench.account.deliver('alert', { body: 'white rabbit', authentication });
		await bench.poll();
		expect(reasonOf(bench)).toBe('unauthenticated');
	});

	it('when a pattern was not decided', async () => {
		const slow = { Name: 'Slow', Filter: { Body: '^(?=(a+)+\\1b)(?:(a|aa)+)+\\2$' } };
		const bench = new IngestBench([slow]);
		bench.account.deliver('alert', { body: `${'a'.repeat(4000)}!` });
		await bench.poll();
		expect(reasonOf(bench)).toBe('undecided');
	});
});

describe('what is told of messages in quarantine', () => {
	it('is that they went there at once where no attempt can end otherwise', async () => {
		const bench = new IngestBench([BY_TEXT], { oversized: 'quarantine' });
		bench.account.cutShort.add(bench.account.deliver('alert', { body: 'white rabbit' }));
		await bench.poll();
		const words = /^Moved .* at once, since another attempt would end the same: .*larger/;
		expect(bench.logged).toContainEqual(expect.stringMatching(words));
		expect(bench.reported).toMatchObject([
			{ event: 'quarantined', summary: expect.stringContaining('at once') as unknown },
		]);
	});

	it('is how many attempts each had, with its own reason', async () => {
		const bench = new IngestBench([BY_TEXT], {
			oversized: 'quarantine',
			retry: { maxAttempts: 1, firstDelayMs: 1_000, maxDelayMs: 1_000 },
		});
		bench.account.cutShort.add(bench.account.deliver('alert 1', { body: 'white rabbit' }));
		const damaged = bench.account.deliver('alert 2', { body: 'white rabbit' });
		bench.account.unreadable.set(damaged, new IngestError('message-unreadable', 'It is damaged'));
		await bench.poll();
		expect(bench.reported).toMatchObject([
			{ event: 'quarantined', messages: [{ subject: 'alert 1' }] },
			{
				event: 'quarantined',
				uids: [damaged],
				summary: expect.stringContaining('after 1 attempt(s)') as unknown,
			},
		]);
	});
});
