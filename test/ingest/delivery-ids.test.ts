import { expect, it } from 'vitest';

import { deliveryId } from '../../nodes/core/delivery/delivery';
import { IngestBench } from '../support/imap/ingest-bench';

const ALERTS = { Name: 'Alerts', Payload: { BodyCaptures: ['disk (?<disk>.)'] } };
/** What a device with a fixed Message-ID sends within a second. */
const SAME = { messageId: '<device@example.com>', receivedAt: '2026-11-23T03:00:00.000Z' };

const idsOf = ({ started }: IngestBench) =>
	started.flatMap(({ items }) => items.map(({ id }) => id));

it('gives two mails of one second with equal heads an id each, also when they come again', async () => {
	const bench = new IngestBench([ALERTS]);
	for (const body of ['disk A failed', 'disk B failed'])
		bench.account.deliver('alert', { ...SAME, body });
	await bench.poll();
	const ids = idsOf(bench);
	expect(new Set(ids).size).toBe(2);
	await bench.endAll('failure');
	bench.started.splice(0);
	bench.account.renumber();
	await bench.poll();
	expect(idsOf(bench)).toEqual(ids);
});

it('keeps the id of what was on its way when n8n was updated, and of nothing else', async () => {
	const bench = new IngestBench([ALERTS]);
	bench.account.deliver('alert', { body: 'disk A' });
	await bench.poll();
	bench.crash({ ...bench.stored, idForm: undefined });
	await bench.poll(10);
	const [again] = bench.started.flatMap(({ items }) => items);
	expect(again?.attempt).toBe(2);
	expect(again?.id).toBe(again && deliveryId(again.message, 'Alerts', { hasFirstId: true }));
	await bench.endAll('success');
	bench.account.deliver('alert', { body: 'disk B' });
	await bench.poll();
	const [next] = bench.started.flatMap(({ items }) => items);
	expect(next?.id).not.toBe(next && deliveryId(next.message, 'Alerts', { hasFirstId: true }));
});
