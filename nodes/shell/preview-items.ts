import type { INodeExecutionData } from 'n8n-workflow';

import type { IngestError } from '../core/errors';
import { lookForPreview } from '../ingest/preview';
import { toItem } from './emitting-workflow';
import { toExplanationJson } from './explanation-json';
import type { OpenTrigger } from './open-trigger';
import { sortIntoOutputs } from './trigger-outputs';

/** The items of a test run, or why there is none. */
export interface FoundItems {
	/** A list for each output. */
	readonly outputs: INodeExecutionData[][];
	readonly nothing: IngestError | undefined;
}

/** Looks for the newest matching messages; each comes with what its patterns found where that is wanted. */
export async function lookForItems({ ingest, outputs, explain }: OpenTrigger): Promise<FoundItems> {
	const { items, nothing } = await lookForPreview(ingest);
	const shown = items.map(({ item, explanation }) => {
		const { json } = toItem(item);
		const added = explain ? { explanation: explanation.map(toExplanationJson) } : {};
		return { rule: item.rule, item: { json: { ...json, ...added } } };
	});
	return { nothing, outputs: sortIntoOutputs(outputs, shown) };
}

/**
 * The items of a test run.
 *
 * @throws IngestError `configuration` when no message matches
 */
export async function previewItems(trigger: OpenTrigger): Promise<INodeExecutionData[][]> {
	const { outputs, nothing } = await lookForItems(trigger);
	if (nothing !== undefined) throw nothing;
	return outputs;
}
