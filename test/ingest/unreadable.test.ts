import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

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

it('a message that others kept from being asked for alone uses up no attempt', async () => {
	const bench = new IngestBench([RULE]);
	bench.account.deliver('alert 1');
	const genuine = bench.account.deliver('alert 2');
	bench.account.unreadable.set(genuine, new IngestError('message-not-asked', 'others'));
	await bench.poll();
	await bench.endAll('success');
	for (let attempt = 2; attempt <= 20; attempt += 1) await bench.poll(70);
	expect(bench.account.subjects()).toEqual(['alert 1', 'alert 2']);
	expect(bench.cursor?.pending).toMatchObject([{ uid: genuine }]);
	bench.account.unreadable.clear();
	await bench.poll(70);
	expect(bench.running).toEqual([['alert 2']]);
});

it('a message whose body was not asked for alone uses up no attempt', async () => {
	const bench = new IngestBench([{ ...RULE, Filter: { Subject: '^alert', Body: 'rabbit' } }]);
	const genuine = bench.account.deliver('alert 1', { body: 'white rabbit' });
	bench.account.bodiless.set(genuine, new IngestError('message-not-asked', 'others'));
	await bench.poll();
	for (let attempt = 2; attempt <= 20; attempt += 1) await bench.poll(70);
	expect(bench.account.subjects()).toEqual(['alert 1']);
	expect(bench.cursor?.pending).toMatchObject([{ uid: genuine }]);
	bench.account.bodiless.clear();
	await bench.poll(70);
	expect(bench.running).toEqual([['alert 1']]);
});

it('a message whose body does not come is not taken for deleted', async () => {
	const bench = new IngestBench([{ ...RULE, Filter: { Subject: '^alert', Body: 'rabbit' } }]);
	const stubborn = bench.account.deliver('alert 1', { body: 'white rabbit' });
	bench.account.bodiless.set(stubborn, new IngestError('message-unreadable', 'damaged'));
	await bench.poll();
	expect(bench.running).toEqual([]);
	bench.account.bodiless.clear();
	await bench.poll();
	expect(bench.running).toEqual([['alert 1']]);
});

it('a message whose pattern cannot be decided goes to quarantine at once, for a reason that names rule and pattern', async () => {
	const bench = new IngestBench([{ ...RULE, Filter: { Subject: '^alert', Body: '(a+)\\1+$' } }]);
	const hopeless = bench.account.deliver('alert 1', { body: `${'a'.repeat(50_000)}!` });
	bench.account.deliver('alert 2', { body: 'aa' });

	await bench.poll();

	expect(bench.running).toEqual([['alert 2']]);
	expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert 1']);
	expect(bench.reported).toMatchObject([
		{
			event: 'quarantined',
			uids: [hopeless],
			reason: expect.stringMatching(/^Rule "Alerts": Pattern "\(a\+\)/) as unknown,
		},
	]);
});

describe('a message whose text is larger than what is read of it', () => {
	const rule = { ...RULE, Filter: { Subject: '^alert', Body: 'rabbit' } };

	it('is matched on what was read unless told otherwise', async () => {
		const bench = new IngestBench([rule]);
		bench.account.cutShort.add(bench.account.deliver('alert 1', { body: 'white rabbit' }));
		await bench.poll();
		expect(bench.running).toEqual([['alert 1']]);
	});

	it.each(['white rabbit', 'white'])(
		'goes to quarantine at once where that is chosen, and holds back nobody: %s',
		async (body) => {
			const bench = new IngestBench([rule], { oversized: 'quarantine' });
			const large = bench.account.deliver('alert 1', { body });
			bench.account.cutShort.add(large);
			bench.account.deliver('alert 2', { body: 'white rabbit' });
			bench.account.cutShort.add(bench.account.deliver('newsletter', { body: 'white rabbit' }));

			await bench.poll();

			expect(bench.running).toEqual([['alert 2']]);
			expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert 1']);
			expect(bench.account.subjects()).toEqual(['alert 2', 'newsletter']);
			expect(bench.reported).toMatchObject([
				{ event: 'quarantined', uids: [large], reason: expect.stringMatching(/larger/) as unknown },
			]);
		},
	);
});

describe('a message with more parts than are looked at', () => {
	const byText = { Name: 'Text', Filter: { Subject: '^alert', Body: 'white rabbit' } };
	const byFile = { Name: 'File', Filter: { Subject: '^alert', AttachmentName: 'report' } };

	it.each([
		['its text', byText],
		['the names of its attachments', byFile],
	])('goes to quarantine where that is chosen and a rule asks for %s', async (_what, rule) => {
		const bench = new IngestBench([rule], { oversized: 'quarantine' });
		const large = bench.account.deliver('alert 1', { body: 'white rabbit' });
		bench.account.manyParts.add(large);
		bench.account.manyParts.add(bench.account.deliver('newsletter', { body: 'white rabbit' }));

		await bench.poll();

		expect(bench.running).toEqual([]);
		expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert 1']);
		expect(bench.account.subjects()).toEqual(['newsletter']);
	});

	it('is matched on what was looked at otherwise', async () => {
		const bench = new IngestBench([byText]);
		bench.account.manyParts.add(bench.account.deliver('alert 1', { body: 'white rabbit' }));

		await bench.poll();

		expect(bench.running).toEqual([['alert 1']]);
	});
});
