import { KEYWORD_PREFIX } from '../../core/delivery/acknowledgement';
import type { Effect } from '../../core/delivery/effect-plan';
import { messageGone } from '../../core/message/message-reference';
import { performCleanUp } from '../../ingest/perform-effects';
import type { Failures } from '../../ingest/perform-effects';
import type { ActionMailbox } from '../../mail/action-ports';

/**
 * Does one effect to messages of an open mailbox.
 *
 * @returns what failed for single messages
 * @throws IngestError when the server refuses it for all of them
 */
export async function performEffect(
	mailbox: ActionMailbox,
	effect: Effect,
	uids: readonly number[],
): Promise<Failures> {
	if (effect.kind === 'copy') return await copy(mailbox, uids, effect.folder);
	if (effect.kind === 'removeFlag') await mailbox.removeFlag(uids, effect.flag);
	else if (effect.kind === 'forgetDelivery') await mailbox.removeKeywords(uids, KEYWORD_PREFIX);
	else return await performCleanUp(mailbox, effect, uids);
	return new Map();
}

async function copy(
	mailbox: ActionMailbox,
	uids: readonly number[],
	folder: string,
): Promise<Failures> {
	const copied = new Set(await mailbox.copy(uids, folder));
	const gone = uids.filter((uid) => !copied.has(uid));
	return new Map(gone.map((uid) => [uid, messageGone({ mailbox: mailbox.state.path, uid })]));
}
