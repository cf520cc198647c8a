import { describe, expect, it } from 'vitest';

import { parseStored, toStored } from '../../../nodes/core/delivery/stored-cursor';
import { IngestBench } from '../../support/imap/ingest-bench';

/** As versions stored it that counted every failure, in November 2026. */
const BEFORE_STRIKES = {
	account: 'neo@example.com@localhost',
	mailbox: 'INBOX',
	uidValidity: '1',
	position: 3,
	rescanBelow: 1,
	receivedFrom: 0,
	lastReceived: 1_795_402_800_000,
	rulesKey: 'rules',
	version: 1,
	idForm: 2,
	firstIds: '',
	gaps: '',
	pending: '1,4,1795402800000,1795402800000;3,1,0,1795402800000',
};

describe('a stored cursor', () => {
	it('of a version that counted every failure is read, and nobody has failed alone yet', () => {
		expect(parseStored(BEFORE_STRIKES)?.pending).toEqual([
			{ uid: 1, attempt: 4, notBefore: 1_795_402_800_000, received: 1_795_402_800_000 },
			{ uid: 3, attempt: 1, notBefore: 0, received: 1_795_402_800_000 },
		]);
	});

	it('of that version is gone on with: what is pending is delivered, and what was read is not', async () => {
		const bench = new IngestBench([{ Name: 'Alerts' }]);
		for (const number of [1, 2, 3, 4]) bench.account.deliver(`alert ${String(number)}`);
		bench.crash({ ...BEFORE_STRIKES, rulesKey: JSON.stringify([{ Name: 'Alerts' }]) });
		await bench.poll(60);
		expect(bench.running.flat()).toEqual(['alert 1', 'alert 3', 'alert 4']);
		expect(bench.started[0]?.items.map(({ attempt }) => attempt)).toEqual([5, 1]);
	});

	it('remembers who failed alone, and how often', () => {
		const cursor = parseStored(BEFORE_STRIKES);
		if (cursor === undefined) throw new Error('It was not read');
		const [first, ...others] = cursor.pending;
		if (first === undefined) throw new Error('Nothing is pending');
		const struck = { ...cursor, pending: [{ ...first, strikes: 3 }, ...others] };
		expect(parseStored(JSON.parse(JSON.stringify(toStored(struck))))).toEqual(struck);
		expect(parseStored({ ...toStored(struck), strikes: 'x' })?.pending).toEqual(cursor.pending);
	});
});
