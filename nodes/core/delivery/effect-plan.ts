import type { CleanUp } from '../rules/rule';

/** What can be done to a message where it lies. */
export type Effect =
	| { readonly kind: 'addFlag' | 'removeFlag'; readonly flag: '\\Seen' | '\\Flagged' }
	/** Marks the delivery of the message as acknowledged; when required, a mailbox without keywords is an error. */
	| { readonly kind: 'acknowledge'; readonly required: boolean }
	/** Takes the marks of acknowledged deliveries away, so that triggers see a new message. */
	| { readonly kind: 'forgetDelivery' }
	| { readonly kind: 'copy'; readonly folder: string }
	| { readonly kind: 'move'; readonly folder: string }
	| { readonly kind: 'delete' };

/** What an item asks for. */
export interface WantedEffects {
	readonly itemIndex: number;
	readonly uid: number;
	readonly effects: readonly Effect[];
}

/** One command's worth: the same effect on the messages of the items that asked for it. */
export interface EffectStep {
	readonly effect: Effect;
	readonly targets: ReadonlyArray<{ readonly itemIndex: number; readonly uid: number }>;
}

/** Marks first, and what takes the message away last. */
const ORDER: readonly Effect['kind'][] = [
	'addFlag',
	'removeFlag',
	'acknowledge',
	'forgetDelivery',
	'copy',
	'move',
	'delete',
];

/**
 * Groups what items of one mailbox ask for into one step an effect and target. A message can be taken away only once:
 * where several items ask for that, the first one's way counts for all of them, and marking the message is left out.
 */
export function planEffects(wanted: readonly WantedEffects[]): readonly EffectStep[] {
	const removals = new Map<number, Effect>();
	for (const { uid, effects } of wanted) {
		const removal = effects.find(isRemoval);
		if (removal !== undefined && !removals.has(uid)) removals.set(uid, removal);
	}
	const steps = new Map<
		string,
		{ effect: Effect; targets: Array<{ itemIndex: number; uid: number }> }
	>();
	for (const { itemIndex, uid, effects } of wanted) {
		const removal = removals.get(uid);
		for (const effect of effects) {
			if (effect.kind === 'acknowledge' && removal !== undefined) continue;
			const actual = isRemoval(effect) && removal !== undefined ? removal : effect;
			const key = JSON.stringify(actual);
			const step = steps.get(key) ?? { effect: actual, targets: [] };
			step.targets.push({ itemIndex, uid });
			steps.set(key, step);
		}
	}
	return [...steps.values()].sort(
		(left, right) => ORDER.indexOf(left.effect.kind) - ORDER.indexOf(right.effect.kind),
	);
}

function isRemoval({ kind }: Effect): boolean {
	return kind === 'move' || kind === 'delete';
}

/**
 * Clean-up -> effects. A message that is gone tells a trigger that waits for it by that; one that stays gets the keyword
 * of acknowledged deliveries: reading or flagging it might as well have been a person.
 *
 * @param keywordRequired whether it is an error when the mailbox keeps no keywords
 */
export function toCleanUpEffects(cleanUp: CleanUp, keywordRequired: boolean): readonly Effect[] {
	const acknowledge: Effect = { kind: 'acknowledge', required: keywordRequired };
	switch (cleanUp.action) {
		case 'none':
			return [acknowledge];
		case 'markAsRead':
			return [{ kind: 'addFlag', flag: '\\Seen' }, acknowledge];
		case 'flag':
			return [{ kind: 'addFlag', flag: '\\Flagged' }, acknowledge];
		case 'moveToFolder':
			return [{ kind: 'move', folder: cleanUp.folder }];
		case 'delete':
			return [{ kind: 'delete' }];
	}
}

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
