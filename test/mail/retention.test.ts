import { describe, expect, it } from 'vitest';
import { toImapDate } from '../../nodes/mail/saved-before';

describe('a day as IMAP writes it', () => {
	it.each([
		['2026-01-05T23:59:59Z', '05-Jan-2026'],
		['2026-12-31T00:00:00Z', '31-Dec-2026'],
	])('%s is %s', (iso, expected) => {
		expect(toImapDate(new Date(iso))).toBe(expected);
	});
});
