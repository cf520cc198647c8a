import { expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
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

it('delivers a message whose text cannot be read without it, and says so', async () => {
	const bench = new IngestBench([ALERTS], { messageText: true });
	const uid = bench.account.deliver('alert 1', { body: BODY });
	const reason = 'The body of message 1 in "INBOX" cannot be read';
	bench.account.bodiless.set(uid, new IngestError('message-unreadable', reason));
	await bench.poll();
	expect(textsOf(bench)).toEqual([['Alerts', '']]);
	expect(bench.logged).toContain(`${reason}; it is delivered without its text`);
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

const OF_HTML = {
	Name: 'HTML',
	TextFrom: 'HtmlFirst',
	Filter: { Body: '^Spoon' },
	Payload: { BodyCaptures: ['Spoon: (?<spoon>\\w+)'] },
};
const HINT = { body: 'See the HTML part.', bodyOfHtml: 'Spoon: false' };
const payloadsOf = ({ started }: IngestBench) =>
	started.flatMap(({ items }) => items.map(({ rule, payload, text }) => [rule, payload, text]));
const readsOf = ({ account }: IngestBench) =>
	account.calls.filter((call) => call.startsWith('bodies')).length;

it('gives a rule the text of HTML parts where it wants that, and the item the same', async () => {
	const bench = new IngestBench([OF_HTML], { startAt: 'everything', messageText: true });
	bench.account.deliver('report', HINT);
	await bench.poll();
	expect(payloadsOf(bench)).toEqual([['HTML', { spoon: 'false' }, 'Spoon: false']]);
	expect(readsOf(bench)).toBe(1);
});

it('reads both texts where rules do not agree on it, and not before one refuses', async () => {
	const plain = { Name: 'Plain', Filter: { Body: 'HTML part' }, Continue: true };
	const bench = new IngestBench([plain, OF_HTML], { startAt: 'everything', messageText: true });
	bench.account.deliver('report', HINT);
	await bench.poll();
	expect(payloadsOf(bench)).toEqual([
		['Plain', {}, 'See the HTML part.'],
		['HTML', { spoon: 'false' }, 'Spoon: false'],
	]);
	expect(readsOf(bench)).toBe(2);
});

it('keeps the id of a message for rules of either text', async () => {
	const idsWith = async (rules: readonly object[]) => {
		const bench = new IngestBench(rules, { startAt: 'everything', which: 'all' });
		bench.account.deliver('report', HINT);
		await bench.poll();
		return bench.started.flatMap(({ items }) => items.map(({ rule, id }) => [rule, id] as const));
	};
	const plain = { Name: 'Plain', Payload: { BodyCaptures: ['(?<all>.+)'] } };
	const together = await idsWith([plain, OF_HTML]);
	expect(together).toEqual([...(await idsWith([plain])), ...(await idsWith([OF_HTML]))]);
});
