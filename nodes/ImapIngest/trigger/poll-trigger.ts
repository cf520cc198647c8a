import type { INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import { isPassing, isPaused } from '../../core/delivery/outage';
import { poll } from '../../ingest/poll';
import { openTriggers } from './open-trigger';
import type { OpenTrigger, OpenTriggers, TriggerSource } from './open-trigger';
import { isActivating, notePolled, scanBudget } from './poll-occasion';
import { pollAccounts } from './poll-accounts';
import { previewItems } from './preview-items';
import { reportReminders } from './reminders';
import { toNodeError } from '../../shell/to-node-error';
import { PROCESS_ENVIRONMENT } from './states';
import type { TriggerEnvironment, AccountState, TriggerState } from './states';
import { endOutage, joinErrors, nameAccount, noteOutage } from './outage';
import type { FailedPoll } from './outage';

/**
 * The poll of the trigger node. It starts executions itself, with a promise for their end, so it returns items only for
 * a manual test.
 *
 * An outage is raised as a failed execution once. While n8n starts, or activates a workflow anew, only faults of the
 * configuration are raised: any other error there can switch the trigger off until somebody publishes it again. Whoever
 * publishes for the first time is told of all but an outage that is the server's own.
 */
export async function pollTrigger(
	context: IPollFunctions,
	environment: TriggerEnvironment = PROCESS_ENVIRONMENT,
): Promise<INodeExecutionData[][] | null> {
	const node = context.getNode();
	const manual = context.getMode() === 'manual';
	const state = environment.states.of(context.getWorkflow().id, node.id);
	const activating = !manual && isActivating(context);
	try {
		// Publishing waits for the answer.
		const eager = manual || (activating && isPublished(context));
		const triggers = await openTriggers(toSource(context, eager), state, environment);
		if (manual) return await previewItems(triggers, context.logger);
		await pollAll(context, state, triggers, activating);
	} catch (error) {
		const { clock } = environment;
		const failed = { starting: activating, trigger: undefined, clock, logger: context.logger };
		if (isToRaise(context, state.of(undefined), error, failed)) throw toNodeError(node, error);
	} finally {
		notePolled(context);
	}
	return null;
}

/** @throws what is to be raised, as n8n's error */
async function pollAll(
	context: IPollFunctions,
	state: TriggerState,
	triggers: OpenTriggers,
	activating: boolean,
): Promise<void> {
	const { logger } = context;
	const [first] = triggers;
	const { clock } = first.ingest;
	// That of a credential or parameters that could not be read.
	if (first.user !== undefined) endOutage(state.of(undefined), first, logger);
	const deadline = clock.now() + scanBudget(context, activating);
	state.turns += 1;
	const polled = new Set<OpenTrigger>();
	const failed = await pollAccounts(triggers, state.turns, deadline, async (trigger, until) => {
		if (await runPoll(context, trigger, until, activating)) polled.add(trigger);
	});
	const raised = failed
		.filter(({ trigger, error }) => {
			const details = { starting: activating, trigger, clock, logger };
			return isToRaise(context, trigger.state, error, details);
		})
		.map(({ trigger, error }) => nameAccount(error, trigger));
	for (const trigger of triggers) {
		reportReminders(trigger.ingest, trigger, polled.has(trigger));
	}
	if (raised.length > 0) throw toNodeError(context.getNode(), joinErrors(raised));
}

function toSource(context: IPollFunctions, eager: boolean): TriggerSource {
	return {
		context,
		eager,
		read: (name, fallback) => context.getNodeParameter(name, fallback),
		executions: {
			canWait: true,
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

/** @returns whether the mailbox was looked at */
async function runPoll(
	context: IPollFunctions,
	trigger: OpenTrigger,
	deadline: number,
	activating: boolean,
): Promise<boolean> {
	const { ingest, state } = trigger;
	// Mail counts as new from this publication on, not from one that failed before.
	if (activating && isPublished(context)) ingest.runtime.unreachedSince = undefined;
	if (!activating && isPaused(state.outage, ingest.clock.now())) return false;
	const ran = await poll(ingest, deadline);
	if (ran) endOutage(state, trigger, context.logger);
	return ran;
}

/** Notes a failed poll, unless the error is for the person who tests or publishes. */
function isToRaise(
	context: IPollFunctions,
	state: AccountState,
	error: unknown,
	failed: FailedPoll,
): boolean {
	// What is n8n's already was decided on.
	if (context.getMode() === 'manual' || !(error instanceof IngestError)) return true;
	// n8n's own attempts to mend an activation ("update" among them) must outlive an outage.
	const isForPublisher = isPublished(context) ? !isPassing(error) : error.kind === 'configuration';
	return (failed.starting && isForPublisher) || noteOutage(state, error, failed);
}

/** Whether a person has just published the workflow for the first time. */
function isPublished(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate';
}
