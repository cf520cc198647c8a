import { resumeCursor } from '../core/delivery/cursor';
import type { Cursor, CursorChange } from '../core/delivery/cursor';
import type { Ingest, Mailbox } from './ingest';
import { redeliver, settleByServer, startReplays } from './redeliver';
import { applyRetention } from './retain';
import { scan } from './scan';
import { scopeOf, settleOutcomes } from './settle';

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
		const [refusal] = await ingest.account.withMailbox(ingest.settings.mailbox, async (mailbox) => {
			const settled = await settleOutcomes(ingest, mailbox, openCursor(ingest, mailbox));
			ingest.memory.saveCursor(settled.cursor);
			const open = await settleByServer(ingest, mailbox, settled.cursor);
			const replays = await startReplays(ingest, mailbox, open);
			const redelivered = await redeliver(ingest, mailbox, replays);
			const scanned = await scan(ingest, mailbox, redelivered.cursor, deadline);
			if (ingest.runtime.isRetentionDue(ingest.clock.now())) await applyRetention(ingest, mailbox);
			return [...settled.refusals, ...redelivered.refusals, ...scanned];
		});
		if (refusal !== undefined) throw refusal;
	});
}

const CHANGE_WORDS: Readonly<Record<Exclude<CursorChange, 'continued'>, string>> = {
	first: 'is watched from now on',
	renumbered:
		'was renumbered by the server (UIDVALIDITY changed); its recent mail is looked at again',
	rulesChanged: 'is looked at again, since the rules have changed',
};

function openCursor(ingest: Ingest, mailbox: Mailbox): Cursor {
	const { settings, memory, runtime, log } = ingest;
	const { path, uidValidity, uidNext } = mailbox.state;
	const identity = { account: settings.accountName, mailbox: path, uidValidity, uidNext };
	const { startAt, whenRulesChange, rulesKey } = settings;
	const policy = { startAt, whenRulesChange, rulesKey };
	const { cursor, change } = resumeCursor(memory.loadCursor(), identity, policy);
	runtime.enter(scopeOf(settings, mailbox));
	if (change !== 'continued') {
		const details = { fromUid: cursor.position + 1, uidValidity };
		log.info(`Mailbox "${path}" ${CHANGE_WORDS[change]}`, details);
	}
	memory.saveCursor(cursor);
	return cursor;
}
