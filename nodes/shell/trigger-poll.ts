import type { INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';

import { IngestError } from '../core/errors';
import { isPaused } from '../core/outage';
import { poll } from '../ingest/poll';
import { openTrigger } from './open-trigger';
import type { OpenTrigger, TriggerSource } from './open-trigger';
import { isActivating, notePolled, scanBudget } from './poll-occasion';
import { previewItems } from './preview-items';
import { reportReminders } from './reminders';
import { toNodeError } from './to-node-error';
import { PROCESS_ENVIRONMENT } from './trigger-environment';
import type { TriggerEnvironment } from './trigger-environment';
import { endOutage, noteOutage } from './trigger-outage';
import type { FailedPoll } from './trigger-outage';
import type { TriggerState } from './trigger-states';

/**
 * The poll of the trigger node. It starts executions itself, with a promise for their end, so it returns items only for
 * a manual test.
 *
 * An outage is raised as a failed execution once. While n8n starts, or activates a workflow anew, only faults of the
 * configuration are raised: any other error there can switch the trigger off until somebody publishes it again.
 */
export async function pollTrigger(
	context: IPollFunctions,
	environment: TriggerEnvironment = PROCESS_ENVIRONMENT,
): Promise<INodeExecutionData[][] | null> {
	const node = context.getNode();
	const state = environment.states.of(context.getWorkflow().id, node.id);
	const manual = context.getMode() === 'manual';
	const activating = !manual && isActivating(context);
	let trigger: OpenTrigger | undefined;
	try {
		// Somebody who publishes a workflow waits for the answer.
		const eager = manual || (activating && isPublished(context));
		trigger = await openTrigger(toSource(context, eager), state, environment);
		if (manual) return await previewItems(trigger);
		await runPoll(context, state, trigger, activating);
		return null;
	} catch (error) {
		const { clock } = environment;
		const failed = { starting: activating, trigger, clock, logger: context.logger };
		if (isForActivation(context, error, failed) || noteOutage(state, error, failed)) {
			throw toNodeError(node, error);
		}
		return null;
	} finally {
		notePolled(context);
		if (!manual && trigger !== undefined) reportReminders(trigger.ingest, trigger);
	}
}

function toSource(context: IPollFunctions, eager: boolean): TriggerSource {
	return {
		context,
		eager,
		read: (name, fallback) => context.getNodeParameter(name, fallback),
		executions: {
			run: async (outputs) => {
				const done = context.helpers.createDeferredPromise<IRun | undefined>();
				context.__emit(outputs, undefined, done);
				return await done.promise;
			},
			start: (outputs) => {
				context.__emit(outputs);
			},
		},
	};
}

async function runPoll(
	context: IPollFunctions,
	state: TriggerState,
	trigger: OpenTrigger,
	activating: boolean,
): Promise<void> {
	const { ingest } = trigger;
	const now = ingest.clock.now();
	if (!activating && isPaused(state.outage, now)) return;
	const ran = await poll(ingest, now + scanBudget(context, activating));
	if (ran) endOutage(state, trigger, context.logger);
}

/** Whether an error is for the person who tests or publishes; n8n's own attempts to mend one must outlive an outage. */
function isForActivation(
	context: IPollFunctions,
	error: unknown,
	{ starting }: Pick<FailedPoll, 'starting'>,
): boolean {
	if (context.getMode() === 'manual') return true;
	if (!starting || !(error instanceof IngestError)) return starting;
	return isPublished(context) || error.kind === 'configuration';
}

/** Whether a person has just published the workflow for the first time. */
function isPublished(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate';
}
