import type { IDataObject } from 'n8n-workflow';

import { planEffects } from '../../core/effect-plan';
import type { Effect, EffectStep } from '../../core/effect-plan';
import { messageGone } from '../../core/message-reference';
import type { MessageReference } from '../../core/message';
import type { ActionMailbox } from '../../mail/action-ports';
import type { ItemResults } from '../../shell/item-results';
import type { ItemCall, RunOperation } from './operation';
import { mayBeMissing, openNumbered } from './open-message';
import { performEffect } from './perform-effect';
import { readMessage } from './read-fields';

/** An item whose parameters are in order. */
interface Wish {
	readonly call: ItemCall;
	readonly reference: MessageReference;
	readonly effects: readonly Effect[];
}

/**
 * An operation that changes messages. Items of one mailbox are done together, one command for each effect; before the
 * first of them every item is checked, so that a wrong one stops the node while nothing has been changed there.
 */
export function effectOperation(
	operation: string,
	toEffects: (call: ItemCall) => readonly Effect[],
): RunOperation {
	return async (calls, results) => {
		const wishes = calls.flatMap((call) => {
			try {
				return [{ call, reference: readMessage(call), effects: toEffects(call) }];
			} catch (error) {
				results.fail(call.itemIndex, error);
				return [];
			}
		});
		for (const group of groupByMailbox(wishes)) {
			const mailbox = await openForAll(group, results);
			if (mailbox === undefined) continue;
			const there = await dropMissing(operation, mailbox.wishes, mailbox.opened, results);
			await perform(operation, there, mailbox.opened, results);
		}
	};
}

function groupByMailbox(wishes: readonly Wish[]): ReadonlyArray<readonly Wish[]> {
	const groups = new Map<string, Wish[]>();
	for (const wish of wishes) {
		const { mailbox } = wish.reference;
		groups.set(mailbox, [...(groups.get(mailbox) ?? []), wish]);
	}
	return [...groups.values()];
}

async function openForAll(
	group: readonly Wish[],
	results: ItemResults,
): Promise<{ readonly opened: ActionMailbox; readonly wishes: readonly Wish[] } | undefined> {
	let opened: ActionMailbox | undefined;
	const wishes: Wish[] = [];
	for (const wish of group) {
		try {
			opened = await openNumbered(wish.call, wish.reference, false);
			wishes.push(wish);
		} catch (error) {
			results.fail(wish.call.itemIndex, error);
		}
	}
	return opened === undefined ? undefined : { opened, wishes };
}

async function dropMissing(
	operation: string,
	wishes: readonly Wish[],
	mailbox: ActionMailbox,
	results: ItemResults,
): Promise<readonly Wish[]> {
	const there = new Set(await mailbox.existing(wishes.map(({ reference }) => reference.uid)));
	return wishes.filter(({ call, reference }) => {
		if (there.has(reference.uid)) return true;
		if (mayBeMissing(call)) pass(call, results, { operation, done: false, reason: 'missing' });
		else results.fail(call.itemIndex, messageGone(reference));
		return false;
	});
}

async function perform(
	operation: string,
	wishes: readonly Wish[],
	mailbox: ActionMailbox,
	results: ItemResults,
): Promise<void> {
	const steps = planEffects(
		wishes.map(({ call, reference, effects }) => ({
			itemIndex: call.itemIndex,
			uid: reference.uid,
			effects,
		})),
	);
	const failures: Failures = { ofMessages: new Map(), items: new Set() };
	for (const step of steps) await performStep(step, mailbox, results, failures);
	for (const { call } of wishes) {
		if (failures.items.has(call.itemIndex)) continue;
		const own = steps.filter(({ targets }) =>
			targets.some(({ itemIndex }) => itemIndex === call.itemIndex),
		);
		pass(call, results, { operation, done: true, ...foldersOf(own) });
	}
}

/** What went wrong in one mailbox: errors by UID, and the items that have been told. */
interface Failures {
	readonly ofMessages: Map<number, unknown>;
	readonly items: Set<number>;
}

/** A message whose step failed is left alone by the later ones. */
async function performStep(
	{ effect, targets }: EffectStep,
	mailbox: ActionMailbox,
	results: ItemResults,
	{ ofMessages, items }: Failures,
): Promise<void> {
	const uids = [...new Set(targets.map(({ uid }) => uid))].filter((uid) => !ofMessages.has(uid));
	try {
		if (uids.length > 0) await performEffect(mailbox, effect, uids);
	} catch (error) {
		for (const uid of uids) ofMessages.set(uid, error);
	}
	for (const { itemIndex, uid } of targets) {
		if (!ofMessages.has(uid) || items.has(itemIndex)) continue;
		items.add(itemIndex);
		results.fail(itemIndex, ofMessages.get(uid));
	}
}

function foldersOf(steps: readonly EffectStep[]): IDataObject {
	const [folder] = steps.flatMap(({ effect }) => ('folder' in effect ? [effect.folder] : []));
	return folder === undefined ? {} : { folder };
}

/** The item goes on as it came, so that later nodes still find its payload and message, and says what was done. */
function pass({ itemIndex, item }: ItemCall, results: ItemResults, action: IDataObject): void {
	results.succeed(itemIndex, [{ ...item, json: { ...item.json, action } }]);
}
