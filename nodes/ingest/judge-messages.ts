import { summarizeAuthentication } from '../core/message/authentication';
import { headersOf, trustedHosts } from '../core/rules/compile-rules';
import { toTextKey } from '../core/delivery/delivery';
import type { FinalReason } from '../core/delivery/delivery';
import type { Evaluation, RuleRefusal } from '../core/rules/evaluate';
import { evaluate, isUnauthenticated } from '../core/rules/evaluate';
import { IngestError } from '../core/errors';
import { textsOf } from '../core/rules/message-texts';
import type { BodyText, MatchableMessage, TextFrom } from '../core/message/message';
import { toPortions } from '../core/delivery/portions';
import type { HeadOptions, OpenMailbox, ScannedMessage } from '../mail/ports';
import type { Clock, IngestSettings } from './ingest';
import { withTexts } from './item-texts';

/** A message before the rules: its record fills up as more of it is read, and only as far as they ask. */
export interface JudgedMessage {
	/** The head, with the structure once that was read. */
	readonly scanned: ScannedMessage;
	/** The texts, while they are needed. */
	readonly bodies: Readonly<Bodies>;
	/** What stands for a text in the id of the delivery, once it was read. */
	readonly textKeys: Readonly<Partial<Record<TextFrom, string>>>;
	/** What the rules say of what is known so far. */
	readonly evaluation: Evaluation;
	/** Set when a pattern could not be decided or the message not be read: then the message goes the way of a failed delivery. */
	readonly failure?: IngestError;
	/** Why a text that only the item wants could not be read: the message is delivered without it. */
	readonly textFailure?: IngestError;
	/** See FailedDelivery. */
	readonly final?: FinalReason | undefined;
}

type Bodies = Partial<Record<TextFrom, BodyText>>;

/** The record of a message while it is judged. */
type OpenRecord = { -readonly [Key in keyof JudgedMessage]: JudgedMessage[Key] } & {
	/** True once the message was found to be gone: nobody waits for it any more. */
	isGone?: boolean;
};

/** How messages are judged. */
interface Judging {
	readonly mailbox: OpenMailbox;
	readonly rules: Pick<
		IngestSettings,
		'rules' | 'which' | 'oversized' | 'messageText' | 'unmatched' | 'unauthenticated'
	>;
	readonly clock: Clock;
}

/** Most that is read of a text, see DEFAULT_LIMITS in mail/limits.ts. */
export const LARGEST_TEXT_BYTES = 256 * 1024;
/** Texts held in memory at once. */
const PORTION_BYTES = 32 * LARGEST_TEXT_BYTES;

const NOTHING: Evaluation = { matches: [], refusals: [], needsBody: false };

/** Reads the heads of messages with what the rules ask for, in one command; with their structure unless told otherwise. */
export async function readHeads(
	mailbox: OpenMailbox,
	uids: readonly number[],
	{ rules, accountName = '' }: Pick<IngestSettings, 'rules'> & { readonly accountName?: string },
	wantedToo: Partial<HeadOptions> = {},
): Promise<readonly ScannedMessage[]> {
	const trusted = trustedHosts(rules, hostOf(accountName));
	const wanted = new Set([...headersOf(rules), ...(trusted.length > 0 ? [RESULTS] : [])]);
	const heads = await mailbox.heads(uids, { ...wantedToo, headers: [...wanted] });
	return trusted.length === 0 ? heads : heads.map((head) => withAuthentication(head, trusted));
}

const RESULTS = 'authentication-results';

function withAuthentication(head: ScannedMessage, trusted: readonly string[]): ScannedMessage {
	const { summary, headers } = head;
	const evidence = { from: summary.from, results: headers.get(RESULTS) ?? [] };
	const authentication = summarizeAuthentication(evidence, trusted);
	return authentication === undefined ? head : { ...head, summary: { ...summary, authentication } };
}

/**
 * Applies the rules to messages in steps: to the heads first; the structure, where it was not read with the head, and the
 * body are only read of those that the head did not refuse or decide. One message that cannot be judged does not stop
 * the others.
 *
 * @param keepBodies whether the texts that were read stay with their messages
 */
export async function judgeMessages(
	mailbox: OpenMailbox,
	heads: readonly ScannedMessage[],
	rules: Judging['rules'],
	clock: Clock,
	keepBodies = rules.messageText,
): Promise<readonly JudgedMessage[]> {
	const judging: Judging = { mailbox, rules, clock };
	const records = heads.map((scanned): OpenRecord => ({
		scanned,
		bodies: {},
		textKeys: {},
		evaluation: NOTHING,
	}));
	for (const record of records) await judge(record, judging);
	await readStructures(records.filter(isWanted), mailbox);
	const open = records.filter(needsBody);
	// A text is no larger than its message.
	const sizeOf = ({ scanned: { summary } }: OpenRecord) =>
		Math.min(summary.size, LARGEST_TEXT_BYTES);
	for (const portion of toPortions(open, PORTION_BYTES, sizeOf)) {
		await judgeTexts(portion, judging);
		if (!keepBodies) for (const record of portion) record.bodies = {};
	}
	const there = records.filter(({ isGone }) => isGone !== true);
	if (!rules.messageText) return there;
	const isDelivered = ({ evaluation }: JudgedMessage) =>
		evaluation.matches.length > 0 || rules.unmatched;
	const delivered = await withTexts(there.filter(isDelivered), mailbox, ({ evaluation }) =>
		textsOf(evaluation.matches),
	);
	return [...there.filter((record) => !isDelivered(record)), ...delivered];
}

/** Asks the rules again with the texts that they want: one, or where rules do not agree on it, both. */
async function judgeTexts(records: readonly OpenRecord[], judging: Judging): Promise<void> {
	for (let open = records; open.length > 0; open = open.filter(needsBody)) {
		for (const textFrom of ['plain', 'html'] as const) {
			const some = open.filter(({ evaluation }) => evaluation.needsBody === textFrom);
			await readBodies(some, textFrom, judging.mailbox);
			for (const record of some) {
				const body = record.bodies[textFrom];
				if (body === undefined) continue;
				await judge(record, judging);
				if (isWanted(record))
					record.textKeys = { [textFrom]: toTextKey(body.text), ...record.textKeys };
			}
		}
	}
}

function needsBody({ evaluation }: OpenRecord): boolean {
	return evaluation.needsBody !== false;
}

/** Whether a rule may want a message: its structure says where the text is, and belongs into the item. */
function isWanted({ evaluation }: OpenRecord): boolean {
	return evaluation.needsBody !== false || evaluation.matches.length > 0;
}

async function readStructures(records: readonly OpenRecord[], mailbox: OpenMailbox): Promise<void> {
	if (records.length === 0) return;
	const read = await mailbox.structures(records.map(({ scanned }) => scanned));
	const byUid = new Map(read.map((scanned) => [scanned.summary.uid, scanned]));
	for (const record of records) {
		const scanned = byUid.get(record.scanned.summary.uid);
		if (scanned === undefined) lose(record);
		else record.scanned = scanned;
		if (scanned?.failure !== undefined) fail(record, scanned.failure);
	}
}

async function readBodies(
	records: readonly OpenRecord[],
	textFrom: TextFrom,
	mailbox: OpenMailbox,
): Promise<void> {
	if (records.length === 0) return;
	const { texts, unreadable } = await mailbox.bodies(
		records.map(({ scanned }) => scanned),
		textFrom,
	);
	for (const record of records) {
		const { uid } = record.scanned.summary;
		const body = texts.get(uid);
		const failure = unreadable.get(uid);
		if (body !== undefined) record.bodies = { [textFrom]: body, ...record.bodies };
		else if (failure !== undefined) fail(record, failure);
		else lose(record);
	}
}

function lose(record: OpenRecord): void {
	record.isGone = true;
	record.evaluation = NOTHING;
}

function fail(record: OpenRecord, failure: IngestError, final?: FinalReason): void {
	record.evaluation = NOTHING;
	record.failure = failure;
	record.final = final;
}

/** Asks the rules about what is known of a message so far. */
async function judge(record: OpenRecord, { rules, clock }: Judging): Promise<void> {
	const { scanned, bodies, evaluation: byHead } = record;
	if (scanned.failure !== undefined) {
		fail(record, scanned.failure);
		return;
	}
	const isCut = scanned.isCut === true;
	const isRefusing = rules.oversized === 'quarantine';
	const problem = isRefusing ? findOversized(Object.values(bodies), isCut) : undefined;
	if (problem !== undefined) {
		fail(record, toUnreadable(problem), 'oversized');
		return;
	}
	const options = {
		which: rules.which,
		budget: clock.matchBudget(),
		pause: () => clock.pause(),
		byHead,
		authenticatesLast: rules.unauthenticated === 'quarantine',
	};
	try {
		record.evaluation = await evaluate(rules.rules, toMatchable(record), options);
		// What was not read might have decided otherwise.
		const isUndecided = isRefusing && isCut && record.evaluation.refusals.some(isAboutAttachments);
		if (isUndecided) fail(record, toUnreadable(MANY_PARTS), 'oversized');
		else if (options.authenticatesLast) failUnauthenticated(record);
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind !== 'message') throw error;
		// The steps of a pattern are the same at every attempt.
		fail(record, error, error.code === 'undecided' ? 'undecided' : undefined);
	}
}

/** A message that no rule takes, and one would if somebody vouched for its sender, may be forged. */
function failUnauthenticated(record: OpenRecord): void {
	const { matches, needsBody: open, refusals } = record.evaluation;
	const refusal = refusals.find(isUnauthenticated);
	if (refusal === undefined || matches.length > 0 || open !== false) return;
	const problem = `The sender is not authenticated as rule "${refusal.rule.name}" wants it.`;
	fail(record, toUnreadable(problem), 'unauthenticated');
}

/** What is known of a message -> what rules are matched against. */
export function toMatchable({
	scanned: { summary, cc, headers },
	bodies: { plain, html },
}: Pick<JudgedMessage, 'scanned' | 'bodies'>): MatchableMessage {
	return {
		from: summary.from,
		...(summary.ambiguousSender === true && { ambiguousSender: true }),
		host: hostOf(summary.account),
		to: summary.to,
		cc,
		subject: summary.subject,
		headers,
		attachmentNames: summary.attachments.flatMap(({ fileName }) => fileName ?? []),
		...(plain !== undefined && { body: plain }),
		...(html !== undefined && { bodyOfHtml: html }),
	};
}

/** `user@host`, perhaps with a port. */
function hostOf(account: string): string {
	return account.slice(account.lastIndexOf('@') + 1).split(':', 1)[0] ?? '';
}

function isAboutAttachments({ reason }: RuleRefusal): boolean {
	if (reason.kind === 'filter') return reason.field === 'attachmentName';
	return reason.kind === 'allFilters' && reason.fields.includes('attachmentName');
}

const LARGE_TEXT = 'The text of the message is larger than what is read of it.';
const MANY_PARTS = 'The message has more parts or levels than are looked at.';

/** Why a text may not be the whole one, if so. */
function findOversized(texts: readonly BodyText[], isCut: boolean): string | undefined {
	if (texts.some(({ truncated }) => truncated)) return LARGE_TEXT;
	return texts.length > 0 && isCut ? MANY_PARTS : undefined;
}

function toUnreadable(reason: string): IngestError {
	const remedy = 'Look at the message with a mail program.';
	return new IngestError('message-unreadable', reason, { remedy });
}
