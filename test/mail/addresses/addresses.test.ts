import { describe, expect, it } from 'vitest';
import {
	MAX_ADDRESSES,
	MAX_ADDRESSES_LENGTH,
	readAddresses,
	readSenders,
} from '../../../nodes/mail/addresses/addresses';

const addressesOf = (value: string) => readAddresses([value]).addresses;

describe('readAddresses', () => {
	it.each<[string, string, readonly string[]]>([
		['a bare address', 'neo@zion.com', ['neo@zion.com']],
		['angle brackets', '<neo@zion.com>', ['neo@zion.com']],
		['a display name', 'Neo <neo@zion.com>', ['neo@zion.com']],
		['a quoted name with comma and brackets', '"Neo, <The One>" <neo@zion.com>', ['neo@zion.com']],
		['a name that is an address', '"boss@zion.com" <smith@matrix.com>', ['smith@matrix.com']],
		['such a name without quotes', 'boss@zion.com <smith@matrix.com>', ['smith@matrix.com']],
		['a name with a comma', 'Doe, John <john@zion.com>', ['john@zion.com']],
		['a name with square brackets', '[PROD] Monitor <m@zion.com>', ['m@zion.com']],
		['a comment', 'neo@zion.com (Thomas (Tom) Anderson)', ['neo@zion.com']],
		['comments within', 'neo(a)@(b)zion.com', ['neo@zion.com']],
		['an encoded word', '=?utf-8?q?N=C3=A9o?= <neo@zion.com>', ['neo@zion.com']],
		['an encoded word with a comma', '=?utf-8?q?Neo, One?= <neo@zion.com>', ['neo@zion.com']],
		['two mailboxes', 'Neo <neo@zion.com>, tri@zion.com', ['neo@zion.com', 'tri@zion.com']],
		['a list with semicolons', 'neo@zion.com; tri@zion.com', ['neo@zion.com', 'tri@zion.com']],
		['a group', 'Crew: neo@zion.com, Tri <tri@zion.com>;', ['neo@zion.com', 'tri@zion.com']],
		['an empty group', 'undisclosed-recipients:;', []],
		['a folded value', 'Neo\r\n <neo@zion.com>', ['neo@zion.com']],
		['a local name', 'root', ['root']],
		['a local name in brackets', 'Cron <root>', ['root']],
		['a local name with a comment', 'root (Cron Daemon)', ['root']],
		['a route', '<@a.org,@b.org:neo@zion.com>', ['neo@zion.com']],
		['blanks around the @', 'neo @ zion . com', ['neo@zion.com']],
		['a quoted local part', '"alert system"@zion.com', ['"alert system"@zion.com']],
		['quotes that are not needed', '"neo.one"@zion.com', ['neo.one@zion.com']],
		['a name and no brackets', 'The One neo@zion.com', ['neo@zion.com']],
		['a bracket that is never closed', 'Neo <neo@zion.com', ['neo@zion.com']],
		['one before another', 'A <a@x.org, B <b@x.org>', ['a@x.org', 'b@x.org']],
		['doubled brackets', 'Neo <<neo@zion.com>>', ['neo@zion.com']],
		['a quote that is never closed', '"Neo <neo@zion.com>', ['neo@zion.com']],
		['a comment that is never closed', 'Neo (One <neo@zion.com>', ['neo@zion.com']],
		['two words in brackets', '<zion.com neo@zion.com>', ['neo@zion.com']],
		['single quotes', "'neo@zion.com'", ['neo@zion.com']],
		['the last of two brackets', '<boss@zion.com> <neo@zion.com>', ['neo@zion.com']],
		['a domain literal', 'neo@[IPv6:2001:db8::1]', ['neo@[IPv6:2001:db8::1]']],
		['other scripts', 'jörg@exämple.org', ['jörg@exämple.org']],
		['a final dot', 'neo@zion.com.', ['neo@zion.com']],
		['a header whose lines end in CR', 'neo@zion.com\rSubject: a\r\rHost: db1', []],
		['words without an address', 'The One', []],
		['several words and a comma', 'root, admin', []],
		['two @', 'boss@bank.example@zion.com', []],
		['an encoded address', '=?utf-8?q?boss=40zion=2Ecom?=', []],
		['what servers write for a missing domain', '"boss@zion.com"@MISSING_DOMAIN', []],
		['the same of another server', 'boss@.MISSING-HOST-NAME.', []],
		['what a server writes for an error', 'x@SYNTAX_ERROR', []],
		['a domain alone', '@zion.com', []],
		['the null address', '<>', []],
		['nothing', '', []],
	])('takes the addresses of %s', (_what, value, addresses) => {
		expect(addressesOf(value)).toEqual(addresses);
	});

	it('reads the beginning of a list that is too long, up to the last whole address', () => {
		const address = 'neo@zion.com';
		const found = readAddresses([`${address}, `.repeat(100_000)]);
		expect(found.addresses).toEqual(Array.from({ length: MAX_ADDRESSES }, () => address));
		expect(found.isCut).toBe(true);
	});

	it('reads nothing of one endless address', () => {
		const endless = `Neo <neo@${'zion.'.repeat(MAX_ADDRESSES_LENGTH)}com>`;
		expect(addressesOf(endless)).toEqual([]);
	});

	it('counts nobody among more senders than are kept, who could hide another one', () => {
		const senders = readSenders([`neo@zion.com, `.repeat(MAX_ADDRESSES + 1)]);
		expect(senders).toEqual({ addresses: [], isAmbiguous: true, isCut: true });
	});

	it.each([
		['a name that says the same', 'neo@zion.com <NEO@zion.com>', false],
		['one mailbox', 'Neo <neo@zion.com>', false],
		['another address as name', 'boss@zion.com <neo@zion.com>', true],
		['another address in the local part', '"boss@zion.com"@evil.example', true],
		['two mailboxes', 'neo@zion.com, tri@zion.com', true],
		['a group', 'Crew: neo@zion.com;', true],
	])('is ambiguous for %s: %s', (_what, value, expected) => {
		expect(readAddresses([value]).isAmbiguous).toBe(expected);
	});
});
