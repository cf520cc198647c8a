import { expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/ingest-bench';

const RULE = { Name: 'Alerts', Filter: { Subject: '^alert' } };

it('a message whose head cannot be read holds back nobody, is tried again and then quarantined', async () => {
	const bench = new IngestBench([RULE]);
	bench.account.deliver('alert 1');
	const monster = bench.account.deliver('alert 2');
	bench.account.deliver('alert 3');
	bench.account.unreadable.set(monster, new IngestError('message-unreadable', 'too large'));

	await bench.poll();
	expect(bench.running).toEqual([['alert 1', 'alert 3']]);
	await bench.endAll('success');

	for (let attempt = 2; attempt <= 5; attempt += 1) await bench.poll(70);
	expect(bench.cursor?.pending).toEqual([]);
	expect(bench.account.subjects()).toEqual(['alert 1', 'alert 3']);
});

it('a message whose body does not come is not taken for deleted', async () => {
	const bench = new IngestBench([{ ...RULE, Filter: { Subject: '^alert', Body: 'rabbit' } }]);
	const stubborn = bench.account.deliver('alert 1', { body: 'white rabbit' });
	bench.account.bodiless.add(stubborn);
	await bench.poll();
	expect(bench.running).toEqual([]);
	bench.account.bodiless.clear();
	await bench.poll();
	expect(bench.running).toEqual([['alert 1']]);
});
