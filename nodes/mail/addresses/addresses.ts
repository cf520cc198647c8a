/*
 * Whom a mail is from and to: address-tokens.ts cuts an address list into pieces, address-list.ts finds the mailboxes in
 * them, addresses.ts says who is meant, and whether that is certain.
 */
import { toMailboxes } from './address-list';
import type { Mailbox } from './address-list';
import { toOneLine } from '../text/one-line';

/** The addresses of a message's From, To or Cc. */
export interface AddressList {
	/** Bare addresses, 200 at most. */
	readonly addresses: readonly string[];
	/**
	 * True where it is not certain who is meant: several fields or mailboxes, a group, another address in a display name or
	 * a local part.
	 */
	readonly isAmbiguous: boolean;
	/** True when addresses were left out because of a limit. */
	readonly isCut: boolean;
}

/** Addresses that are kept of one list. */
export const MAX_ADDRESSES = 200;

/** Characters of a list that are read; mail servers accept no longer headers than some times that. */
export const MAX_ADDRESSES_LENGTH = 65_536;

/**
 * Reads From-like header values (RFC 5322, 3.4), one for each time the field is there: display names, comments and encoded
 * words are left out, a group counts as its members. What cannot be read as an address is nobody.
 */
export function readAddresses(values: readonly string[]): AddressList {
	const mailboxes: Mailbox[] = [];
	let left = MAX_ADDRESSES_LENGTH;
	for (const value of values) {
		if (left <= 0 || mailboxes.length > MAX_ADDRESSES) break;
		mailboxes.push(...readMailboxes(value));
		left -= value.length;
	}
	const isLong = left < 0;
	return {
		addresses: mailboxes.slice(0, MAX_ADDRESSES).map(({ address }) => address),
		isAmbiguous:
			values.length > 1 ||
			mailboxes.length > 1 ||
			mailboxes.some(({ isAmbiguous }) => isAmbiguous === true),
		isCut: isLong || mailboxes.length > MAX_ADDRESSES,
	};
}

/**
 * Whom a message comes from. Of more senders than are kept nobody is known: a rule that asks for all of them must not be
 * satisfied by the first ones.
 */
export function readSenders(values: readonly string[]): AddressList {
	const senders = readAddresses(values);
	return senders.isCut ? { ...senders, addresses: [], isAmbiguous: true } : senders;
}

/** Of a longer list than is read the last address, which may be cut, is left out. */
function readMailboxes(value: string): readonly Mailbox[] {
	// Where CR ends lines, what servers take for one field is a whole header.
	if (/\r(?!\n|$)/.test(value)) return [];
	const header = toOneLine(value.slice(0, MAX_ADDRESSES_LENGTH));
	if (value.length <= MAX_ADDRESSES_LENGTH) return toMailboxes(header);
	// Without a comma there is no whole address that is surely one.
	return toMailboxes(header.slice(0, Math.max(0, header.lastIndexOf(','))));
}

/**
 * True for a header value in which a display name has angle brackets of its own, since it was decoded without being put in
 * quotes again.
 */
export function hasBracketsInName(value: string): boolean {
	return toMailboxes(toOneLine(value.slice(0, MAX_ADDRESSES_LENGTH))).some(
		({ isDoubtful }) => isDoubtful === true,
	);
}

/** The last address of such a value. */
export function readLastSender(value: string): AddressList {
	const { addresses, isCut } = readSenders([value]);
	return { addresses: addresses.slice(-1), isAmbiguous: true, isCut };
}
