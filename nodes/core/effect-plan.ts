import type { CleanUp } from './rule';

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
