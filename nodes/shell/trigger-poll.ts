import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { checkCleanUpTargets } from '../core/config/rules';
import { accountName } from '../core/account';
import { assertNoFaults, IngestError } from '../core/errors';
import { noteFailure } from '../core/outage';
import type { Ingest } from '../ingest/ingest';
import { poll } from '../ingest/poll';
import { preview } from '../ingest/preview';
import { SYSTEM_CLOCK } from './clock';
import { createEmittingWorkflow, toItem } from './emitting-workflow';
import { openMailAccount } from './open-account';
import { readTriggerParameters } from './read-trigger-parameters';
import { createStaticMemory } from './static-memory';
import { toNodeError } from './to-node-error';
import { triggerState } from './trigger-states';
import type { TriggerState } from './trigger-states';

/** What a poll may take where n8n names no budget (before n8n-workflow 2.38). */
const DEFAULT_BUDGET_MS = 300_000;
/** Part of n8n's budget in which new pages are begun; the rest is for finishing the last one. */
const BUDGET_SHARE = 0.6;

/**
 * Registry of the poll contexts that have polled. n8n keeps one context for each registration of a node, so the first
 * poll of a context is the one n8n awaits while it activates the workflow.
 */
const POLLED = new WeakSet<object>();

/**
 * The poll of the trigger node. It starts executions itself, with a promise for their end, so it returns items only for
 * a manual test.
 *
 * An outage is raised as a failed execution once. While n8n starts, only faults of the configuration are raised: any
 * other error there can switch the trigger off until somebody publishes the workflow again.
 */
export async function pollTrigger(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const node = context.getNode();
	const state = triggerState(context.getWorkflow().id, node.id);
	try {
		if (context.getMode() === 'manual') return await runPreview(context, state);
		await runPoll(context, state);
	} catch (error) {
		if (isLeftToALaterPoll(context, state, error)) return null;
		throw toNodeError(node, error);
	}
	return null;
}

async function runPreview(
	context: IPollFunctions,
	state: TriggerState,
): Promise<INodeExecutionData[][]> {
	const items = await preview(await openIngest(context, state));
	return [items.map(toItem)];
}

async function runPoll(context: IPollFunctions, state: TriggerState): Promise<void> {
	const activating = !POLLED.has(context);
	if (!activating && (state.outage?.retryAt ?? 0) > SYSTEM_CLOCK.now()) return;
	// n8n-workflow before 2.38 has no such method, whatever its present types say.
	const { getPollBudgetMs } = context as Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>;
	const budget = getPollBudgetMs?.call(context) ?? DEFAULT_BUDGET_MS;
	await poll(await openIngest(context, state), SYSTEM_CLOCK.now() + budget * BUDGET_SHARE);
	POLLED.add(context);
	if (state.outage !== undefined) context.logger.info('The mailbox can be polled again');
	state.outage = undefined;
}

async function openIngest(context: IPollFunctions, state: TriggerState): Promise<Ingest> {
	const { logger } = context;
	const opened = await openMailAccount(context, logger);
	const parameters = readTriggerParameters(
		(name, fallback) => context.getNodeParameter(name, fallback),
		opened.configuration,
	);
	assertNoFaults(checkCleanUpTargets(parameters.rules, parameters.mailbox));
	return {
		settings: {
			...parameters,
			rules: state.compile(parameters.rules),
			accountName: accountName(opened.account),
		},
		account: opened.mailAccount,
		memory: createStaticMemory(context.getWorkflowStaticData('node')),
		workflow: createEmittingWorkflow(context, logger),
		runtime: state.runtime,
		clock: SYSTEM_CLOCK,
		log: logger,
	};
}

/** Notes a failed poll; true when it is not raised now. */
function isLeftToALaterPoll(context: IPollFunctions, state: TriggerState, error: unknown): boolean {
	const activating = !POLLED.has(context);
	POLLED.add(context);
	if (!(error instanceof IngestError) || context.getMode() === 'manual') return false;
	const byUser = ['activate', 'update'].includes(context.getActivationMode());
	if (activating && (byUser || error.kind === 'configuration')) return false;
	const noted = noteFailure(state.outage, error, {
		now: SYSTEM_CLOCK.now(),
		random: SYSTEM_CLOCK.random(),
		starting: activating,
	});
	state.outage = noted.outage;
	if (!noted.raise) context.logger.warn(`Poll failed, it will be tried again: ${error.message}`);
	return !noted.raise;
}
