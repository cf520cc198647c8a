import { describe, expect, it } from 'vitest';

import {
	assertSameAccount,
	assertSameNumbering,
	parseMessageReference,
} from '../../../nodes/core/message/message-reference';

const REFERENCE = {
	account: 'neo@example.com@mail.example.com',
	mailbox: 'INBOX',
	uidValidity: '1795451136',
	uid: 7,
};

describe('reading the reference of a message', () => {
	it.each([
		['the message of an item', { ...REFERENCE, subject: 'Wake up' }],
		['JSON text', JSON.stringify(REFERENCE)],
		['numbers as text and text as numbers', { ...REFERENCE, uidValidity: 1795451136, uid: '7' }],
	])('takes %s', (_case, value) => {
		expect(parseMessageReference(value)).toEqual(REFERENCE);
	});

	it.each([
		['nothing', undefined, 'Message is empty or not an object.'],
		['null', null, 'Message is empty or not an object.'],
		['a list', [REFERENCE], 'Message is empty or not an object.'],
		['text that is not JSON', 'INBOX/7', 'Message is not JSON.'],
		['no account', { ...REFERENCE, account: '' }, 'Message has no "account".'],
		['no mailbox', { ...REFERENCE, mailbox: undefined }, 'Message has no "mailbox".'],
		['no numbering', { ...REFERENCE, uidValidity: '' }, 'Message has no "uidValidity".'],
		['no UID', { ...REFERENCE, uid: undefined }, 'Message has no "uid".'],
		['UID 0', { ...REFERENCE, uid: 0 }, 'Message has no "uid".'],
		['a range', { ...REFERENCE, uid: '1:*' }, 'Message has no "uid".'],
		['every message', { ...REFERENCE, uid: '*' }, 'Message has no "uid".'],
		['a fraction', { ...REFERENCE, uid: 1.5 }, 'Message has no "uid".'],
	])('refuses %s', (_case, value, message) => {
		expect(() => parseMessageReference(value)).toThrow(
			expect.objectContaining({ code: 'configuration', field: 'Message', message }),
		);
	});
});

describe('whether a reference still counts', () => {
	it('does in the same account, in any case', () => {
		expect(() => {
			assertSameAccount(REFERENCE, 'NEO@example.com@mail.example.com');
		}).not.toThrow();
	});

	it('does not in another account', () => {
		expect(() => {
			assertSameAccount(REFERENCE, 'smith@example.com@mail.example.com');
		}).toThrow(expect.objectContaining({ code: 'configuration' }));
	});

	it('does under the same UIDVALIDITY only', () => {
		expect(() => {
			assertSameNumbering(REFERENCE, { uidValidity: '1795451136' });
		}).not.toThrow();
		expect(() => {
			assertSameNumbering(REFERENCE, { uidValidity: '1795451137' });
		}).toThrow(expect.objectContaining({ code: 'stale-reference' }));
	});
});
