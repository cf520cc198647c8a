import type { CleanUp } from './rule';

/** One command's worth of clean-up: the same effect on a set of messages. */
export type CleanUpStep =
	| {
			readonly kind: 'flag';
			readonly uids: readonly number[];
			readonly flag: '\\Seen' | '\\Flagged';
	  }
	| { readonly kind: 'keyword'; readonly uids: readonly number[] }
	| { readonly kind: 'move'; readonly uids: readonly number[]; readonly folder: string }
	| { readonly kind: 'delete'; readonly uids: readonly number[] };

/** A message whose delivery was acknowledged, and the clean-up its rule asks for. */
export interface AcknowledgedMessage {
	readonly uid: number;
	readonly cleanUp: CleanUp;
}

const STAYING: ReadonlySet<CleanUp['action']> = new Set(['none', 'markAsRead', 'flag']);

/** Groups acknowledged messages into one step an effect and target, flags first and deletions last. */
export function planCleanUp(messages: readonly AcknowledgedMessage[]): readonly CleanUpStep[] {
	const uidsWith = (wanted: (cleanUp: CleanUp) => boolean): readonly number[] =>
		messages.filter(({ cleanUp }) => wanted(cleanUp)).map(({ uid }) => uid);
	const steps: readonly CleanUpStep[] = [
		{ kind: 'flag', flag: '\\Seen', uids: uidsWith(({ action }) => action === 'markAsRead') },
		{ kind: 'flag', flag: '\\Flagged', uids: uidsWith(({ action }) => action === 'flag') },
		// What stays in the mailbox is marked, so that a restart does not deliver it again.
		{ kind: 'keyword', uids: uidsWith(({ action }) => STAYING.has(action)) },
		...foldersOf(messages).map((folder): CleanUpStep => ({
			kind: 'move',
			folder,
			uids: uidsWith((cleanUp) => cleanUp.action === 'moveToFolder' && cleanUp.folder === folder),
		})),
		{ kind: 'delete', uids: uidsWith(({ action }) => action === 'delete') },
	];
	return steps.filter((step) => step.uids.length > 0);
}

function foldersOf(messages: readonly AcknowledgedMessage[]): readonly string[] {
	const folders = messages.flatMap(({ cleanUp }) =>
		cleanUp.action === 'moveToFolder' ? [cleanUp.folder] : [],
	);
	return [...new Set(folders)];
}

/**
 * The clean-up of a message that several rules matched: that of the first rule, in order, that asks for one.
 */
export function combineCleanUps(cleanUps: readonly CleanUp[]): CleanUp {
	return cleanUps.find(({ action }) => action !== 'none') ?? { action: 'none' };
}
