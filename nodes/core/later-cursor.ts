import type { Cursor } from './cursor';

/**
 * Of two cursors of the same trigger the one that knows more: n8n may read the stored one before the registration that
 * is just ending has moved it on.
 *
 * @param kept the cursor of the registration before
 */
export function laterCursor(
	stored: Cursor | undefined,
	kept: Cursor | undefined,
): Cursor | undefined {
	if (kept === undefined || stored === undefined) return kept ?? stored;
	const isSame =
		stored.account === kept.account &&
		stored.mailbox === kept.mailbox &&
		stored.uidValidity === kept.uidValidity;
	return isSame && kept.position >= stored.position ? kept : stored;
}
