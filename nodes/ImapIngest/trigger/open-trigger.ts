import type { FunctionsBase } from 'n8n-workflow';

import { accountName } from '../../core/account/account';
import { triggerKeyword } from '../../core/delivery/acknowledgement';
import { checkCleanUpTargets } from '../../core/rules/json/rules';
import { toExpectations } from '../../core/expected/expectation';
import { assertNoFaults } from '../../core/errors';
import { assertMayOpen } from '../../core/account/users';
import type { Ingest } from '../../ingest/ingest';
import { createEmittingWorkflow } from './emitting-workflow';
import type { Executions } from './emitting-workflow';
import { openMailAccount } from '../../shell/open-account';
import type { CredentialContext, OpenedAccount } from '../../shell/open-account';
import { readTriggerParameters } from './read-parameters';
import type { Heartbeat, ReadTriggerParameter, TriggerParameters } from './read-parameters';
import { readRuleWords } from '../../shell/rules/read-rules';
import { createStaticMemory } from './static-memory';
import type { Expiry } from './reminders';
import type { TriggerEnvironment, AccountState, CompiledRules, TriggerState } from './states';
import { checkEngine, isEngine2 } from './engine';
import { checkHealth, checkOutputs, planOutputs } from './outputs';
import type { OutputPlan } from './outputs';

/** The part of n8n's contexts that all triggers need. */
export type TriggerContext = CredentialContext &
	Pick<FunctionsBase, 'getNode' | 'getWorkflow' | 'getWorkflowStaticData' | 'logger'> &
	Pick<FunctionsBase, 'getTimezone'> &
	Partial<Pick<FunctionsBase, 'getWorkflowSettings'>>;

/** Where a trigger gets its settings from, and where its items go. */
export interface TriggerSource {
	readonly context: TriggerContext;
	readonly read: ReadTriggerParameter;
	readonly executions: Executions;
	/** True when a person waits for the answer. */
	readonly eager: boolean;
}

/** The mailbox of one account of a trigger, with parameters and credential read. */
export interface OpenTrigger {
	readonly ingest: Ingest;
	readonly state: AccountState;
	/** Undefined where the node lists no users. */
	readonly user: string | undefined;
	/** Opens a connection of its own to watch the mailbox. */
	readonly watch: OpenedAccount['watch'];
	readonly expiry: Expiry;
	readonly heartbeat: Heartbeat;
	readonly outputs: OutputPlan;
	/** Whether a test run tells what each pattern found. */
	readonly explain: boolean;
}

/** One for each user that the node lists, or that of the account. */
export type OpenTriggers = readonly [OpenTrigger, ...OpenTrigger[]];

/**
 * Reads credential and parameters anew: one for each user that the node lists, or that of the account. Nothing is
 * connected yet.
 *
 * @throws ConfigurationError or IngestError `configuration` with field, value and remedy
 */
export async function openTriggers(
	source: TriggerSource,
	state: TriggerState,
	environment: TriggerEnvironment,
): Promise<OpenTriggers> {
	const { context, read, eager } = source;
	const { logger } = context;
	const services = { ...environment.services, eager };
	const opened = await openMailAccount(context, logger, services);
	const { typeVersion } = context.getNode();
	const parameters = readTriggerParameters(read, opened.configuration, typeVersion);
	const { rules, mailbox, quarantine, users } = parameters;
	assertMayOpen(users, opened.account);
	assertNoFaults([
		...checkCleanUpTargets(rules, { watched: mailbox, quarantine }),
		...checkHealth(parameters),
		...checkOutputs(parameters, context.getNode().parameters),
		...checkEngine(parameters, state.engine2Context === context || isEngine2(context)),
	]);
	const compiled = await state.compile(rules, readRuleWords(read));
	const toTrigger = (account: OpenedAccount, user: string | undefined): OpenTrigger =>
		toOpenTrigger({
			source,
			environment,
			parameters,
			compiled,
			account,
			user,
			state: state.of(user),
			onEngine2: () => {
				state.engine2Context = context;
			},
		});
	const [first, ...others] = users;
	// The mail of those that were taken off the list waits for nobody.
	const gone = state.others(users.length === 0 ? [undefined] : users);
	for (const { runtime } of gone) runtime.notePending({ pending: [] });
	if (first === undefined) return [toTrigger(opened, undefined)];
	return [
		toTrigger(opened.as(first), first),
		// The application is the same for all: one reminder of its secret is enough.
		...others.map((user) => ({
			...toTrigger(opened.as(user), user),
			expiry: {},
		})),
	];
}

/** Where the instant trigger does not say otherwise: it audits with its safety scans. */
const AUDIT_EVERY_MS = 3_600_000;

interface Parts {
	readonly source: TriggerSource;
	readonly environment: TriggerEnvironment;
	readonly parameters: TriggerParameters;
	readonly compiled: CompiledRules;
	readonly account: OpenedAccount;
	/** Undefined where the node lists no users. */
	readonly user: string | undefined;
	readonly state: AccountState;
	readonly onEngine2: () => void;
}

function toOpenTrigger(parts: Parts): OpenTrigger {
	const { source, environment, parameters, compiled, account, user, state, onEngine2 } = parts;
	const { context, executions } = source;
	const { logger } = context;
	const { clock } = environment;
	const { id: nodeId } = context.getNode();
	const { mailbox, heartbeat, explain } = parameters;
	const name = accountName(account.account);
	const outputs = planOutputs(parameters);
	const origin = { account: name, mailbox, now: () => clock.now() };
	const ingest: Ingest = {
		settings: {
			...parameters,
			rules: compiled.rules,
			rulesKey: compiled.key,
			expectations: toExpectations(parameters.rules, () => context.getTimezone()),
			accountName: name,
			auditEveryMs: AUDIT_EVERY_MS,
			keyword: triggerKeyword(context.getWorkflow().id ?? '', nodeId),
		},
		account: account.mailAccount,
		memory: createStaticMemory({
			node: context.getWorkflowStaticData('node'),
			workflow: context.getWorkflowStaticData('global'),
			nodeId,
			account: name,
			isOneOfMany: user !== undefined,
		}),
		workflow: createEmittingWorkflow(executions, outputs, origin, onEngine2),
		runtime: state.runtime,
		clock,
		log: logger,
	};
	const { watch } = account;
	return { ingest, state, user, watch, heartbeat, explain, outputs, expiry: account.account };
}
