import { isDeleted } from '../core/message/message';
import type { OpenMailbox } from '../mail/ports';
import type { Ingest } from './ingest';
import type { FailedDelivery } from '../core/delivery/delivery';
import {
	groupGivenUp,
	QUARANTINE_REASONS,
	quarantineKeyword,
	quarantineReason,
	whenGivenUp,
} from '../core/delivery/quarantine';

/**
 * Takes messages out of the way that are given up. What somebody has deleted is left alone, and so is what a server
 * without MOVE and UIDPLUS cannot move, unless the user chose otherwise: it is marked as delivered, so that it does not
 * come again for ever.
 *
 * @returns those that were moved to the quarantine mailbox
 * @throws IngestError when the server refuses
 */
export async function setAside(
	ingest: Ingest,
	mailbox: OpenMailbox,
	failed: readonly FailedDelivery[],
): Promise<readonly FailedDelivery[]> {
	if (failed.length === 0) return [];
	const { settings } = ingest;
	const flags = await mailbox.flags(failed.map(({ uid }) => uid));
	const there = failed.filter(({ uid }) => !isDeleted(flags.get(uid) ?? new Set()));
	const uids = there.map(({ uid }) => uid);
	if (uids.length === 0) return [];
	await markReasons(mailbox, there);
	const { cannotMove, quarantine } = settings;
	if (mailbox.canMove || cannotMove !== 'leave') {
		await mailbox.move(uids, quarantine, cannotMove);
		if (mailbox.canMove || cannotMove === 'expunge') return there;
	}
	await leave(ingest, mailbox, there, cannotMove === 'copy' ? quarantine : null);
	return [];
}

/** Notes on the server why, for List Quarantine; a mailbox without keywords cannot tell. */
async function markReasons(mailbox: OpenMailbox, failed: readonly FailedDelivery[]): Promise<void> {
	for (const reason of QUARANTINE_REASONS) {
		const concerned = failed.filter((message) => quarantineReason(message) === reason);
		const uids = concerned.map(({ uid }) => uid);
		if (uids.length > 0) await mailbox.addKeyword(uids, quarantineKeyword(reason));
	}
}

/** @param copiedTo where a copy of them is, if anywhere */
async function leave(
	{ settings, log, workflow }: Ingest,
	mailbox: OpenMailbox,
	failed: readonly FailedDelivery[],
	copiedTo: string | null,
): Promise<void> {
	await mailbox.addKeyword(
		failed.map(({ uid }) => uid),
		settings.keyword,
	);
	const where = copiedTo === null ? '' : `, with a copy in "${copiedTo}"`;
	for (const group of groupGivenUp(failed)) {
		const [first] = group;
		const { reason, attempt } = first;
		const uids = group.map(({ uid }) => uid);
		log.error(
			`Left ${String(uids.length)} message(s) in "${settings.mailbox}"${where} ${whenGivenUp(first)}, as the server cannot move them: ${reason}`,
			{ uids, attempts: attempt },
		);
		workflow.report({ event: 'leftBehind', uids, attempts: attempt, reason, copiedTo });
	}
}
