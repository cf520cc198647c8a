import type { IDataObject } from 'n8n-workflow';

import { planEffects } from '../../core/delivery/effect-plan';
import type { Effect } from '../../core/delivery/effect-plan';
import { groupBy } from '../../core/group-by';
import {
	assertSameNumbering,
	isOtherMessage,
	messageGone,
} from '../../core/message/message-reference';
import type { MessageReference } from '../../core/message/message';
import { performPlan } from '../../ingest/perform-effects';
import type { ActionMailbox } from '../../mail/action-ports';
import type { ItemResults } from '../../shell/item-results';
import { throwIfUnavailable } from './operation';
import type { ItemCall, RunOperation } from './operation';
import { mayBeMissing } from './open-message';
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
		for (const group of groupBy(wishes, ({ reference }) => reference.mailbox).values()) {
			try {
				await runGroup(operation, group, results);
			} catch (error) {
				throwIfUnavailable(error);
				const open = group.filter(({ call }) => !results.has(call.itemIndex));
				for (const { call } of open) results.fail(call.itemIndex, error);
			}
		}
	};
}

type Group = readonly [Wish, ...Wish[]];

async function runGroup(operation: string, group: Group, results: ItemResults): Promise<void> {
	const [{ call, reference }] = group;
	const mailbox = await call.connection.open(reference.mailbox);
	const numbered = group.filter((wish) => {
		try {
			assertSameNumbering(wish.reference, mailbox.state);
			return true;
		} catch (error) {
			results.fail(wish.call.itemIndex, error);
			return false;
		}
	});
	const there = await dropMissing(operation, numbered, mailbox, results);
	await perform(operation, there, mailbox, results);
}

async function dropMissing(
	operation: string,
	wishes: readonly Wish[],
	mailbox: ActionMailbox,
	results: ItemResults,
): Promise<readonly Wish[]> {
	const there = await findThere(
		wishes.map(({ reference }) => reference),
		mailbox,
	);
	return wishes.filter(({ call, reference }) => {
		if (there.has(reference)) return true;
		if (mayBeMissing(call)) pass(call, results, { operation, done: false, reason: 'missing' });
		else results.fail(call.itemIndex, messageGone(reference));
		return false;
	});
}

/** Of references with a Message-ID it is asked, too, whether the UID is still that of the message. */
async function findThere(
	references: readonly MessageReference[],
	mailbox: ActionMailbox,
): Promise<ReadonlySet<MessageReference>> {
	const uidsOf = (some: readonly MessageReference[]) => some.map(({ uid }) => uid);
	const named = references.filter(({ messageId }) => typeof messageId === 'string');
	const others = references.filter((reference) => !named.includes(reference));
	const heads =
		named.length > 0 ? await mailbox.heads(uidsOf(named), { headers: [], structure: false }) : [];
	const found = new Map(heads.map(({ summary }) => [summary.uid, summary]));
	const existing = new Set(others.length > 0 ? await mailbox.existing(uidsOf(others)) : []);
	const isThere = (reference: MessageReference): boolean => {
		const summary = found.get(reference.uid);
		if (summary === undefined) return existing.has(reference.uid);
		return !isOtherMessage(reference, summary);
	};
	return new Set(references.filter(isThere));
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
	const busy = new Set(steps.flatMap(({ targets }) => targets.map(({ itemIndex }) => itemIndex)));
	const callOf = new Map(wishes.map(({ call }) => [call.itemIndex, call]));
	const done = (itemIndex: number, more: IDataObject): void => {
		const call = callOf.get(itemIndex);
		if (call !== undefined) pass(call, results, { operation, done: true, ...more });
	};
	for (const { call } of wishes) if (!busy.has(call.itemIndex)) done(call.itemIndex, {});
	await performPlan(steps, (effect, uids) => performEffect(mailbox, effect, uids), {
		done: (itemIndex, { effect }) => {
			done(itemIndex, 'folder' in effect ? { folder: effect.folder } : {});
		},
		failed: (itemIndex, error) => {
			results.fail(itemIndex, error);
		},
	});
}

/** The item goes on as it came, so that later nodes still find its payload and message, and says what was done. */
function pass({ itemIndex, item }: ItemCall, results: ItemResults, action: IDataObject): void {
	results.succeed(itemIndex, [{ ...item, json: { ...item.json, action } }]);
}
