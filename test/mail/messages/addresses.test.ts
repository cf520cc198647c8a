import { describe, expect, it } from 'vitest';
import { MAX_ADDRESSES_LENGTH, parseAddresses } from '../../../nodes/mail/messages/addresses';

describe('parseAddresses', () => {
	it.each<[string, string, readonly string[]]>([
		['a bare address', 'neo@zion.com', ['neo@zion.com']],
		['angle brackets', '<neo@zion.com>', ['neo@zion.com']],
		['a display name', 'Neo <neo@zion.com>', ['neo@zion.com']],
		['a quoted name with comma and brackets', '"Neo, <The One>" <neo@zion.com>', ['neo@zion.com']],
		['a name that is an address', '"boss@zion.com" <smith@matrix.com>', ['smith@matrix.com']],
		['a comment', 'neo@zion.com (Thomas Anderson)', ['neo@zion.com']],
		['an encoded word', '=?utf-8?q?N=C3=A9o?= <neo@zion.com>', ['neo@zion.com']],
		['two mailboxes', 'Neo <neo@zion.com>, tri@zion.com', ['neo@zion.com', 'tri@zion.com']],
		['a group', 'Crew: neo@zion.com, Tri <tri@zion.com>;', ['neo@zion.com', 'tri@zion.com']],
		['an empty group', 'undisclosed-recipients:;', []],
		['a folded value', 'Neo\r\n <neo@zion.com>', ['neo@zion.com']],
		['a local name', 'root', ['root']],
		['words without an address', 'The One', []],
		['nothing', '', []],
	])('takes the addresses of %s', async (_what, value, addresses) => {
		expect(await parseAddresses(value)).toEqual(addresses);
	});

	it('reads the beginning of a list that is too long, up to the last whole address', async () => {
		const address = 'neo@zion.com';
		const found = await parseAddresses(`${address}, `.repeat(100_000));
		expect(new Set(found)).toEqual(new Set([address]));
		expect(found.length).toBeGreaterThan(1_000);
		expect(found.length).toBeLessThan(MAX_ADDRESSES_LENGTH / address.length);
	});

	it('reads nothing of one endless address', async () => {
		expect(await parseAddresses(`Neo <neo@${'zion.'.repeat(400_000)}com>`)).toEqual([]);
	});
});
