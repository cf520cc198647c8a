import { wrongSetting } from '../errors';
import { isRecord } from '../is-record';
import { showValue } from '../whole-number';

/** True when two names mean the same mailbox: only INBOX is case-insensitive (RFC 3501, 5.1). */
export function isSameMailbox(left: string, right: string): boolean {
	return canonicalMailbox(left) === canonicalMailbox(right);
}

/** The name as ids and static data keep it: INBOX in capitals, everything else as given. */
export function canonicalMailbox(name: string): string {
	return name.toUpperCase() === 'INBOX' ? 'INBOX' : name;
}

/** A resource locator, or the plain name an expression gives. */
export function readMailboxName(value: unknown, field: string): string {
	const name = isRecord(value) ? value['value'] : value;
	// A line break or NUL is in no mailbox name, and has no place in a command.
	if (typeof name === 'string' && name.trim() !== '' && !/\p{Cc}/u.test(name)) {
		return name;
	}
	throw wrongSetting(
		field,
		`is ${showValue(name)}`,
		'Choose a mailbox from the list, or write its name, e.g. INBOX/Alerts.',
	);
}
