import { isRecord } from '../../core/is-record';
import { IngestError } from '../../core/errors';
import { assertSameAccount, parseMessageReference } from '../../core/message/message-reference';
import type { MessageReference } from '../../core/message/message';
import { MIB } from '../../core/message/size-limit';
import { readWholeNumber, showValue } from '../../core/whole-number';
import type { ItemCall } from './operation';

/** The message of an item, which has to lie in the account that is signed in. */
export function readMessage({ read, account }: ItemCall): MessageReference {
	const reference = parseMessageReference(read('message'));
	assertSameAccount(reference, account);
	return reference;
}

/** A resource locator, or the plain name an expression gives. */
export function readMailboxName(value: unknown, field: string): string {
	const name = isRecord(value) ? value['value'] : value;
	// A line break or NUL is in no mailbox name, and has no place in a command.
	if (typeof name === 'string' && name.trim() !== '' && !/\p{Cc}/u.test(name)) {
		return name;
	}
	throw new IngestError('configuration', `${field} is ${showValue(name)}.`, {
		field,
		remedy: 'Choose a mailbox from the list, or write its name, e.g. INBOX/Alerts.',
	});
}

const MAX_LIMIT_MIB = 1024;

/** The option Size Limit, in bytes. */
export function readSizeLimit({ option }: ItemCall, defaultMib: number): number {
	const value = option('sizeLimit') ?? defaultMib;
	return readWholeNumber(value, 'Size Limit', { min: 1, max: MAX_LIMIT_MIB }) * MIB;
}

/** How many results are wanted. */
export function readLimit({ read }: ItemCall): number {
	if (read('returnAll') === true) return Number.POSITIVE_INFINITY;
	return readWholeNumber(read('limit'), 'Limit', { min: 1, max: 1_000_000 });
}
