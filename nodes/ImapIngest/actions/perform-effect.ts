import { DELIVERED_KEYWORD } from '../../core/delivery/acknowledgement';
import type { Effect } from '../../core/delivery/effect-plan';
import { IngestError } from '../../core/errors';
import { messageGone } from '../../core/message/message-reference';
import type { ActionMailbox } from '../../mail/action-ports';

type Failures = ReadonlyMap<number, IngestError>;

const NONE: Failures = new Map();

/**
 * Does one effect to messages of an open mailbox.
 *
 * @returns what failed for single messages, by UID
 * @throws IngestError when the server refuses it for all of them
 */
export async function performEffect(
	mailbox: ActionMailbox,
	effect: Effect,
	uids: readonly number[],
): Promise<Failures> {
	if (effect.kind === 'copy') return await copy(mailbox, uids, effect.folder);
	await change(mailbox, effect, uids);
	return NONE;
}

async function change(
	mailbox: ActionMailbox,
	effect: Exclude<Effect, { kind: 'copy' }>,
	uids: readonly number[],
): Promise<void> {
	switch (effect.kind) {
		case 'addFlag':
			return await mailbox.addFlag(uids, effect.flag);
		case 'removeFlag':
			return await mailbox.removeFlag(uids, effect.flag);
		case 'acknowledge':
			return await acknowledge(mailbox, uids, effect.required);
		case 'forgetDelivery':
			return await mailbox.removeKeywords(uids, DELIVERED_KEYWORD);
		case 'move':
			return await mailbox.move(uids, effect.folder);
		case 'delete':
			return await mailbox.delete(uids);
	}
}

async function acknowledge(
	mailbox: ActionMailbox,
	uids: readonly number[],
	required: boolean,
): Promise<void> {
	const isKept = await mailbox.addKeyword(uids, DELIVERED_KEYWORD);
	if (isKept || !required) return;
	throw new IngestError(
		'refused-by-server',
		`The mailbox "${mailbox.state.path}" keeps no keywords, so ${DELIVERED_KEYWORD} cannot tell the trigger that the delivery succeeded.`,
		{
			field: 'Clean Up',
			remedy:
				'Choose Move to Folder or Delete, or let the trigger acknowledge when the execution has succeeded.',
		},
	);
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
