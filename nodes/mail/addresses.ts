import { simpleParser } from 'mailparser';
import type { EmailAddress } from 'mailparser';
import { toBareAddresses, toOneLine } from './head';

/** One address without a display name, comment or list around it: most values are just that. */
const BARE = /^[^\s<>()[\],;:\\"]+@[^\s<>()[\],;:\\"]+$/u;

/**
 * The bare addresses of a From-like header value (RFC 5322, 3.4): display names, comments and encoded words are
 * left out, a group counts as its members.
 */
export async function parseAddresses(value: string): Promise<readonly string[]> {
	const header = toOneLine(value);
	if (BARE.test(header)) return [header];
	const { from } = await simpleParser(`From: ${header}\r\n\r\n`);
	return toBareAddresses(flatten(from?.value ?? []));
}

/** A local name without a domain, as in the `From: root` of cron, is taken for a display name by the parser. */
function flatten(entries: readonly EmailAddress[]): Array<{ address: string }> {
	return entries.flatMap(({ address, name, group }) => {
		if (group !== undefined) return flatten(group);
		if (address !== undefined && address !== '') return [{ address }];
		return /^[^\s@]+$/u.test(name) ? [{ address: name }] : [];
	});
}
