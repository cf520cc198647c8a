/*
 * The promise as data. A message becomes a delivery (delivery.ts) that is pending in the cursor (cursor.ts, stored by
 * stored-cursor.ts) until its execution has ended; flow.ts says how many start at once, by how often calls fail (call-rate.ts,
 * flakiness.ts); retry.ts says when one is tried again, crashes.ts which one n8n may die of,
 * effect-plan.ts what is then done to the message, acknowledgement.ts what is left as a mark. audit.ts and gaps.ts find what
 * a server did not tell of; outage.ts and health.ts say what people are told.
 */
import { combineCleanUps } from './effect-plan';
import type { Alert } from '../rules/alert';
import type { RuleMatch } from '../rules/evaluate';
import type { MailFieldReference } from '../rules/plain/fields-of-mail';
import type { MessageSummary } from '../message/message';
import type { CleanUp, Payload, Rule } from '../rules/rule';
import { hash } from 'node:crypto';

/**
 * What both triggers emit: one for each message and matching rule, or one for a message that no rule matched. Part of
 * the contract with saved workflows.
 */
export interface DeliveryItem {
	/** Stable delivery key: same message and rule = same id, also on re-delivery. */
	readonly id: string;
	/** Null for a message that no rule matched; its payload is empty. */
	readonly rule: string | null;
	readonly payload: Payload;
	/** Which alert the message is about, where its rule has an alert key. */
	readonly alert?: Alert;
	readonly message: MessageSummary;
	/** What Body patterns are matched against, with the option Message Text. */
	readonly text?: string;
	/** Counts from 1. */
	readonly attempt: number;
	/** What its rules want done to the message after delivery; absent where no rule matched. */
	readonly cleanUp?: CleanUp;
}

/** A message handed, or to be handed, to the workflow. */
export interface Delivery {
	readonly uid: number;
	readonly attempt: number;
	readonly items: readonly DeliveryItem[];
	/** What happens to the message once the delivery is acknowledged. */
	readonly cleanUp: CleanUp;
	/** Set for a message that has failed alone while others succeeded: it gets an execution of its own. */
	readonly isSuspect?: true;
	/** See `PendingDelivery`. */
	readonly crashes?: number;
	/** How often the execution of this message and the others that it is together with has failed. */
	readonly failedTogether?: number;
}

/**
 * How an execution ended, as far as it is known; only `success` and, where it counts so, `waiting` are deliveries. One that
 * was `started` runs, and nothing more will be known of it.
 */
export type Outcome = 'success' | 'waiting' | 'failure' | 'notStarted' | 'started' | 'unknown';

/** What is known of an execution that ended. */
export interface ExecutionEnd {
	readonly outcome: Outcome;
	readonly failure?: ExecutionFailure;
	/** Whether it ran in the process of the trigger, which ends it when it ends itself; absent where that is not known. */
	readonly ranHere?: boolean;
}

export interface ExecutionFailure {
	readonly message: string;
	readonly node?: string;
	/** ISO 8601. n8n lists executions by it, and mostly does not tell a trigger their id. */
	readonly startedAt?: string;
	/** Told of cancelled ones. */
	readonly executionId?: string;
}

/** The same delivery as its next attempt. */
export function asNextAttempt(delivery: Delivery): Delivery {
	const attempt = delivery.attempt + 1;
	return { ...delivery, attempt, items: delivery.items.map((item) => ({ ...item, attempt })) };
}

/** What a delivery is made of besides the summary. */
export interface Content {
	/** The same for the same parts, types and sizes only; absent where the structure was not read. */
	readonly shape?: string | undefined;
	/** Digest of the text that body patterns were matched against; absent where it was not read. */
	readonly textKey?: string | undefined;
	/** Set for what was handed over under an id of the first form, which it keeps. */
	readonly hasFirstId?: true | undefined;
	/** For the item; no part of the id. */
	readonly text?: string | undefined;
	/** The same of the text that rules see which take it from HTML parts first. */
	readonly ofHtml?: Pick<Content, 'textKey' | 'text'>;
}

function contentFor({ textFrom }: Rule, { ofHtml, ...content }: Content): Content {
	return textFrom === 'html' ? { ...content, ...ofHtml } : content;
}

/** Message and matching rules -> delivery. */
export function toDelivery(
	message: MessageSummary,
	matches: readonly RuleMatch[],
	attempt: number,
	content: Content = {},
): Delivery {
	const cleanUp = combineCleanUps(matches.map(({ rule }) => rule.cleanUp));
	return {
		uid: message.uid,
		attempt,
		items: matches.map(({ rule, payload, alert }) => {
			const { text, ...known } = contentFor(rule, content);
			return {
				id: deliveryId(message, rule.name, readsText(rule) ? known : withoutText(known)),
				rule: rule.name,
				payload,
				...(alert !== undefined && { alert }),
				message,
				attempt,
				cleanUp,
				...(text !== undefined && { text }),
			};
		}),
		cleanUp,
	};
}

/** A message that no rule matched -> delivery; it stays in the mailbox. */
export function toUnmatchedDelivery(
	message: MessageSummary,
	attempt: number,
	content: Content = {},
): Delivery {
	const { text } = content;
	const id = deliveryId(message, null, withoutText(content));
	const item = {
		id,
		rule: null,
		payload: {},
		message,
		attempt,
		...(text !== undefined && { text }),
	};
	return {
		uid: message.uid,
		attempt,
		items: [item],
		cleanUp: { action: 'none' },
	};
}

/** Whether a rule cannot match without the text, so that it was read whenever the rule matched. */
function readsText(rule: Rule): boolean {
	const { filter, match, captures, conditions = [], fields = [], records = [] } = rule;
	const isOfText = ({ field }: MailFieldReference): boolean => field === 'body';
	const isCaptured = rule.keyValueLines === true || records.length > 0 || fields.some(isOfText);
	if (isCaptured || (captures.body ?? []).length > 0) return true;
	return match !== 'any' && (filter.body !== undefined || conditions.some(isOfText));
}

function withoutText(content: Content): Content {
	return { ...content, textKey: '' };
}

/** A text -> what stands for it in the id. */
export function toTextKey(text: string): string {
	return hash('sha256', text, 'base64url');
}

/** Characters of a delivery id: 160 bits, more than collisions need and short enough to read out. */
const ID_LENGTH = 40;

/**
 * The stable key of a delivery: the same message and rule (or none) give the same id, also on re-delivery, after the message was
 * moved (replay from a folder), and after the server renumbered the mailbox (UIDVALIDITY).
 *
 * It is made of what a server keeps with a message (account, Message-ID, INTERNALDATE, size, From, Subject, Date, parts),
 * and of the text where the rule reads it: a device with a fixed Message-ID sends more than one alert a second.
 * A message without Message-ID adds its place, since two alerts of one second may look alike.
 */
export function deliveryId(
	message: MessageSummary,
	rule: string | null,
	{ shape = '', textKey = '', hasFirstId }: Content = {},
): string {
	const identity = identityOf(message);
	const parts = hasFirstId === true ? identity : ['2', ...identity, shape, textKey];
	return hash('sha256', JSON.stringify([...parts, rule])).slice(0, ID_LENGTH);
}

function identityOf(message: MessageSummary): readonly unknown[] {
	const place =
		message.messageId === null ? [message.mailbox, message.uidValidity, message.uid] : [];
	return [
		message.account,
		message.messageId,
		message.receivedAt,
		message.size,
		message.from,
		message.subject,
		message.date,
		...place,
	];
}

/**
 * What stays as it is at every attempt: the text is larger than the user wants, a pattern runs out of steps, or nobody
 * vouches for the sender.
 */
export type FinalReason = 'oversized' | 'undecided' | 'unauthenticated';

/** A message that could not be judged, or whose deliveries failed. */
export interface FailedDelivery {
	readonly uid: number;
	readonly attempt: number;
	readonly reason: string;
	/** Why no other attempt can end otherwise, where none can. */
	readonly final?: FinalReason | undefined;
	/** True for a message that others kept from being read, which is no fault of its own. */
	readonly isUnasked?: boolean;
	readonly summary?: MessageSummary;
	readonly delivery?: Delivery;
	readonly failure?: ExecutionFailure | undefined;
}
