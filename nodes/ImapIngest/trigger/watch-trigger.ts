import type { INodeExecutionData, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { isRecord } from '../../core/is-record';
import { IngestError } from '../../core/errors';
import { parseUsers } from '../../core/account/users';
import type { Executions } from './emitting-workflow';
import { isEngine2 } from './engine';
import { openTriggers } from './open-trigger';
import type { OpenTrigger, TriggerSource } from './open-trigger';
import { readSafetyScan } from './read-parameters';
import { toNodeError } from '../../shell/to-node-error';
import { PROCESS_ENVIRONMENT } from './states';
import type { TriggerEnvironment } from './states';
import { TriggerWatcher } from './watcher';
import { watchForPreview } from './watch-preview';

/** n8n-workflow before 2.7 cannot save a failed execution. */
type Context = Pick<ITriggerFunctions, 'getNode' | 'logger'> &
	Partial<Pick<ITriggerFunctions, 'saveFailedExecution'>>;

/**
 * The trigger function of the instant trigger: watches the mailbox until the workflow is closed. Only faults of the
 * configuration are raised here, and where somebody publishes for the first time, refusals such as a wrong password:
 * whatever else n8n is told of while it activates a workflow can switch the trigger off for good, so an outage is left
 * to the watcher, which never gives up.
 */
export async function watchTrigger(
	context: ITriggerFunctions,
	environment: TriggerEnvironment = PROCESS_ENVIRONMENT,
): Promise<ITriggerResponse> {
	const node = context.getNode();
	const state = environment.states.of(context.getWorkflow().id, node.id);
	const manual = context.getMode() === 'manual';
	const source = toSource(context, manual);
	const open = () => openTriggers(source, state, environment);
	if (manual) return watchForPreview(context, open);
	const { safetyScanMs, users } = await readSettings(context, source, open);
	const isPublished = context.getActivationMode() === 'activate';
	await Promise.all(state.others(users).map(({ watcher }) => watcher?.close()));
	const watchers = await Promise.all(
		users.map(async (user) => {
			const account = state.of(user);
			// n8n may close the registration before this one only later.
			const previous = account.watcher;
			await previous?.close();
			if (isPublished) account.runtime.unreachedSince = undefined;
			const watcher = new TriggerWatcher({
				open: async () => find(await open(), user),
				state: account,
				safetyScanMs,
				clock: environment.clock,
				logger: context.logger,
				raise: (error) => {
					raiseFailure(context, error);
				},
				kept: isSameLeader(context) ? previous?.cursor() : undefined,
			});
			account.watcher = watcher;
			return watcher;
		}),
	);
	// Mail that comes after publishing is new, and n8n stores the first cursor when this returns.
	await Promise.all(watchers.map((watcher) => watcher.begins()));
	if (isPublished) await failWhereRefused(context, watchers);
	return {
		closeFunction: async () => {
			await Promise.all(watchers.map((watcher) => watcher.close()));
		},
	};
}

/** Tells a person who publishes what keeps every mailbox closed, such as a wrong password; one that is open is watched. */
async function failWhereRefused(
	context: Context,
	watchers: readonly TriggerWatcher[],
): Promise<void> {
	const refusals = watchers.flatMap(({ refusal }) => refusal ?? []);
	if (refusals.length < watchers.length) return;
	await Promise.all(watchers.map((watcher) => watcher.close()));
	throw toNodeError(context.getNode(), refusals[0]);
}

function find(triggers: readonly OpenTrigger[], user: string | undefined): OpenTrigger {
	const trigger = triggers.find((candidate) => candidate.user === user);
	if (trigger === undefined) throw new Error('A user was listed while the trigger was activated.');
	return trigger;
}

interface WatchSettings {
	/** Time between two safety scans, in milliseconds. */
	readonly safetyScanMs: number;
	/** Whose mailboxes are watched; undefined stands for the user of the account. */
	readonly users: ReadonlyArray<string | undefined>;
}

/** Reads the settings once, so that whoever publishes hears what is wrong with them. */
async function readSettings(
	context: ITriggerFunctions,
	source: TriggerSource,
	open: () => Promise<readonly OpenTrigger[]>,
): Promise<WatchSettings> {
	try {
		await open();
		return readWatchSettings(source);
	} catch (error) {
		const isForPublisher = !(error instanceof IngestError) || error.kind === 'configuration';
		if (isForPublisher) throw toNodeError(context.getNode(), error);
		return readWatchSettings(source);
	}
}

function readWatchSettings({ read }: TriggerSource): WatchSettings {
	const options = read('options', {});
	const users = parseUsers(isRecord(options) ? options['users'] : undefined);
	return { safetyScanMs: readSafetyScan(read), users: users.length === 0 ? [undefined] : users };
}

/** False when another main of a cluster may have led meanwhile, so that what this process remembers is old. */
function isSameLeader(context: ITriggerFunctions): boolean {
	const mode = context.getActivationMode();
	return mode === 'activate' || mode === 'update';
}

/** Reads all parameters now: an expression cannot be resolved once the trigger function has returned (n8n 2.20 and later). */
function toSource(context: ITriggerFunctions, eager: boolean): TriggerSource {
	const names = Object.keys(context.getNode().parameters);
	const values = new Map<string, unknown>(
		names.map((name) => [name, context.getNodeParameter(name, null)]),
	);
	return {
		context,
		eager,
		read: (name, fallback) => values.get(name) ?? fallback,
		executions: toExecutions(context),
	};
}

function toExecutions(context: ITriggerFunctions): Executions {
	return {
		canWait: !isEngine2(context),
		run: async (outputs: INodeExecutionData[][]) => {
			const done = context.helpers.createDeferredPromise<IRun>();
			context.emit(outputs, undefined, done);
			return await done.promise;
		},
		start: (outputs) => {
			context.emit(outputs);
		},
	};
}

/** One failed execution; never `emitError`, after which n8n gives a trigger up when it fails a few times more. */
function raiseFailure(context: Context, thrown: unknown): void {
	const node = context.getNode();
	const error = toNodeError(node, thrown);
	const isKnown = error instanceof NodeApiError || error instanceof NodeOperationError;
	context.logger.error(error.message);
	context.saveFailedExecution?.(isKnown ? error : new NodeOperationError(node, error));
}
