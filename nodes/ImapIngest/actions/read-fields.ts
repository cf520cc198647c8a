import { assertSameAccount, parseMessageReference } from '../../core/message/message-reference';
import type { MessageReference } from '../../core/message/message';
import { MIB } from '../../core/message/size-limit';
import { readWholeNumber } from '../../core/whole-number';
import type { ItemCall } from './operation';

/** The message of an item, which has to lie in the account that is signed in. */
export function readMessage({ read, account }: ItemCall): MessageReference {
	const reference = parseMessageReference(read('message'));
	assertSameAccount(reference, account);
	return reference;
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
