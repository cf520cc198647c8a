import { describe, expect, it } from 'vitest';

import { readQuarantineReason } from '../../nodes/core/delivery/quarantine';
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
