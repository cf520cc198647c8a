import { describe, expect, it } from 'vitest';

import type { Account } from '../../../nodes/core/account/account';
import { rotate, shareOf } from '../../../nodes/ImapIngest/trigger/poll-accounts';
import { parseUsers, userToOpen } from '../../../nodes/core/account/users';

describe('the list of users', () => {
	it.each([
		['a list', ['a@x.com', ' b@x.com ', ''], ['a@x.com', 'b@x.com']],
		['a text with commas', 'a@x.com, b@x.com', ['a@x.com', 'b@x.com']],
		['nothing', undefined, []],
		['an empty text', '', []],
	])('is read from %s', (_, value, expected) => {
		expect(parseUsers(value)).toEqual(expected);
	});

	it.each([
		['an entry that is no text', [7], /holds 7/],
		['an entry with a blank inside', ['a b@x.com'], /holds/],
		['the same user twice', ['a@x.com', 'A@x.com'], /"a@x.com" twice/i],
		[
			'too many',
			Array.from({ length: 51 }, (_, index) => `u${String(index)}@x.com`),
			/^Users has 51/,
		],
		['something else', 7, /is 7/],
	])('is refused with %s', (_, value, message) => {
		expect(() => parseUsers(value)).toThrow(message);
	});
});

describe('the user whose mailbox a message lies in', () => {
	const account = (kind: 'password' | 'clientCredentials'): Account => ({
		host: 'mail.example.com',
		port: 993,
		username: 'neo@example.com',
		login:
			kind === 'password'
				? { kind, password: 'x' }
				: {
						kind,
						credentials: {
							issuer: { kind: 'endpoint', tokenUrl: 'https://localhost' },
							clientId: 'c',
							scope: 's',
							proof: { kind: 'secret', secret: 'x', sendIn: 'body' },
						},
					},
	});
	const TRINITY = 'trinity@example.com@mail.example.com';

	it.each([
		['is opened by an application', 'clientCredentials', TRINITY, 'trinity@example.com'],
		[
			'is opened as the list spells it',
			'clientCredentials',
			'TRINITY@example.com@mail.example.com',
			'trinity@example.com',
		],
		['is not opened with a password', 'password', TRINITY, 'neo@example.com'],
		[
			'is not looked for on another server',
			'clientCredentials',
			'a@x.com@other',
			'neo@example.com',
		],
		['is that of the account otherwise', 'clientCredentials', undefined, 'neo@example.com'],
		[
			'is that of the account in another spelling, too',
			'clientCredentials',
			'NEO@example.com@MAIL.example.com',
			'neo@example.com',
		],
	] as const)('%s', (_, kind, owner, expected) => {
		expect(userToOpen(account(kind), owner, ['trinity@example.com'])).toBe(expected);
	});

	it.each([
		['another user', 'ceo@corp.example@mail.example.com'],
		['one whose name only ends like an allowed one', 'xtrinity@example.com@mail.example.com'],
		[
			'one with an allowed address behind it',
			'ceo@corp.example,trinity@example.com@mail.example.com',
		],
	])('is refused when it is %s', (_, owner) => {
		const allowed = ['trinity@example.com'];
		expect(() => userToOpen(account('clientCredentials'), owner, allowed)).toThrow(
			/^The message lies in the mailbox of ".*", which this node may not open\.$/,
		);
	});
});

describe('a time that several share', () => {
	it('is the same for all who wait', () => {
		expect(shareOf(0, 100, 1, 4)).toBe(100);
		expect(shareOf(0, 100, 4, 4)).toBe(100);
		expect(shareOf(0, 100, 8, 4)).toBe(50);
		expect(shareOf(200, 100, 8, 4)).toBe(200);
	});

	it('begins with another one each turn', () => {
		expect(rotate([1, 2, 3], 4)).toEqual([2, 3, 1]);
		expect(rotate([], 4)).toEqual([]);
	});
});
