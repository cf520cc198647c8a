import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { combineCleanUps } from '../../../nodes/core/delivery/effect-plan';
import { toDelivery, deliveryId } from '../../../nodes/core/delivery/delivery';
import type { MessageSummary } from '../../../nodes/core/message/message';
import { DELIVERY_RETRY, nextDelay } from '../../../nodes/core/delivery/retry';
import type { Rule } from '../../../nodes/core/rules/rule';

/** What version 0.1.0 gave the message below under the rule `Knock Knock`. */
const FIRST_ID = 'f56019bc0bf1df7b83279fde9c9e907237f9d9a9';

const message: MessageSummary = {
	account: 'neo@example.com@localhost',
	mailbox: 'INBOX',
	uidValidity: '7',
	uid: 12,
	messageId: '<a@example.com>',
	from: ['trinity@zion.com'],
	to: ['neo@example.com'],
	subject: 'alert - Wake up Neo',
	date: '2026-11-23T03:00:00.000Z',
	receivedAt: '2026-11-23T03:00:01.000Z',
	size: 512,
	attachments: [],
};

describe('the delivery id', () => {
	const id = deliveryId(message, 'Knock Knock');

	it.each<[string, Partial<MessageSummary>]>([
		['is delivered again', {}],
		['was moved to another mailbox', { mailbox: 'Quarantine', uid: 1, uidValidity: '99' }],
		['was renumbered', { uid: 1, uidValidity: '8' }],
	])('stays the same when the message %s', (_, change) => {
		expect(deliveryId({ ...message, ...change }, 'Knock Knock')).toBe(id);
	});

	it.each<[string, Partial<MessageSummary>]>([
		['account', { account: 'smith@example.com@localhost' }],
		['Message-ID', { messageId: '<b@example.com>' }],
		['time of arrival', { receivedAt: '2026-11-23T03:00:02.000Z' }],
		['subject', { subject: 'alert - Sleep on' }],
	])('differs for another %s', (_, change) => {
		expect(deliveryId({ ...message, ...change }, 'Knock Knock')).not.toBe(id);
	});

	it('differs for another rule', () => {
		expect(deliveryId(message, 'Follow')).not.toBe(id);
	});

	it('differs for another text or other parts, and for nothing else, whatever those are', () => {
		const contents = fc.record({ shape: fc.string(), textKey: fc.string() });
		fc.assert(
			fc.property(contents, contents, fc.nat(), (one, two, uid) => {
				const moved = { ...message, mailbox: 'Quarantine', uid, uidValidity: '99' };
				const isSame = one.shape === two.shape && one.textKey === two.textKey;
				expect(deliveryId(moved, 'R', two) === deliveryId(message, 'R', one)).toBe(isSame);
			}),
		);
	});

	it('of the first form is made as version 0.1.0 made it', () => {
		expect(deliveryId(message, 'Knock Knock', { shape: 'any', hasFirstId: true })).toBe(FIRST_ID);
	});

	it('tells two messages without Message-ID apart that look alike', () => {
		const bare = { ...message, messageId: null };
		expect(deliveryId({ ...bare, uid: 13 }, 'R')).not.toBe(deliveryId(bare, 'R'));
	});
});

describe('a delivery', () => {
	const rule = (name: string, cleanUp: Rule['cleanUp']): Rule => ({
		name,
		filter: {},
		captures: { from: [], subject: [], body: [] },
		whenMissing: 'leaveOut',
		cleanUp,
	});

	it('has an item for each rule and the first clean-up that does something', () => {
		const matches = [
			{ rule: rule('One', { action: 'none' }), payload: { a: '1' } },
			{ rule: rule('Two', { action: 'markAsRead' }), payload: {} },
			{ rule: rule('Three', { action: 'delete' }), payload: {} },
		];
		const delivery = toDelivery(message, matches, 3);
		expect(delivery.items.map((item) => item.rule)).toEqual(['One', 'Two', 'Three']);
		expect(delivery.items[0]).toMatchObject({ payload: { a: '1' }, message, attempt: 3 });
		expect(delivery.cleanUp).toEqual({ action: 'markAsRead' });
	});

	it.each<[string, Partial<Rule>, boolean]>([
		['captures from the text', { captures: { body: ['(?<a>.)'] } }, true],
		['filters by the text', { filter: { body: '.' } }, true],
		[
			'has a condition on the text',
			{ conditions: [{ field: 'body', operator: 'contains', value: 'a' }] },
			true,
		],
		[
			'captures a field of the text',
			{ fields: [{ name: 'a', field: 'body', how: 'wholeField' }] },
			true,
		],
		['takes every label', { keyValueLines: true }, true],
		['collects records', { records: [{ name: 'a', how: 'table' }] }, true],
		[
			'has a condition on the head',
			{ conditions: [{ field: 'subject', operator: 'contains', value: 'a' }] },
			false,
		],
		['may do without the text', { filter: { body: '.', from: '.' }, match: 'any' }, false],
		['reads the head only', { captures: { subject: ['(?<a>.)'] } }, false],
	])('has an id by the text where its rule %s', (_, change, isByText) => {
		const matches = [{ rule: { ...rule('R', { action: 'none' }), ...change }, payload: {} }];
		const idOf = (textKey: string) => toDelivery(message, matches, 1, { textKey }).items[0]?.id;
		expect(idOf('one') !== idOf('two')).toBe(isByText);
	});

	it('is left alone when no rule asks for a clean-up', () => {
		expect(combineCleanUps([{ action: 'none' }])).toEqual({ action: 'none' });
	});
});

describe('the pause before the next attempt', () => {
	it.each([
		[1, 0, 15_000],
		[1, 0.999_999, 30_000],
		[2, 0.999_999, 150_000],
		[4, 0, 1_800_000],
		[5, 0, undefined],
	])('after attempt %i with random %f is %s ms', (attempt, random, delay) => {
		expect(nextDelay(DELIVERY_RETRY, attempt, random)).toBe(delay);
	});

	it('has a ceiling', () => {
		expect(nextDelay({ ...DELIVERY_RETRY, maxAttempts: 99 }, 50, 0.999_999_9)).toBe(3_600_000);
	});
});
