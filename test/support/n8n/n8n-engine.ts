import {
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	getExecutePollFunctions,
	getExecuteTriggerFunctions,
	TriggersAndPollers,
	PackageDirectoryLoader,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	type IConnections,
	type ICredentialType,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IPollFunctions,
	type IRun,
	type ITriggerFunctions,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	Workflow,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { type CredentialStore, StoredCredentials } from './n8n-credentials';

/** The prefix of this package's node types in workflows. */
export const PACKAGE_NAME = 'n8n-nodes-imap-ingest';

/** A workflow as n8n exports it; what else such a file holds is ignored. */
export interface WorkflowSource {
	readonly nodes: readonly INode[];
	readonly connections: IConnections;
}

/** What the engine knows. */
export interface EngineOptions {
	/** Instances of this package's nodes: `new EmailCapture()`, or those of `loadPackage`. */
	readonly nodeTypes: readonly INodeType[];
	/** With them, credentials get their defaults and lose their hidden fields as in n8n. */
	readonly credentialTypes?: readonly ICredentialType[];
	/** Decrypted data by credential type. */
	readonly credentials?: CredentialStore;
}

/** A published workflow whose poll trigger is ticked by hand. */
export interface PublishedWorkflow {
	/**
	 * Calls poll() once and runs the workflow for all it emits or returns. Each run settles the done promise that
	 * came with it, as n8n does; resolves with the runs when all have ended. Rejects when poll() does.
	 */
	tick(): Promise<IRun[]>;
	/** Static data of the workflow in memory; hand a copy to `publish` to play a restart. */
	readonly staticData: IDataObject;
}

/** A published workflow whose trigger works by itself. */
export interface ActiveWorkflow {
	/** Runs that have ended, in the order they ended. */
	readonly runs: readonly IRun[];
	/** Errors that were saved as failed executions. */
	readonly failures: readonly Error[];
	readonly staticData: IDataObject;
	/** Calls the trigger's closeFunction. */
	close(): Promise<void>;
}

/** n8n's own execution engine (n8n-core) without the server. */
export interface Engine {
	/** Runs the workflow from `startNode` on, with `items` as its input; errors are in the run, not thrown. */
	run(source: WorkflowSource, startNode: string, items: readonly IDataObject[]): Promise<IRun>;
	/** Runs the workflow by hand from its trigger, as "Execute Workflow" does. */
	test(source: WorkflowSource, triggerNode: string): Promise<IRun>;
	/** Publishes a workflow with a poll trigger; the first `tick()` is the one n8n makes on activation. */
	publish(source: WorkflowSource, pollNode: string, options?: PublishOptions): PublishedWorkflow;
	/** Publishes a workflow whose trigger is no poll; rejects when trigger() does. */
	activate(
		source: WorkflowSource,
		triggerNode: string,
		options?: PublishOptions,
	): Promise<ActiveWorkflow>;
}

export interface PublishOptions {
	readonly staticData?: IDataObject;
	/** Default `activate`; `init` is a start of n8n. */
	readonly activation?: WorkflowActivateMode;
}

/** Loads the built package in `folder` (needs its `dist`) with n8n's own loader. */
export async function loadPackage(
	folder: string,
): Promise<Pick<Required<EngineOptions>, 'nodeTypes' | 'credentialTypes'>> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return {
		nodeTypes: Object.values(loader.nodeTypes).map(({ type }) =>
			NodeHelpers.getVersionedNodeType(type),
		),
		credentialTypes: Object.values(loader.credentialTypes).map(({ type }) => type),
	};
}

/**
 * Makes an engine; see test/EmailCapture for use. In short:
 * `const engine = createEngine({ nodeTypes: [new EmailCapture()] });`
 * `const run = await engine.run({ nodes: [toNode('emailCapture', {...})], connections: {} }, 'emailCapture', [{ subject: 'x' }]);`
 * `outputOf(run, 'emailCapture')` are then its items.
 */
export function createEngine(options: EngineOptions): Engine {
	const nodeTypes = toNodeTypes(options.nodeTypes);
	const credentials = new StoredCredentials(
		options.credentials ?? {},
		options.credentialTypes ?? [],
	);

	const open = (source: WorkflowSource, staticData: IDataObject = {}) =>
		new Workflow({
			id: 'workflow',
			name: 'Workflow',
			nodes: source.nodes.map((node) => structuredClone(node)),
			connections: source.connections,
			active: true,
			nodeTypes,
			staticData,
			settings: { executionOrder: 'v1' },
		});

	const runFrom = async (
		workflow: Workflow,
		startNode: string,
		input: INodeExecutionData[][],
		mode: WorkflowExecuteMode,
	): Promise<IRun> => {
		const runData = createRunExecutionData({
			executionData: {
				nodeExecutionStack: [
					{ node: requireNode(workflow, startNode), data: { main: input }, source: null },
				],
			},
		});
		const additionalData = toAdditionalData(workflow, credentials, mode);
		return await new WorkflowExecute(additionalData, mode, runData).processRunExecutionData(
			workflow,
		);
	};

	return {
		run: (source, startNode, items) =>
			runFrom(open(source), startNode, [items.map((json) => ({ json }))], 'manual'),
		test: (source, triggerNode) => runFrom(open(source), triggerNode, [[{ json: {} }]], 'manual'),
		publish: (source, pollNode, { staticData, activation = 'activate' } = {}) => {
			const workflow = open(source, staticData);
			const runs: Array<Promise<IRun>> = [];
			const emit: IPollFunctions['__emit'] = (data, _responsePromise, donePromise) => {
				const run = runFrom(workflow, pollNode, data, 'trigger');
				runs.push(run);
				if (donePromise !== undefined) run.then(donePromise.resolve, donePromise.reject);
			};
			const node = requireNode(workflow, pollNode);
			const additionalData = toAdditionalData(workflow, credentials, 'trigger');
			// One context for all ticks, as long as the workflow stays published.
			const context = Object.assign(
				getExecutePollFunctions(workflow, node, additionalData, 'trigger', activation),
				{ __emit: emit },
			);
			return {
				get staticData() {
					return workflow.staticData;
				},
				tick: async () => {
					const items = await pollOf(workflow, pollNode).call(context);
					if (items !== null) emit(items);
					return await Promise.all(runs.splice(0));
				},
			};
		},
		activate: async (source, triggerNode, { staticData, activation = 'activate' } = {}) => {
			const workflow = open(source, staticData);
			const runs: IRun[] = [];
			const failures: Error[] = [];
			const emit: ITriggerFunctions['emit'] = (data, _responsePromise, donePromise) => {
				const run = runFrom(workflow, triggerNode, data, 'trigger').then((ended) => {
					runs.push(ended);
					return ended;
				});
				if (donePromise !== undefined) run.then(donePromise.resolve, donePromise.reject);
			};
			const emitError = (error: Error) => {
				throw error;
			};
			const saveFailedExecution = (error: Error) => {
				failures.push(error);
			};
			const node = requireNode(workflow, triggerNode);
			const additionalData = toAdditionalData(workflow, credentials, 'trigger');
			const response = await new TriggersAndPollers().runTriggerFunction(
				workflow,
				node,
				(...args) =>
					Object.assign(getExecuteTriggerFunctions(...args), {
						emit,
						emitError,
						saveFailedExecution,
					}),
				additionalData,
				'trigger',
				activation,
			);
			return {
				runs,
				failures,
				get staticData() {
					return workflow.staticData;
				},
				close: async () => {
					await response?.closeFunction?.();
				},
			};
		},
	};
}

/** A node for a workflow: of this package by its short type name, named like its type unless told otherwise. */
export function toNode(
	type: string,
	parameters: INode['parameters'] = {},
	more: Partial<INode> = {},
): INode {
	return {
		id: more.name ?? type,
		name: type,
		type: `${PACKAGE_NAME}.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...more,
	};
}

/** Connections that run the named nodes one after the other, each by its first output. */
export function toChain(...names: readonly string[]): IConnections {
	return Object.fromEntries(
		names
			.slice(1)
			.map((next, index) => [
				names[index] ?? next,
				{ main: [[{ node: next, type: 'main' as const, index: 0 }]] },
			]),
	);
}

/** The items of one output of a node in a run; throws when the node did not run or ended in an error. */
export function outputOf(run: IRun, node: string, output = 0): readonly INodeExecutionData[] {
	const task = run.data.resultData.runData[node]?.[0];
	if (task === undefined) throw new Error(`"${node}" did not run: ${messageOf(run)}`);
	if (task.error !== undefined) throw task.error;
	return task.data?.['main']?.[output] ?? [];
}

function messageOf(run: IRun): string {
	return run.data.resultData.error?.message ?? `the run ended as ${run.status}`;
}

function toNodeTypes(instances: readonly INodeType[]): INodeTypes {
	const byName = new Map<string, INodeType>(
		instances.map((type) => [`${PACKAGE_NAME}.${type.description.name}`, type] as const),
	);
	const getNode = (name: string): INodeType => {
		const type = byName.get(name);
		if (type === undefined) throw new Error(`Unknown node type "${name}"`);
		return type;
	};
	return {
		getByName: getNode,
		getByNameAndVersion: getNode,
		getKnownTypes: () => ({}),
	};
}

function requireNode(workflow: Workflow, name: string): INode {
	const node = workflow.getNode(name);
	if (node === null) throw new Error(`The workflow has no node "${name}"`);
	return node;
}

function pollOf(workflow: Workflow, name: string) {
	const { type, typeVersion } = requireNode(workflow, name);
	const { poll } = workflow.nodeTypes.getByNameAndVersion(type, typeVersion);
	if (poll === undefined) throw new Error(`"${name}" is not a poll trigger`);
	return poll;
}

const notHere = (what: string) => () =>
	Promise.reject(new Error(`${what} is not part of this engine`));

/** What n8n's server lends to an execution; only what the engine itself needs is there. */
function toAdditionalData(
	workflow: Workflow,
	credentialsHelper: StoredCredentials,
	mode: WorkflowExecuteMode,
): IWorkflowExecuteAdditionalData {
	const executionId = `execution-${mode}`;
	const noUrl = 'http://localhost.invalid';
	return {
		credentialsHelper,
		externalSecretsProxy: new ExternalSecretsProxy(),
		executionId,
		hooks: new ExecutionLifecycleHooks(mode, executionId, {
			id: workflow.id,
			name: workflow.name ?? '',
			active: true,
			isArchived: false,
			activeVersionId: null,
			createdAt: new Date(0),
			updatedAt: new Date(0),
			nodes: Object.values(workflow.nodes),
			connections: workflow.connectionsBySourceNode,
		}),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: noUrl,
		instanceBaseUrl: noUrl,
		formBaseUrl: noUrl,
		formWaitingBaseUrl: noUrl,
		formTestBaseUrl: noUrl,
		webhookBaseUrl: noUrl,
		webhookWaitingBaseUrl: noUrl,
		webhookTestBaseUrl: noUrl,
		mcpBaseUrl: noUrl,
		mcpTestBaseUrl: noUrl,
		logAiEvent: () => undefined,
		executeWorkflow: notHere('A sub-workflow'),
		getRunExecutionData: () => Promise.resolve(undefined),
		getRuntimeCredential: () => Promise.resolve(undefined),
		startRunnerTask: notHere('A task runner'),
	};
}
