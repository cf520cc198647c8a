import type { CompiledRule } from '../core/rules/compile-rules';
import { RuleTrial } from '../core/rules/trial';
import type { TriedMessage } from '../core/rules/trial';
import type { OpenMailbox, ScannedMessage } from '../mail/ports';
import type { Clock } from './ingest';
import { judgeMessages, LARGEST_TEXT_BYTES, readHeads } from './judge-messages';
import type { JudgedMessage } from './judge-messages';

/** Messages that are read at once. */
const PAGE_SIZE = 50;
/** Text that is read in all, in bytes. */
export const MOST_TRIAL_BYTES = 256 * 1024 * 1024;

/** What is tried on what. */
export interface TrialOrder {
	readonly rules: readonly CompiledRule[];
	/** Another set, to see which messages it treats differently. */
	readonly compareWith: readonly CompiledRule[] | undefined;
	/** Newest first. */
	readonly uids: readonly number[];
	/** Most messages that are looked at. */
	readonly limit: number;
	readonly isWanted: (message: ScannedMessage) => boolean;
	/** Called after each page; false stops. */
	readonly goOn: (lookedAt: number) => boolean;
}

/** What a trial found, and how far it came. */
export interface TrialOutcome {
	readonly trial: RuleTrial;
	readonly lookedAt: number;
	/** What ended it before its time: so much text was read, or the execution was stopped. */
	readonly endedBy: 'bytes' | 'stop' | undefined;
}

/**
 * Asks the rules about messages of the past, page by page, as a poll would: the same texts, the same budget for each
 * message. Reads only; a mailbox that is open for reading stays as it is.
 */
export async function tryRules(
	mailbox: OpenMailbox,
	order: TrialOrder,
	clock: Clock,
): Promise<TrialOutcome> {
	const { rules, compareWith, uids, limit } = order;
	const trial = new RuleTrial(rules);
	const size = Math.min(PAGE_SIZE, limit);
	let lookedAt = 0;
	let bytes = 0;
	for (let from = 0; from < uids.length && lookedAt < limit; from += size) {
		if (bytes >= MOST_TRIAL_BYTES) return { trial, lookedAt, endedBy: 'bytes' };
		const page = uids.slice(from, from + size);
		const heads = await readHeads(mailbox, page, { rules: [...rules, ...(compareWith ?? [])] });
		const wanted = heads.filter(order.isWanted);
		for (const message of await judgePage(
			mailbox,
			wanted.slice(0, limit - lookedAt),
			order,
			clock,
		)) {
			trial.add(message);
			lookedAt += 1;
		}
		bytes += wanted.reduce(
			(sum, { summary }) => sum + Math.min(summary.size, LARGEST_TEXT_BYTES),
			0,
		);
		if (!order.goOn(lookedAt)) return { trial, lookedAt, endedBy: 'stop' };
	}
	return { trial, lookedAt, endedBy: undefined };
}

async function judgePage(
	mailbox: OpenMailbox,
	heads: readonly ScannedMessage[],
	{ rules, compareWith }: TrialOrder,
	clock: Clock,
): Promise<readonly TriedMessage[]> {
	const judge = async (set: readonly CompiledRule[]): Promise<readonly JudgedMessage[]> =>
		await judgeMessages(mailbox, heads, { ...JUDGING, rules: set }, clock);
	const judged = await judge(rules);
	const others = compareWith === undefined ? [] : await judge(compareWith);
	const byUid = new Map(others.map((record) => [record.scanned.summary.uid, record]));
	return judged.map((record) => {
		const { uid } = record.scanned.summary;
		const other = byUid.get(uid);
		return {
			...toTried(record),
			...(other?.failure === undefined && { other: other?.evaluation }),
		};
	});
}

/** Every rule is asked, so that overlaps show. */
const JUDGING = {
	which: 'all',
	oversized: 'match',
	unauthenticated: 'unmatched',
	messageText: false,
	unmatched: false,
} as const;

function toTried({ scanned: { summary }, evaluation, failure }: JudgedMessage): TriedMessage {
	return {
		from: summary.from,
		subject: summary.subject,
		receivedAt: summary.receivedAt,
		evaluation,
		...(failure !== undefined && { failure: failure.message }),
	};
}
