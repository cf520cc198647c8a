import { headersOf } from '../core/rules/compile-rules';
import type { Cursor } from '../core/delivery/cursor';
import { toDelivery, toUnmatchedDelivery } from '../core/delivery/delivery';
import type { Delivery } from '../core/delivery/delivery';
import type { Evaluation, RuleRefusal } from '../core/rules/evaluate';
import { evaluate } from '../core/rules/evaluate';
import { IngestError } from '../core/errors';
import type { BodyText, MatchableMessage, MessageSummary } from '../core/message/message';
import { toPortions } from '../core/delivery/portions';
import type { OpenMailbox, ScannedMessage } from '../mail/ports';
import type { Clock, IngestSettings } from './ingest';
import type { FailedDelivery } from './settle';

/** A message that was looked at: what the rules say, or why they could not be asked. */
export interface JudgedMessage {
	readonly summary: MessageSummary;
	readonly evaluation: Evaluation;
	/** Set when a pattern could not be decided or the message not be read: then the message goes the way of a failed delivery. */
	readonly failure?: IngestError;
	/** True when another attempt cannot end otherwise. */
	readonly isFinal?: boolean;
}

type Rules = Pick<IngestSettings, 'rules' | 'which' | 'oversized'>;

/** Most that is read of a text, see DEFAULT_LIMITS in mail/limits.ts. */
const LARGEST_TEXT_BYTES = 256 * 1024;
/** Texts held in memory at once. */
const PORTION_BYTES = 32 * LARGEST_TEXT_BYTES;

const NOTHING: Evaluation = { matches: [], refusals: [], needsBody: false };

/** Reads the heads of messages with what the rules ask for, in one command; with their structure unless told otherwise. */
export async function readHeads(
	mailbox: OpenMailbox,
	uids: readonly number[],
	{ rules }: Pick<IngestSettings, 'rules'>,
	structure = true,
): Promise<readonly ScannedMessage[]> {
	return await mailbox.heads(uids, { headers: headersOf(rules), structure });
}

/**
 * Applies the rules to messages in steps: to the heads first; the structure, where it was not read with the head, and the
 * body are only read of those that the head did not refuse or decide. One message that cannot be judged does not stop
 * the others.
 */
export async function judgeMessages(
	mailbox: OpenMailbox,
	heads: readonly ScannedMessage[],
	rules: Rules,
	clock: Clock,
): Promise<readonly JudgedMessage[]> {
	const byHead = await completeWanted(
		mailbox,
		heads,
		await judgeAll(
			heads.map((scanned) => ({ scanned })),
			rules,
			clock,
		),
	);
	const open = byHead.filter(({ judged }) => judged.evaluation.needsBody);
	if (open.length === 0) return byHead.map(({ judged }) => judged);
	const judged = new Map<number, JudgedMessage>();
	// A text is no larger than its message.
	const portions = toPortions(open, PORTION_BYTES, ({ scanned: { summary } }) =>
		Math.min(summary.size, LARGEST_TEXT_BYTES),
	);
	for (const some of portions) {
		for (const message of await judgeByBody(mailbox, some, rules, clock)) {
			judged.set(message.summary.uid, message);
		}
	}
	return byHead.flatMap(({ judged: message }) => {
		const decided = message.evaluation.needsBody ? judged.get(message.summary.uid) : message;
		return decided === undefined ? [] : [decided];
	});
}

interface JudgedByHead {
	readonly scanned: ScannedMessage;
	readonly judged: JudgedMessage;
}

/** Reads the structure of messages that a rule may want: it says where the text is, and belongs into the item. */
async function completeWanted(
	mailbox: OpenMailbox,
	heads: readonly ScannedMessage[],
	judgedByHead: readonly JudgedMessage[],
): Promise<readonly JudgedByHead[]> {
	const pairs = heads.flatMap((scanned, index) => {
		const judged = judgedByHead[index];
		return judged === undefined ? [] : [{ scanned, judged }];
	});
	const wanted = pairs.filter(isWanted).map(({ scanned }) => scanned);
	const whole = wanted.length === 0 ? [] : await mailbox.structures(wanted);
	const wholeOf = new Map(whole.map((scanned) => [scanned.summary.uid, scanned]));
	return pairs.flatMap((pair) => {
		if (!isWanted(pair)) return [pair];
		const scanned = wholeOf.get(pair.scanned.summary.uid);
		// One that is gone: nobody waits for it any more.
		if (scanned === undefined) return [];
		const { summary, failure } = scanned;
		const judged =
			failure === undefined
				? { ...pair.judged, summary }
				: { summary, evaluation: NOTHING, failure };
		return [{ scanned, judged }];
	});
}

function isWanted({ judged: { evaluation } }: JudgedByHead): boolean {
	return evaluation.needsBody || evaluation.matches.length > 0;
}

async function judgeByBody(
	mailbox: OpenMailbox,
	open: readonly JudgedByHead[],
	rules: Rules,
	clock: Clock,
): Promise<readonly JudgedMessage[]> {
	const messages = open.map(({ scanned }) => scanned);
	const bodies = await mailbox.bodies(messages);
	const readable = open.flatMap(({ scanned, judged }) => {
		const body = bodies.get(scanned.summary.uid);
		return body === undefined ? [] : [{ scanned, body, byHead: judged.evaluation }];
	});
	const unread = messages.filter(({ summary }) => !bodies.has(summary.uid));
	return [...(await judgeAll(readable, rules, clock)), ...(await findUnreadable(mailbox, unread))];
}

/** Messages whose body did not come: gone meanwhile, and then nobody waits for them; or there, and then they failed. */
async function findUnreadable(
	mailbox: OpenMailbox,
	messages: readonly ScannedMessage[],
): Promise<readonly JudgedMessage[]> {
	if (messages.length === 0) return [];
	const there = new Set(await mailbox.existing(messages.map(({ summary }) => summary.uid)));
	return messages
		.filter(({ summary }) => there.has(summary.uid))
		.map(({ summary }) => ({
			summary,
			evaluation: NOTHING,
			failure: new IngestError('message-unreadable', 'The body of the message could not be read.', {
				remedy: 'Look at the message with a mail program.',
			}),
		}));
}

/** What rules are asked about: a head, or a head with its body and what they said of the head. */
interface Question {
	readonly scanned: ScannedMessage;
	readonly body?: BodyText;
	readonly byHead?: Evaluation;
}

async function judgeAll(
	questions: readonly Question[],
	rules: Rules,
	clock: Clock,
): Promise<readonly JudgedMessage[]> {
	const judged: JudgedMessage[] = [];
	for (const question of questions) judged.push(await judge(question, rules, clock));
	return judged;
}

/** Head and body -> what rules are matched against. */
export function toMatchable(
	{ summary, cc, headers }: ScannedMessage,
	body: BodyText | undefined,
): MatchableMessage {
	return {
		from: summary.from,
		to: summary.to,
		cc,
		subject: summary.subject,
		headers,
		attachmentNames: summary.attachments.flatMap(({ fileName }) => fileName ?? []),
		...(body !== undefined && { body }),
	};
}

async function judge(
	{ scanned, body, byHead }: Question,
	rules: Rules,
	clock: Clock,
): Promise<JudgedMessage> {
	const { summary, failure } = scanned;
	const isCut = scanned.isCut === true;
	if (failure !== undefined) return { summary, evaluation: NOTHING, failure };
	const isRefusing = rules.oversized === 'quarantine';
	const problem = isRefusing && body !== undefined ? findOversized(body, isCut) : undefined;
	if (problem !== undefined) return refuseOversized(summary, problem);
	const message = toMatchable(scanned, body);
	const options = {
		which: rules.which,
		budget: clock.matchBudget(),
		pause: () => clock.pause(),
		...(byHead !== undefined && { byHead }),
	};
	try {
		const evaluation = await evaluate(rules.rules, message, options);
		const isUndecided = isRefusing && isCut && evaluation.refusals.some(isAboutAttachments);
		return isUndecided ? refuseOversized(summary, MANY_PARTS) : { summary, evaluation };
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind !== 'message') throw error;
		return { summary, evaluation: NOTHING, failure: error };
	}
}

function isAboutAttachments({ reason }: RuleRefusal): boolean {
	if (reason.kind === 'filter') return reason.field === 'attachmentName';
	return reason.kind === 'allFilters' && reason.fields.includes('attachmentName');
}

/** Why a text may not be the whole one, if so. */
function findOversized({ truncated }: BodyText, isCut: boolean): string | undefined {
	if (truncated) return LARGE_TEXT;
	return isCut ? MANY_PARTS : undefined;
}

const LARGE_TEXT = 'The text of the message is larger than what is read of it.';
const MANY_PARTS = 'The message has more parts or levels than are looked at.';

/** What was not read might have decided otherwise. */
function refuseOversized(summary: MessageSummary, reason: string): JudgedMessage {
	const failure = new IngestError('message-unreadable', reason, {
		remedy: 'Look at the message with a mail program.',
	});
	return { summary, evaluation: NOTHING, failure, isFinal: true };
}

/** Judged messages by what to do with them. */
export interface Verdicts {
	readonly deliveries: readonly Delivery[];
	readonly failed: readonly FailedDelivery[];
	/** UIDs that no rule wants, where those are not delivered. */
	readonly unmatched: readonly number[];
}

/** Sorts judged messages into what to deliver, what failed, and what nobody wants; attempts come from the cursor. */
export function sortByVerdict(
	{ pending }: Pick<Cursor, 'pending'>,
	judged: readonly JudgedMessage[],
	settings: Pick<IngestSettings, 'unmatched'>,
): Verdicts {
	const attempts = new Map(pending.map(({ uid, attempt }) => [uid, attempt]));
	const attemptOf = (uid: number): number => attempts.get(uid) ?? 1;
	const deliveries: Delivery[] = [];
	const failed: FailedDelivery[] = [];
	const unmatched: number[] = [];
	for (const { summary, evaluation, failure, isFinal = false } of judged) {
		const attempt = attemptOf(summary.uid);
		if (failure !== undefined)
			failed.push({ uid: summary.uid, attempt, reason: failure.message, isFinal });
		else if (evaluation.matches.length > 0)
			deliveries.push(toDelivery(summary, evaluation.matches, attempt));
		else if (settings.unmatched) deliveries.push(toUnmatchedDelivery(summary, attempt));
		else unmatched.push(summary.uid);
	}
	return { deliveries, failed, unmatched };
}
