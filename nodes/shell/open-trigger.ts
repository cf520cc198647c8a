import type { FunctionsBase } from 'n8n-workflow';

import { accountName } from '../core/account';
import { triggerKeyword } from '../core/acknowledgement';
import { describeTimeLimited } from '../core/compile-rules';
import { checkCleanUpTargets } from '../core/config/rules';
import { assertNoFaults } from '../core/errors';
import type { Ingest } from '../ingest/ingest';
import { createEmittingWorkflow } from './emitting-workflow';
import type { Executions } from './emitting-workflow';
import { openMailAccount } from './open-account';
import type { CredentialContext, OpenedAccount } from './open-account';
import { readTriggerParameters } from './read-trigger-parameters';
import type { Heartbeat, ReadTriggerParameter } from './read-trigger-parameters';
import { createStaticMemory } from './static-memory';
import type { TriggerEnvironment } from './trigger-environment';
import { checkOutputs, planOutputs } from './trigger-outputs';
import type { OutputPlan } from './trigger-outputs';
import type { TriggerState } from './trigger-states';

/** The part of n8n's contexts that all triggers need. */
export type TriggerContext = CredentialContext &
	Pick<FunctionsBase, 'getNode' | 'getWorkflow' | 'getWorkflowStaticData' | 'logger'>;

/** Where a trigger gets its settings from, and where its items go. */
export interface TriggerSource {
	readonly context: TriggerContext;
	readonly read: ReadTriggerParameter;
	readonly executions: Executions;
	/** True when a person waits for the answer. */
	readonly eager: boolean;
}

/** A trigger with its parameters and credential read. */
export interface OpenTrigger {
	readonly ingest: Ingest;
	/** Opens a connection of its own to watch the mailbox. */
	readonly watch: OpenedAccount['watch'];
	readonly clientSecretExpiresOn: string | undefined;
	readonly heartbeat: Heartbeat;
	readonly outputs: OutputPlan;
	/** Whether a test run tells what each pattern found. */
	readonly explain: boolean;
}

/**
 * Reads credential and parameters anew. Nothing is connected yet.
 *
 * @throws ConfigurationError or IngestError `configuration` with field, value and remedy
 */
export async function openTrigger(
	{ context, read, executions, eager }: TriggerSource,
	state: TriggerState,
	{ clock, services }: TriggerEnvironment,
): Promise<OpenTrigger> {
	const { logger } = context;
	const { id: nodeId, parameters: stored } = context.getNode();
	const opened = await openMailAccount(context, logger, { ...services, eager });
	const { account, mailAccount, watch, configuration } = opened;
	const parameters = readTriggerParameters(read, configuration);
	const { rules, mailbox, quarantine, heartbeat, explain } = parameters;
	assertNoFaults([
		...checkCleanUpTargets(rules, { watched: mailbox, quarantine }),
		...checkOutputs(parameters, stored),
	]);
	const compiled = state.compile(rules);
	if (compiled.isNew) for (const hint of describeTimeLimited(compiled.rules)) logger.info(hint);
	const name = accountName(account);
	const outputs = planOutputs(parameters);
	const origin = { account: name, mailbox, now: () => clock.now() };
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
		workflow: createEmittingWorkflow(executions, logger, outputs, origin),
		runtime: state.runtime,
		clock,
		log: logger,
	};
	const { clientSecretExpiresOn } = account;
	return { ingest, watch, heartbeat, explain, outputs, clientSecretExpiresOn };
}
