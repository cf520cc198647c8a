import type { FunctionsBase, IWorkflowSettings } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import type { TriggerParameters } from './read-parameters';

/** Where n8n tells the settings of a workflow; n8n 1 may not. */
type Context = Partial<Pick<FunctionsBase, 'getWorkflowSettings'>>;

/** Whether the workflow runs on n8n's Engine 2.0 (setting `engineType`, n8n 2.41), which tells no trigger how an execution ended. */
export function isEngine2(context: Context): boolean {
	const settings: (IWorkflowSettings & { readonly engineType?: unknown }) | undefined =
		context.getWorkflowSettings?.();
	return settings?.engineType === 'v2';
}

/** Refuses a way to acknowledge that Engine 2.0 cannot serve: each alert would be delivered again and again. */
export function checkEngine(
	{ acknowledge }: Pick<TriggerParameters, 'acknowledge'>,
	context: Context,
): readonly IngestError[] {
	if (acknowledge !== 'executionSucceeded' || !isEngine2(context)) return [];
	return [
		new IngestError(
			'configuration',
			'Acknowledge is When the Execution Has Succeeded, but this workflow runs on Engine 2.0, which does not tell a trigger how an execution ended.',
			{
				field: 'Acknowledge',
				remedy:
					'Set Acknowledge to By the IMAP Ingest Node or At Hand-Off, or take the engine of the workflow back to the first one in its settings.',
			},
		),
	];
}
