import type { CleanUp } from '../rule';
import type { Fields } from '../../json/fields';

const CLEAN_UP_KEYS = ['Action', 'Folder', 'DeleteAfterDays'] as const;

const ACTIONS: Readonly<Record<string, CleanUp['action']>> = {
	None: 'none',
	MarkAsRead: 'markAsRead',
	Flag: 'flag',
	MoveToFolder: 'moveToFolder',
	Delete: 'delete',
};

/** Reads the `CleanUp` of a rule; without one nothing happens to the message. */
export function readCleanUp(entry: Fields): CleanUp {
	const fields = entry.object('CleanUp', CLEAN_UP_KEYS);
	if (fields === undefined) return { action: 'none' };
	const action = fields.choice('Action', ACTIONS) ?? 'none';
	const folder = fields.string('Folder')?.trim() ?? '';
	// 0 is what a number field says when nobody filled it in: keep for good, the choice that loses nothing.
	const days = fields.wholeNumber('DeleteAfterDays') ?? 0;
	if (action !== 'moveToFolder') {
		if (folder !== '') refuseWithoutMove(fields, 'Folder');
		if (days !== 0) refuseWithoutMove(fields, 'DeleteAfterDays');
		return { action };
	}
	checkFolder(fields, folder);
	return { action, folder, ...(days !== 0 && { deleteAfterDays: days }) };
}

function refuseWithoutMove(fields: Fields, key: string): void {
	fields.fault(
		key,
		'is given, but the clean-up does not move the message',
		'Set Action to MoveToFolder, or remove it.',
	);
}

function checkFolder(fields: Fields, folder: string): void {
	if (folder === '') {
		fields.fault('Folder', 'is missing', 'Name the folder that MoveToFolder shall move to.');
	} else if (hasControlCharacter(folder)) {
		fields.fault('Folder', 'has a line end or another control character', 'Remove it.');
	}
}

function hasControlCharacter(text: string): boolean {
	return [...text].some((character) => character < ' ' || character === '\u007f');
}
