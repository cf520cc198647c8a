import type { INodeExecutionData } from 'n8n-workflow';

import type { IngestError } from '../../core/errors';
import type { Log } from '../../core/log';
import { lookForPreview } from '../../ingest/preview';
import type { Preview, PreviewItem } from '../../ingest/preview';
import { toItem } from './emitting-workflow';
import { toExplanationJson } from '../../shell/explanation-json';
import type { OpenTrigger, OpenTriggers } from './open-trigger';
import { joinErrors, nameAccount } from './outage';
import { sortIntoOutputs } from './outputs';

/** The items of a test run, or why there is none. */
export interface FoundItems {
	/** A list for each output. */
	readonly outputs: INodeExecutionData[][];
	readonly nothing: IngestError | undefined;
}

/**
 * Looks for the newest messages that would be delivered; each comes with what its patterns found where that is wanted.
 * A mailbox that cannot be read does not hold back those of other users.
 *
 * @throws the error of the first mailbox, when none can be read
 */
export async function lookForItems(triggers: OpenTriggers, log: Log): Promise<FoundItems> {
	const [{ outputs }] = triggers;
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
	const items = previews.flatMap((preview) => preview.items);
	if (items.length === 0 && failures.length > 0) throw joinErrors(failures);
	const shown = items.map(({ item, explanation }) => toShown(item, explanation, triggers[0]));
	const nothing = items.length === 0 ? previews[0]?.nothing : undefined;
	return { nothing, outputs: sortIntoOutputs(outputs, shown) };
}

function toShown(
	item: PreviewItem['item'],
	explanation: PreviewItem['explanation'],
	{ explain }: OpenTrigger,
) {
	const { json } = toItem(item);
	const added = explain ? { explanation: explanation.map(toExplanationJson) } : {};
	return { rule: item.rule, item: { json: { ...json, ...added } } };
}

/**
 * The items of a test run.
 *
 * @throws IngestError `configuration` when no message matches
 */
export async function previewItems(
	triggers: OpenTriggers,
	log: Log,
): Promise<INodeExecutionData[][]> {
	const { outputs, nothing } = await lookForItems(triggers, log);
	if (nothing !== undefined) throw nothing;
	return outputs;
}
