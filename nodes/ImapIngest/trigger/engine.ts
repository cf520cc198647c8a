import type { FunctionsBase, IWorkflowSettings } from 'n8n-workflow';

import type { IngestError } from '../../core/errors';
import { wrongSetting } from '../../core/errors';
import type { TriggerParameters } from './read-parameters';

/** Where n8n tells the settings of a workflow; n8n 1 may not. */
type Context = Partial<Pick<FunctionsBase, 'getWorkflowSettings'>>;

/** Whether the workflow runs on n8n's Engine 2.0 (setting `engineType`, n8n 2.41), which tells no trigger how an execution ended. */
export function isEngine2(context: Context): boolean {
	const settings: (IWorkflowSettings & { readonly engineType?: unknown }) | undefined =
		context.getWorkflowSettings?.();
	return settings?.engineType === 'v2';
}

const PROBLEM =
	'this workflow runs on Engine 2.0, which does not tell a trigger how an execution ended';
const REMEDY =
	'Set Acknowledge to By the IMAP Ingest Node or At Hand-Off, or take the workflow off Engine 2.0 in its settings; then unpublish it and publish it again.';

/** What to do about executions that Engine 2.0 refuses or does not tell of, as one sentence and the remedy. */
export const ENGINE_ADVICE = `${PROBLEM.charAt(0).toUpperCase()}${PROBLEM.slice(1)}. ${REMEDY}`;

/** Refuses a way to acknowledge that Engine 2.0 cannot serve: each alert would be delivered again and again. */
export function checkEngine(
	{ acknowledge }: Pick<TriggerParameters, 'acknowledge'>,
	isSecond: boolean,
): readonly IngestError[] {
	if (acknowledge !== 'executionSucceeded' || !isSecond) return [];
	return [
		wrongSetting('Acknowledge', `is When the Execution Has Succeeded, but ${PROBLEM}`, REMEDY),
	];
}
