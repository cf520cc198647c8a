import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import type { Log } from '../../core/log';
import { lookForPreview } from '../../ingest/preview';
import type { Preview, PreviewMessage } from '../../ingest/preview';
import { toItem } from './emitting-workflow';
import type { OpenTrigger, OpenTriggers } from './open-trigger';
import { joinErrors, nameAccount } from './outage';
import { sortIntoOutputs } from './outputs';

/**
 * The items of a test run, a list for each output: the newest messages that would be delivered or, where none matches,
 * the newest of all with what refused them. Undefined where the mailboxes are empty. A mailbox that cannot be read does
 * not hold back those of other users.
 *
 * @throws the error of the first mailbox, when none can be read
 */
export async function lookForItems(
	triggers: OpenTriggers,
	log: Log,
): Promise<INodeExecutionData[][] | undefined> {
	const [{ outputs, explain, ingest }] = triggers;
	const previews = await lookAtAll(triggers, log);
	const messages = previews.flatMap((preview) => preview.messages);
	if (messages.length === 0) return undefined;
	const note = describeLook(previews, ingest.settings.mailbox);
	const wanted = messages.filter(({ items }) => items.length > 0);
	if (wanted.length === 0) {
		const shown = messages.map((message, index) =>
			toRefusedItem(message, index === 0 ? note : undefined),
		);
		return [shown];
	}
	const items = wanted.flatMap((message) =>
		message.items.map((item) => ({ rule: item.rule, ...toShown(message, item, explain) })),
	);
	const shown = items.map(({ rule, first, last }, index) => ({
		rule,
		item: { json: { ...first, ...(index === 0 && { note }), ...last } },
	}));
	return sortIntoOutputs(outputs, shown);
}

async function lookAtAll(triggers: OpenTriggers, log: Log): Promise<readonly Preview[]> {
	const previews: Preview[] = [];
	const failures: unknown[] = [];
	for (const trigger of triggers) {
		try {
			previews.push(await lookForPreview(trigger.ingest));
		} catch (error) {
			const named = nameAccount(error, trigger);
			failures.push(named);
			log.warn(`Preview failed: ${named instanceof Error ? named.message : String(named)}`);
		}
	}
	if (previews.every(({ messages }) => messages.length === 0) && failures.length > 0) {
		throw joinErrors(failures);
	}
	return previews;
}

/** An item as the workflow gets it, with the text and what the patterns found in front of what only machines need. */
function toShown(
	{ text, explanation }: PreviewMessage,
	item: PreviewMessage['items'][number],
	explain: OpenTrigger['explain'],
) {
	const { payload, alert, rule, id, attempt, message, cleanUp, ...others } = toItem(item).json;
	const lines = explain ? { explanation: [...explanation.lines] } : {};
	const last = { message, ...(cleanUp !== undefined && { cleanUp }), attempt, id };
	return {
		first: { payload, ...(alert !== undefined && { alert }), rule, text, ...lines, ...others },
		last,
	};
}

/** A message that no rule takes; without `payload`, so that no node delivers it by mistake. */
function toRefusedItem(
	{ summary, text, explanation }: PreviewMessage,
	note: string | undefined,
): INodeExecutionData {
	const json: IDataObject = {
		...(note !== undefined && { note }),
		subject: summary.subject,
		from: summary.from.join(', '),
		refusedBy: [...explanation.refusals],
		text,
		message: { ...summary, attachments: summary.attachments.map((one) => ({ ...one })) },
	};
	return { json };
}

function describeLook(previews: readonly Preview[], mailbox: string): string {
	const sum = (pick: (preview: Preview) => number) =>
		previews.reduce((total, preview) => total + pick(preview), 0);
	const total = sum((preview) => preview.total);
	const lookedAt = String(sum((preview) => preview.lookedAt));
	const where =
		total === 1
			? `Looked at the one message in ${mailbox}`
			: `Looked at the newest ${lookedAt} of ${String(total)} messages in ${mailbox}`;
	const matched = sum((preview) => preview.matched);
	if (matched === 0) return `${where}: no rule takes any of them. See refusedBy for the reason.`;
	const shown = sum((preview) => preview.messages.length);
	const rest = shown < matched ? `; the newest ${String(shown)} of them are shown` : '';
	return `${where}: ${String(matched)} would be delivered${rest}.`;
}

/**
 * The items of a test run.
 *
 * @throws IngestError `configuration` when there is no message to test with
 */
export async function previewItems(
	triggers: OpenTriggers,
	log: Log,
): Promise<INodeExecutionData[][]> {
	const outputs = await lookForItems(triggers, log);
	if (outputs !== undefined) return outputs;
	const { mailbox } = triggers[0].ingest.settings;
	throw new IngestError('configuration', `There is no message in "${mailbox}" to test with.`, {
		remedy: 'Send a message to it, or choose another mailbox.',
	});
}
