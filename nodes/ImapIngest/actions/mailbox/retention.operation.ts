import type { INodeExecutionData } from 'n8n-workflow';

import { IngestError } from '../../../core/errors';
import { isSameMailbox } from '../../../core/mailbox-name';
import { addMark, dayOf, expiredBelow } from '../../../core/retention';
import type { ActionMailbox } from '../../../mail/action-ports';
import { SYSTEM_CLOCK } from '../../../shell/clock';
import { createStaticMemory } from '../../../shell/static-memory';
import { mailboxField } from '../fields';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readMailboxName, readWholeNumber } from '../read-fields';

const DAY_MS = 86_400_000;
/** A server compares save dates by the day in its own time zone, up to 12 hours behind UTC: never delete too early. */
const ZONE_MARGIN_MS = 43_200_000;

export const RETENTION: Operation = {
	value: 'retention',
	name: 'Delete Old Messages',
	action: 'Delete old messages from a mailbox',
	description: 'Delete the messages that were put in a mailbox over a number of days ago',
	properties: [
		mailboxField(
			'Folder',
			'folder',
			'',
			'The mailbox that is tidied: neither the watched one nor one with a special use, such as Trash or Sent',
		),
		{
			displayName: 'Older Than (Days)',
			name: 'days',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 36500, numberPrecision: 0 },
			default: 30,
			description:
				'Days since the message was put there. Servers without SAVEDATE do not say: there this node remembers how far the folder was filled, and deletes nothing before it has run for that long.',
		},
		mailboxField('Watched Mailbox', 'watched', 'INBOX', 'The mailbox that a trigger watches'),
	],
	run: forEachItem(deleteOld),
};

async function deleteOld(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const folder = readMailboxName(call.read('folder'), 'Folder');
	const watched = readMailboxName(call.read('watched'), 'Watched Mailbox');
	const days = readWholeNumber(call.read('days'), 'Older Than (Days)', { min: 1, max: 36_500 });
	const mailbox = await call.connection.open(watched, { readOnly: true });
	if (isSameMailbox(folder, watched) || (await mailbox.isSpecial(folder))) {
		throw new IngestError(
			'configuration',
			`"${folder}" is a mailbox that retention never empties.`,
			{
				field: 'Folder',
				remedy: 'Choose the folder that the clean-up moves processed messages to.',
			},
		);
	}
	const now = SYSTEM_CLOCK.now();
	const before = new Date(now - days * DAY_MS - ZONE_MARGIN_MS);
	const bySaveDate = await mailbox.deleteSavedBefore(folder, before);
	const deleted = bySaveDate ?? (await deleteByMarks(call, mailbox, folder, days));
	const basis = bySaveDate === undefined ? 'marks' : 'saveDate';
	return [{ json: { mailbox: folder, days, deleted, basis } }];
}

async function deleteByMarks(
	{ context }: ItemCall,
	mailbox: ActionMailbox,
	folder: string,
	days: number,
): Promise<number> {
	const status = await mailbox.status(folder);
	if (status === undefined) return 0;
	const memory = createStaticMemory({
		node: context.getWorkflowStaticData('node'),
		workflow: context.getWorkflowStaticData('global'),
		nodeId: context.getNode().id,
	});
	const known = memory.loadRetention();
	const today = dayOf(SYSTEM_CLOCK.now());
	const marks = addMark(known.get(folder), status, today, days);
	memory.saveRetention(new Map([...known, [folder, marks]]));
	const below = expiredBelow(marks, today, days);
	return below === undefined ? 0 : await mailbox.deleteBelow(folder, marks.uidValidity, below);
}
