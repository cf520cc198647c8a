import type { ScannedMessage } from '../ports';
import type { TextPart } from './structure';

/** A message whose head has been read; its text part is undefined as long as its structure has not. */
export interface Scanned extends ScannedMessage<TextPart | null | undefined> {
	/** Where a bounce tells machines what happened. */
	readonly statusPart?: TextPart;
}
