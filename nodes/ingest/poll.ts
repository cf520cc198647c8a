import { shortenLeases } from '../core/delivery/acknowledgement';
import { isRestored, resumeCursor } from '../core/delivery/cursor';
import type { Cursor, CursorChange, CursorPolicy, MailboxIdentity } from '../core/delivery/cursor';
import { IngestError } from '../core/errors';
import { tellOfRestore } from './audit';
import { noteUnread } from './expected-mail';
import type { Ingest, Mailbox } from './ingest';
import { redeliverApart } from './redelivery/redeliver-apart';
import { probe, redeliver, settleByServer, startReplays } from './redelivery/redeliver';
import { reportNews } from './report-news';
import { applyRetention } from './retain';
import { scan } from './scan';
import { scopeOf, settleOutcomes } from './settle';
import type { Settled } from './settle';

/**
 * One poll: settle what has ended, deliver again what failed, scan what is new, retain. Goes on until nothing is left or
 * `deadline` (epoch milliseconds) has passed, and always gets at least one page done. Does nothing while another poll of
 * the same trigger runs.
 *
 * @returns whether it ran
 * @throws IngestError when the mailbox cannot be opened or read (the cursor saved so far is kept), or, after everything
 * else was done, when the server refused a clean-up
 */
export async function poll(ingest: Ingest, deadline: number): Promise<boolean> {
	return await ingest.runtime.pollOnce(async () => {
		const [refusal] = await reading(ingest, async (mailbox) => {
			const settled = await settleOutcomes(ingest, mailbox, await openCursor(ingest, mailbox));
			ingest.memory.saveCursor(settled.cursor);
			const open = await settleByServer(ingest, mailbox, settled.cursor);
			const replays = await startReplays(ingest, mailbox, open);
			const probed = await tryFailing(ingest, mailbox, replays);
			const redelivered = await redeliver(ingest, mailbox, probed.cursor, deadline);
			const scanned = await scan(ingest, mailbox, redelivered.cursor, deadline);
			const alone = await redeliverApart(ingest, mailbox, scanned.cursor);
			reportNews(ingest);
			if (ingest.runtime.isRetentionDue(ingest.clock.now())) await applyRetention(ingest, mailbox);
			const refusals = [settled, probed, redelivered, scanned, alone].flatMap(
				(step) => step.refusals,
			);
			const isLasting = !ingest.runtime.audit.isRenumberedOften(ingest.clock.now());
			return isLasting ? refusals : [...refusals, cannotRecognise(ingest)];
		});
		if (refusal !== undefined) throw refusal;
	});
}

function cannotRecognise({ settings }: Ingest): IngestError {
	return new IngestError(
		'refused-by-server',
		`The mail server keeps renumbering "${settings.mailbox}" (UIDVALIDITY): its messages cannot be recognised, and may be delivered again and again`,
		{
			remedy:
				'Choose a clean-up that moves or deletes what is delivered, and ask whoever runs the mail server.',
		},
	);
}

/** Works in the mailbox; where that cannot be read, nobody knows what has come. */
async function reading<Result>(
	ingest: Ingest,
	work: (mailbox: Mailbox) => Promise<Result>,
): Promise<Result> {
	try {
		return await ingest.account.withMailbox(ingest.settings.mailbox, work);
	} catch (error) {
		noteUnread(ingest);
		throw error;
	}
}

/** Tries a workflow that fails, and notes what came of it. */
async function tryFailing(ingest: Ingest, mailbox: Mailbox, cursor: Cursor): Promise<Settled> {
	const { runtime, memory } = ingest;
	if (!runtime.flow.isFailing) return { cursor, refusals: [] };
	const probed = await probe(ingest, mailbox, cursor);
	const settled = await settleOutcomes(ingest, mailbox, probed.cursor);
	memory.saveCursor(settled.cursor);
	return { cursor: settled.cursor, refusals: [...probed.refusals, ...settled.refusals] };
}

const CHANGE_WORDS: Readonly<Record<Exclude<CursorChange, 'continued' | 'restored'>, string>> = {
	first: 'is watched from now on',
	renumbered:
		'was renumbered by the server (UIDVALIDITY changed); its recent mail is looked at again',
	rulesChanged: 'is looked at again, since the rules have changed',
};

async function openCursor(ingest: Ingest, mailbox: Mailbox): Promise<Cursor> {
	const { settings, memory, runtime, log, clock } = ingest;
	const stored = memory.loadCursor();
	const identity = await identify(ingest, mailbox, stored);
	const { startAt, whenRulesChange, rulesKey } = settings;
	const behind = await findBehind(ingest, mailbox, stored);
	const policy = { startAt, whenRulesChange, rulesKey, now: clock.now(), ...behind };
	const { cursor: resumed, change } = resumeCursor(stored, identity, policy);
	const cursor = runtime.currentScope === '' ? takeOver(ingest, resumed) : resumed;
	runtime.enter(scopeOf(settings, mailbox));
	if (change === 'restored') {
		// Deliveries under way bear numbers that may be those of other messages now.
		runtime.forgetNumbers();
		tellOfRestore(ingest, stored ?? cursor);
	} else if (change !== 'continued') {
		if (change === 'renumbered') runtime.audit.noteRenumbered(clock.now());
		const details = { fromUid: cursor.position + 1, uidValidity: cursor.uidValidity };
		log.info(`Mailbox "${identity.mailbox}" ${CHANGE_WORDS[change]}`, details);
	}
	runtime.flow.restore(cursor.failingSince);
	const told = { ...cursor, failingSince: runtime.flow.toldSince };
	memory.saveCursor(told);
	return told;
}

/** What n8n had not finished as it ended is left alone for a while, which nobody should have to wonder at. */
function takeOver({ log, settings, clock }: Ingest, resumed: Cursor): Cursor {
	const now = clock.now();
	// The action node may acknowledge long after an execution has ended.
	const cursor = settings.acknowledge === 'actionNode' ? resumed : shortenLeases(resumed, now);
	const left = cursor.pending.filter(({ notBefore }) => notBefore > now);
	if (left.length === 0) return cursor;
	const from = new Date(Math.min(...left.map(({ notBefore }) => notBefore))).toISOString();
	log.info(
		`${String(left.length)} message(s) of "${settings.mailbox}" were on their way, or waited for another attempt, as n8n ended; those that were not delivered are delivered again from ${from} on`,
		{ uids: left.map(({ uid }) => uid) },
	);
	return cursor;
}

/** Most messages that may have come while a mailbox could not be opened for the first time. */
const LOOK_BACK = 1_000;

/** Mail that came since somebody published is new, though the server could not be reached at first. */
async function findBehind(
	{ runtime: { unreachedSince: since } }: Ingest,
	mailbox: Mailbox,
	stored: Cursor | undefined,
): Promise<Pick<CursorPolicy, 'behind'>> {
	if (stored !== undefined || since === undefined) return {};
	const [oldest = mailbox.state.uidNext] = await mailbox.newestUids(LOOK_BACK);
	return { behind: { since, position: oldest - 1 } };
}

/** What the mailbox says of itself; a UIDNEXT below what was looked at is believed only where the newest message bears it out. */
async function identify(
	{ settings: { accountName } }: Ingest,
	mailbox: Mailbox,
	stored: Cursor | undefined,
): Promise<MailboxIdentity> {
	const { path, uidValidity, uidNext, isUidNextTold } = mailbox.state;
	const identity = { account: accountName, mailbox: path, uidValidity, uidNext, isUidNextTold };
	if (stored?.uidValidity !== uidValidity || !isRestored(stored, identity)) return identity;
	const [newest = 0] = await mailbox.newestUids(1);
	return { ...identity, uidNext: Math.max(uidNext, newest + 1) };
}
