import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { describeTimeLimited } from '../core/compile-rules';
import { checkCleanUpTargets } from '../core/config/rules';
import { accountName } from '../core/account';
import { triggerKeyword } from '../core/acknowledgement';
import { assertNoFaults, IngestError } from '../core/errors';
import type { HealthEvent } from '../core/health';
import { isPaused, noteFailure } from '../core/outage';
import type { Clock, Ingest } from '../ingest/ingest';
import { poll } from '../ingest/poll';
import { preview } from '../ingest/preview';
import { createEmittingWorkflow, toItem } from './emitting-workflow';
import { toExplanationJson } from './explanation-json';
import { openMailAccount } from './open-account';
import { isActivating, notePolled, scanBudget } from './poll-occasion';
import { readTriggerParameters } from './read-trigger-parameters';
import type { Heartbeat } from './read-trigger-parameters';
import { reportReminders } from './reminders';
import { createStaticMemory } from './static-memory';
import { toNodeError } from './to-node-error';
import { PROCESS_ENVIRONMENT } from './trigger-environment';
import type { TriggerEnvironment } from './trigger-environment';
import { checkOutputs, planOutputs, sortIntoOutputs } from './trigger-outputs';
import type { OutputPlan } from './trigger-outputs';
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
		trigger = await openTrigger(context, state, environment, eager);
		if (manual) return await runPreview(trigger);
		await runPoll(context, state, trigger, activating);
		return null;
	} catch (error) {
		if (
			manual ||
			shallRaise(context, state, error, { activating, trigger, clock: environment.clock })
		) {
			throw toNodeError(node, error);
		}
		return null;
	} finally {
		notePolled(context);
		if (!manual && trigger !== undefined) reportReminders(trigger.ingest, trigger);
	}
}

/** A trigger with its parameters and credential read. */
interface OpenTrigger {
	readonly ingest: Ingest;
	readonly clientSecretExpiresOn: string | undefined;
	readonly heartbeat: Heartbeat;
	readonly outputs: OutputPlan;
	/** Whether a test run tells what each pattern found. */
	readonly explain: boolean;
}

async function runPreview({
	ingest,
	outputs,
	explain,
}: OpenTrigger): Promise<INodeExecutionData[][]> {
	const previews = await preview(ingest);
	const items = previews.map(({ item, explanation }) => {
		const { json } = toItem(item);
		const added = explain ? { explanation: explanation.map(toExplanationJson) } : {};
		return { rule: item.rule, item: { json: { ...json, ...added } } };
	});
	return sortIntoOutputs(outputs, items);
}

async function runPoll(
	context: IPollFunctions,
	state: TriggerState,
	{ ingest }: OpenTrigger,
	activating: boolean,
): Promise<void> {
	const now = ingest.clock.now();
	if (!activating && isPaused(state.outage, now)) return;
	const ran = await poll(ingest, now + scanBudget(context, activating));
	const { outage } = state;
	if (!ran || outage === undefined) return;
	state.outage = undefined;
	context.logger.info('The mailbox can be polled again');
	if (!outage.reported) return;
	const since = new Date(outage.since).toISOString();
	ingest.workflow.report({ event: 'recovered', since, failedPolls: outage.failures });
}

async function openTrigger(
	context: IPollFunctions,
	state: TriggerState,
	{ clock, services }: TriggerEnvironment,
	eager: boolean,
): Promise<OpenTrigger> {
	const { logger } = context;
	const { id: nodeId, parameters: stored } = context.getNode();
	const opened = await openMailAccount(context, logger, { ...services, eager });
	const { account, mailAccount, configuration } = opened;
	const parameters = readTriggerParameters(
		(name, fallback) => context.getNodeParameter(name, fallback),
		configuration,
	);
	const { rules, mailbox, quarantine, heartbeat, explain } = parameters;
	assertNoFaults([
		...checkCleanUpTargets(rules, { watched: mailbox, quarantine }),
		...checkOutputs(parameters, stored),
	]);
	const compiled = state.compile(rules);
	if (compiled.isNew) for (const hint of describeTimeLimited(compiled.rules)) logger.info(hint);
	const name = accountName(account);
	const outputs = planOutputs(parameters);
	const source = { account: name, mailbox, now: () => clock.now() };
	const ingest: Ingest = {
		settings: {
			...parameters,
			rules: compiled.rules,
			rulesKey: compiled.key,
			accountName: name,
			keyword: triggerKeyword(context.getWorkflow().id ?? '', nodeId),
		},
		account: mailAccount,
		memory: createStaticMemory({
			node: context.getWorkflowStaticData('node'),
			workflow: context.getWorkflowStaticData('global'),
			nodeId,
		}),
		workflow: createEmittingWorkflow(context, logger, outputs, source),
		runtime: state.runtime,
		clock,
		log: logger,
	};
	const { clientSecretExpiresOn } = account;
	return { ingest, heartbeat, explain, outputs, clientSecretExpiresOn };
}

interface FailedPoll {
	readonly activating: boolean;
	/** Undefined when its parameters or its credential could not be read. */
	readonly trigger: OpenTrigger | undefined;
	readonly clock: Clock;
}

/** Notes a failed poll; false when it is left to a later one. */
function shallRaise(
	context: IPollFunctions,
	state: TriggerState,
	error: unknown,
	{ activating, trigger, clock }: FailedPoll,
): boolean {
	if (!(error instanceof IngestError)) return true;
	// Other activations, n8n's own attempts to mend one among them ("update"), must outlive an outage.
	if (activating && (isPublished(context) || error.kind === 'configuration')) return true;
	const { outage, raise } = noteFailure(state.outage, error, {
		now: clock.now(),
		random: clock.random(),
		starting: activating,
	});
	state.outage = outage;
	if (error.code === 'throttled') trigger?.ingest.workflow.report(toThrottled(error));
	if (!raise) {
		context.logger.warn(`Poll failed, it will be tried again: ${error.message}`);
		return false;
	}
	const { code, message, remedy = null } = error;
	const since = new Date(outage.since).toISOString();
	trigger?.ingest.workflow.report({ event: 'unreachable', code, since, message, remedy });
	return true;
}

/** Whether a person has just published the workflow for the first time. */
function isPublished(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate';
}

function toThrottled({ message, retryAfterMs = 0 }: IngestError): HealthEvent {
	return { event: 'throttled', message, retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
}
