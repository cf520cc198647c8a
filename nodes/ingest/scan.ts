import { canRefuseByHeader } from '../core/rules/compile-rules';
import { leaseOf } from '../core/delivery/acknowledgement';
import { isToTryApart } from '../core/delivery/crashes';
import { advance, isToLookAt, postpone, settle } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import type { Delivery } from '../core/delivery/delivery';
import { IngestError } from '../core/errors';
import { isDeleted } from '../core/message/message';
import { audit } from './audit';
import { judgeExpected, noteExpected } from './expected-mail';
import { handOver, startExecutions } from './hand-over';
import type { Ingest, Mailbox } from './ingest';
import { tellOfLackingTexts } from './item-texts';
import { judgeMessages, readHeads } from './judge-messages';
import type { JudgedMessage } from './judge-messages';
import type { ScannedMessage } from '../mail/ports';
import { sortByVerdict } from './verdicts';
import { failDeliveries, settleOutcomes } from './settle';
import type { Settled } from './settle';

/** Messages read with one command. */
const PAGE_SIZE = 200;
/** Most messages on their way at once: bounds memory and the cursor. */
const MAX_PENDING = 1_000;
/** Most clean-ups that wait for a server which refuses them. */
const MAX_REFUSED = 2_000;
/** An execution that takes longer, in milliseconds, is left to the next poll: connections do not lie idle for ever. */
const LONGEST_PAUSE_MS = 60_000;

/** What is done to the messages of a mailbox during one poll. */
interface Scan {
	readonly ingest: Ingest;
	readonly mailbox: Mailbox;
	readonly deadline: number;
	/** What the server refused on the way. */
	readonly refusals: IngestError[];
	cursor: Cursor;
}

/**
 * Looks at new messages page by page and hands over what matches. When too much is on its way it waits for executions
 * to end, at most until `deadline`; the rest is left to the next poll.
 *
 * @returns the cursor, and what the server refused on the way
 */
export async function scan(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	deadline: number,
): Promise<Settled> {
	const { runtime } = ingest;
	// While the workflow fails, new mail stays where it is, but for something to try it with.
	if (runtime.flow.isFailing && hasUntried(ingest, start)) {
		return { cursor: start, refusals: [] };
	}
	const begin = await giveUpRefused(ingest, mailbox, start);
	const readAt = ingest.clock.now();
	const uids = await mailbox.uidsAfter(begin.position);
	const state: Scan = {
		ingest,
		mailbox,
		deadline,
		refusals: [],
		cursor: begin,
	};
	try {
		runtime.queue.isFilling = true;
		if (await scanPages(state, uids)) {
			// Numbers below UIDNEXT that nobody has any more are not asked for again.
			const position = mailbox.state.uidNext - 1;
			state.cursor = advance(state.cursor, { position, seen: [], matched: new Set() });
			await lookAtMissed(state);
			state.cursor = judgeExpected(ingest, state.cursor, readAt);
		}
	} finally {
		// What was read gets its execution, whatever happened.
		runtime.queue.isFilling = false;
		startExecutions(ingest);
		ingest.memory.saveCursor(state.cursor);
	}
	const { settings, clock } = ingest;
	if (settings.acknowledge !== 'actionNode') {
		// Most executions end while later pages are read: tidied up here, one command serves them all.
		await clock.pause();
		if (runtime.endedCount > 0) await settleEnded(state);
	}
	return state;
}

/** The oldest of too many clean-ups that the server refuses are given up: what is remembered of them has to end somewhere. */
async function giveUpRefused(ingest: Ingest, mailbox: Mailbox, cursor: Cursor): Promise<Cursor> {
	const { runtime, settings, log } = ingest;
	const surplus = runtime.refusedUids.slice(0, -MAX_REFUSED);
	if (surplus.length === 0) return cursor;
	await mailbox.addKeyword(surplus, settings.keyword);
	log.error(
		`Gave up the clean-up of ${String(surplus.length)} message(s) in "${settings.mailbox}", which the server has been refusing`,
		{ uids: surplus },
	);
	const given = new Set(surplus);
	runtime.forget(given);
	return settle(cursor, given);
}

/** Where an audit is due, looks at what the server had not told of. */
async function lookAtMissed(state: Scan): Promise<void> {
	const found = await audit(state.ingest, state.mailbox, state.cursor);
	if (found === undefined) return;
	state.cursor = found.cursor;
	await scanPages(state, found.unseen);
}

/** Returns whether all pages were looked at. */
async function scanPages(state: Scan, uids: readonly number[]): Promise<boolean> {
	const { ingest, deadline } = state;
	let ahead: Promise<readonly ScannedMessage[]> | undefined;
	try {
		for (let from = 0; from < uids.length; from += PAGE_SIZE) {
			const isEnough = ingest.clock.now() >= deadline || ingest.runtime.flow.isFailing;
			if (from > 0 && isEnough) return false;
			if (!hasRoom(state) && !(await makeRoom(state))) {
				if (from === 0) state.refusals.push(...heldBack(state));
				return false;
			}
			const pageUids = uids.slice(from, from + PAGE_SIZE);
			const heads = await (ahead ?? readPage(state, pageUids));
			ahead = readAhead(state, uids.slice(from + PAGE_SIZE, from + 2 * PAGE_SIZE));
			const page = await lookAt(state, pageUids, heads);
			state.refusals.push(...page.refusals);
			ingest.memory.saveCursor(page.cursor);
			state.cursor = handOver(ingest, page.cursor, page.deliveries);
		}
		return true;
	} finally {
		await ahead?.catch(() => undefined);
	}
}

/** In a storm the server reads the next page while one is judged; undefined where it is not sure that it will be wanted. */
function readAhead(
	state: Scan,
	uids: readonly number[],
): Promise<readonly ScannedMessage[]> | undefined {
	const { appetite } = state.ingest.runtime;
	const isWanted = uids.length > 0 && appetite.wantsShortText && hasRoom(state, 0, 2 * PAGE_SIZE);
	if (!isWanted) return undefined;
	const page = readPage(state, uids);
	// It may fail before it is waited for.
	page.catch(() => undefined);
	return page;
}

/** A server may have to go through whole messages for structures, attachments and all: not for what From or Subject refuse. */
async function readPage(
	{ ingest: { settings, runtime }, mailbox }: Scan,
	uids: readonly number[],
): Promise<readonly ScannedMessage[]> {
	const { wantsStructure, wantsShortText: shortText } = runtime.appetite;
	const structure = wantsStructure || settings.unmatched || !canRefuseByHeader(settings.rules);
	return await readHeads(mailbox, uids, settings, { structure, shortText });
}

/** Whether there is a message that a failing workflow was not tried with yet. */
function hasUntried({ runtime: { flow, currentScope } }: Ingest, { pending }: Cursor): boolean {
	return pending.some(
		(delivery) =>
			(delivery.strikes ?? 0) === 0 &&
			!isToTryApart(delivery) &&
			!flow.hasTried(currentScope, delivery.uid),
	);
}

/** What only waits for a clean-up that the server refuses has been delivered. */
function hasRoom({ cursor, ingest }: Scan, ended = 0, more = PAGE_SIZE): boolean {
	const waiting = cursor.pending.length - Math.max(ended, ingest.runtime.refusedUids.length);
	return waiting + more <= MAX_PENDING;
}

/** New mail that is not looked at is told of, unless executions that run just now are about to make room for it. */
function heldBack({ ingest, cursor }: Scan): readonly IngestError[] {
	const { runtime, settings, workflow } = ingest;
	// A workflow that fails is told of by itself.
	if (runtime.underWayCount > 0 || runtime.flow.isFailing) return [];
	const pending = cursor.pending.length - runtime.refusedUids.length;
	workflow.report({ event: 'heldBack', mailbox: settings.mailbox, pending });
	return [
		new IngestError(
			'held-back',
			`${String(pending)} messages of "${settings.mailbox}" wait for their workflow; new ones are not looked at until some of them are acknowledged`,
			{ remedy: 'See why their executions do not end in success.' },
		),
	];
}

/** Waits for executions to end and tidies up after them together; returns whether there is room for another page. */
async function makeRoom(state: Scan): Promise<boolean> {
	const { ingest } = state;
	// The action node does not follow the executions.
	if (ingest.settings.acknowledge === 'actionNode' || ingest.runtime.flow.isFailing) return false;
	ingest.runtime.queue.isFilling = false;
	startExecutions(ingest);
	ingest.runtime.queue.isFilling = true;
	for (;;) {
		await waitForEnds(state);
		const before = state.cursor.pending.length;
		await settleEnded(state);
		if (hasRoom(state)) return true;
		// What failed, or could not be tidied up, stays pending: waiting for it would keep the mailbox open for nothing.
		if (state.cursor.pending.length === before) return false;
	}
}

/** Returns once there would be room, nothing is on its way any more, or it has taken too long. */
async function waitForEnds(state: Scan): Promise<void> {
	const { runtime, clock } = state.ingest;
	// How executions run is worth knowing as soon as n8n stores something: a restart may come at any time.
	const isNoted = () => state.cursor.ranHere === (runtime.flow.ranHere ?? state.cursor.ranHere);
	while (runtime.underWayCount > 0 && !hasRoom(state, runtime.endedCount) && isNoted()) {
		const limit = Math.min(state.deadline - clock.now(), LONGEST_PAUSE_MS);
		if (limit <= 0) return;
		if (!(await runtime.nextEnd((signal) => clock.sleep(limit, signal)))) return;
	}
}

async function settleEnded(state: Scan): Promise<void> {
	const settled = await settleOutcomes(state.ingest, state.mailbox, state.cursor);
	state.cursor = settled.cursor;
	state.refusals.push(...settled.refusals);
	state.ingest.memory.saveCursor(state.cursor);
}

async function lookAt(
	{ ingest, mailbox, cursor }: Scan,
	uids: readonly number[],
	heads: readonly ScannedMessage[],
): Promise<Settled & { readonly deliveries: readonly Delivery[] }> {
	const { settings, clock, runtime } = ingest;
	const seen = heads.map(({ summary: { uid, receivedAt } }) => ({
		uid,
		received: Date.parse(receivedAt),
	}));
	runtime.audit.noteSeen(mailbox, seen);
	const pending = new Set(cursor.pending.map(({ uid }) => uid));
	const wanted = heads.filter(({ flags }, index) => {
		const message = seen[index];
		if (message === undefined || pending.has(message.uid) || runtime.knows(message.uid))
			return false;
		return !isDeleted(flags) && isToLookAt(cursor, message, flags.has(settings.keyword));
	});
	const judged = await judgeMessages(mailbox, wanted, settings, clock);
	tellOfLackingTexts(ingest, judged);
	const noted = noteExpected(ingest, cursor, judged);
	const { deliveries, failed } = sortByVerdict(cursor, judged, settings);
	runtime.appetite.note(uids.length, deliveries.length, judged.filter(isWantedText).length);
	// The cursor was rolled back since they were handed over: it has to know of them until their outcome is settled.
	const forgotten = uids.filter((uid) => runtime.knows(uid) && !pending.has(uid));
	const matched = new Set([...[...deliveries, ...failed].map(({ uid }) => uid), ...forgotten]);
	const advanced = advance(noted, { position: uids.at(-1) ?? cursor.position, seen, matched });
	const until = clock.now() + leaseOf(settings.acknowledge);
	const leased = postpone(advanced, new Map(forgotten.map((uid) => [uid, until])));
	return { deliveries, ...(await failDeliveries(ingest, mailbox, leased, failed)) };
}

/** Whether a message is wanted that was read for its short text. */
function isWantedText({ scanned, textKeys }: JudgedMessage): boolean {
	return scanned.isShortText === true && (textKeys.plain ?? textKeys.html) !== undefined;
}
