import type { CleanUp } from '../rules/rule';

/** What can be done to a message where it lies. */
export type Effect =
	| { readonly kind: 'addFlag'; readonly flag: '\\Seen' | '\\Flagged' }
	| { readonly kind: 'removeFlag'; readonly flag: '\\Seen' | '\\Flagged' }
	/** Marks the delivery of the message as acknowledged; when required, a mailbox without keywords is an error. */
	| { readonly kind: 'acknowledge'; readonly required: boolean }
	/** Notes on the server what a trigger has delivered; a mailbox without keywords, or a mark that was refused, does not matter. */
	| { readonly kind: 'remember'; readonly keyword: string }
	/** Takes the marks of acknowledged deliveries away, so that triggers see a new message. */
	| { readonly kind: 'forgetDelivery' }
	| { readonly kind: 'copy'; readonly folder: string }
	| { readonly kind: 'move'; readonly folder: string }
	| { readonly kind: 'delete' };

export interface WantedEffects<Wanted extends Effect = Effect> {
	readonly itemIndex: number;
	readonly uid: number;
	readonly effects: readonly Wanted[];
}

/** One command's worth: the same effect on the messages of the items that asked for it. */
export interface EffectStep<Wanted extends Effect = Effect> {
	readonly effect: Wanted;
	readonly targets: ReadonlyArray<{ readonly itemIndex: number; readonly uid: number }>;
}

/** Marks first, and what takes the message away last. */
const ORDER: readonly Effect['kind'][] = [
	'addFlag',
	'removeFlag',
	'acknowledge',
	'remember',
	'forgetDelivery',
	'copy',
	'move',
	'delete',
];

/**
 * Groups what items of one mailbox ask for into one step an effect and target. A message can be taken away only once:
 * where several items ask for that, the first one's way counts for all of them, and marking the message is left out.
 */
export function planEffects<Wanted extends Effect>(
	wanted: ReadonlyArray<WantedEffects<Wanted>>,
): ReadonlyArray<EffectStep<Wanted>> {
	const removals = new Map<number, Wanted>();
	for (const { uid, effects } of wanted) {
		const removal = effects.find(isRemoval);
		if (removal !== undefined && !removals.has(uid)) removals.set(uid, removal);
	}
	const steps = new Map<
		string,
		{ effect: Wanted; targets: Array<{ itemIndex: number; uid: number }> }
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

export type CleanUpEffect = Exclude<Effect, { kind: 'removeFlag' | 'forgetDelivery' | 'copy' }>;

/**
 * Clean-up -> effects. A message that is gone tells a trigger that waits for it by that; one that stays gets a keyword:
 * reading or flagging it might as well have been a person.
 *
 * @param mark how a message that stays is marked as delivered
 */
export function toCleanUpEffects(cleanUp: CleanUp, mark: CleanUpEffect): readonly CleanUpEffect[] {
	switch (cleanUp.action) {
		case 'none':
			return [mark];
		case 'markAsRead':
			return [{ kind: 'addFlag', flag: '\\Seen' }, mark];
		case 'flag':
			return [{ kind: 'addFlag', flag: '\\Flagged' }, mark];
		case 'moveToFolder':
			return [{ kind: 'move', folder: cleanUp.folder }];
		case 'delete':
			return [{ kind: 'delete' }];
	}
}

/**
 * The clean-up of a message that several rules matched: that of the first rule, in order, that asks for one.
 */
export function combineCleanUps(cleanUps: readonly CleanUp[]): CleanUp {
	return cleanUps.find(({ action }) => action !== 'none') ?? { action: 'none' };
}
