import { simpleParser } from 'mailparser';
import type { EmailAddress } from 'mailparser';
import { toBareAddresses, toOneLine } from './head';

/** One address without a display name, comment or list around it: most values are just that. */
const BARE = /^[^\s<>()[\],;:\\"]+@[^\s<>()[\],;:\\"]+$/u;

/**
 * Characters of a value that are read: some 2,000 addresses. Parsing is synchronous and takes 0.1 s for so many of the
 * worst kind; mail servers accept no longer headers than twice that.
 */
export const MAX_ADDRESSES_LENGTH = 65_536;

/**
 * The bare addresses of a From-like header value (RFC 5322, 3.4): display names, comments and encoded words are
 * left out, a group counts as its members. Of a longer list than is read the last address, which may be cut, is left out.
 */
export async function parseAddresses(value: string): Promise<readonly string[]> {
	const header = toOneLine(value);
	if (BARE.test(header)) return [header];
	const { from } = await simpleParser(`From: ${cutList(header)}\r\n\r\n`);
	return toBareAddresses(flatten(from?.value ?? []));
}

function cutList(header: string): string {
	if (header.length <= MAX_ADDRESSES_LENGTH) return header;
	// Without a comma there is no whole address that is surely one.
	return header.slice(0, Math.max(0, header.lastIndexOf(',', MAX_ADDRESSES_LENGTH)));
}

/** A local name without a domain, as in the `From: root` of cron, is taken for a display name by the parser. */
function flatten(entries: readonly EmailAddress[]): Array<{ address: string }> {
	return entries.flatMap(({ address, name, group }) => {
		if (group !== undefined) return flatten(group);
		if (address !== undefined && address !== '') return [{ address }];
		return /^[^\s@]+$/u.test(name) ? [{ address: name }] : [];
	});
}
