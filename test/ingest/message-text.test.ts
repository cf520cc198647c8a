import { expect, it } from 'vitest';

import { IngestBench } from '../support/imap/ingest-bench';

const ALERTS = { Name: 'Alerts', Filter: { Subject: '^alert' } };
const BODY = 'Spoon: false\r\nSkills: Kung Fu';
const TEXT = 'Spoon: false\nSkills: Kung Fu';

const textsOf = ({ started }: IngestBench) =>
	started.flatMap(({ items }) => items.map(({ rule, text }) => [rule, text]));

it('leaves the text unread unless the user wants it', async () => {
	const bench = new IngestBench([ALERTS], { startAt: 'everything' });
	bench.account.deliver('alert 1', { body: BODY });
	await bench.poll();
	expect(textsOf(bench)).toEqual([['Alerts', undefined]]);
	expect(bench.account.calls.join()).not.toContain('bodies');
});

it('gives items the text of their message, also where no rule asks for it', async () => {
	const bench = new IngestBench([ALERTS], { messageText: true, unmatched: true });
	bench.account.deliver('alert 1', { body: BODY });
	bench.account.deliver('newsletter', { body: 'News' });
	await bench.poll();
	expect(textsOf(bench).sort()).toEqual([
		[null, 'News'],
		['Alerts', TEXT],
	]);
});

it('reads no text of what nobody gets', async () => {
	const bench = new IngestBench([ALERTS], { messageText: true });
	bench.account.deliver('newsletter', { body: 'News' });
	await bench.poll();
	expect(bench.account.calls.filter((call) => call.startsWith('bodies'))).toEqual([]);
});

it('gives it again with every attempt, under the same id', async () => {
	const bench = new IngestBench([ALERTS], { messageText: true });
	bench.account.deliver('alert 1', { body: BODY });
	await bench.poll();
	const [first] = bench.started.flatMap(({ items }) => items);
	await bench.endAll('failure');
	await bench.poll();
	await bench.poll();
	const [again] = bench.started.flatMap(({ items }) => items);
	expect(again).toEqual({ ...first, attempt: 2 });
});
