import { expect, it } from 'vitest';
import { toServerPaths } from '../../../nodes/mail/mailboxes/mailbox-path';
import { toUidSets } from '../../../nodes/mail/mailboxes/uid-set';

it.each([
	['AlertMagic Processed', '/', '', 'AlertMagic Processed'],
	['Alerts/2026', '/', '', 'Alerts/2026'],
	['Alerts/2026', '.', '', 'Alerts.2026'],
	['Alerts/2026', '.', 'INBOX.', 'INBOX.Alerts.2026'],
	['INBOX/Alerts', '.', 'INBOX.', 'INBOX.Alerts'],
	['inbox/Alerts', '.', 'INBOX.', 'INBOX.Alerts'],
	['INBOX.Alerts', '.', 'INBOX.', 'INBOX.Alerts'],
	['inbox', '.', 'INBOX.', 'INBOX'],
	['Inbox/Alerts', '/', '', 'INBOX/Alerts'],
	['Inboxes', '/', '', 'Inboxes'],
	['Alerts/2026', '', '', 'Alerts/2026'],
])(
	'%s is written for delimiter "%s" and prefix "%s" as %s',
	(path, delimiter, prefix, expected) => {
		expect(toServerPaths(path, { delimiter, prefix, foreignPrefixes: [] }).at(-1)).toBe(expected);
	},
);

it.each([
	['Backup 24/7', ['Backup 24/7', 'Backup 24.7', 'INBOX.Backup 24.7']],
	['user.trinity.Shared', ['user.trinity.Shared']],
	['user/trinity/Shared', ['user/trinity/Shared', 'user.trinity.Shared']],
	['INBOX.Alerts', ['INBOX.Alerts']],
	['Alerts', ['Alerts', 'INBOX.Alerts']],
	['inbox', ['INBOX']],
])('%s means the first of %j that is there', (name, paths) => {
	const rules = { delimiter: '.', prefix: 'INBOX.', foreignPrefixes: ['user.'] };

	expect(toServerPaths(name, rules)).toStrictEqual(paths);
});

it('writes UIDs as ranges', () => {
	expect(toUidSets([5, 1, 3, 2, 9, 9])).toStrictEqual(['1:3,5,9']);
});

it('writes nothing but positive whole numbers', () => {
	expect(toUidSets([])).toStrictEqual([]);
	expect(toUidSets([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])).toStrictEqual([]);
});

it('splits a set that does not fit into a command line', () => {
	const uids = Array.from({ length: 3000 }, (_, index) => 4_000_000_000 + index * 2);
	const sets = toUidSets(uids);

	expect(sets.every((set) => set.length <= 7_000)).toBe(true);
	expect(sets.join(',').split(',').map(Number)).toStrictEqual(uids);
});
