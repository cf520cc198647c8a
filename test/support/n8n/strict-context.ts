import { lookup } from 'node:dns';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeType,
	NodeEgressFilter,
} from 'n8n-workflow';

/**
 * Stands for an n8n context that has the given members only: touching any other throws, so that a test shows what a
 * node really needs.
 */
export function createStrictContext<Context extends object>(
	members: Partial<Context>,
	name = 'context',
): Context {
	return new Proxy({} as Context, {
		get: (_target, key) => {
			if (typeof key === 'symbol' || key === 'then') return undefined;
			if (!Object.hasOwn(members, key)) throw new Error(`${name}.${key} was not expected`);
			return members[key as keyof Context];
		},
	});
}

/** What an execution of a node is made of. */
export interface ExecuteSetting {
	readonly items: readonly IDataObject[];
	/** Parameters that differ from their defaults. */
	readonly parameters?: Readonly<Record<string, unknown>>;
	/** Decrypted credentials by type; asking for another type throws. */
	readonly credentials?: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly continueOnFail?: boolean;
	/** Hosts that the egress rules of the instance forbid. */
	readonly forbiddenHosts?: readonly string[];
}

/** Runs execute() of a node in a strict context; a parameter that the node does not describe throws. */
export async function executeNode(
	nodeType: INodeType,
	setting: ExecuteSetting,
): Promise<INodeExecutionData[][]> {
	if (nodeType.execute === undefined) throw new Error('This node has no execute()');
	const output = await nodeType.execute.call(toExecuteContext(nodeType, setting));
	if (!Array.isArray(output)) throw new Error('This node asked its engine for something');
	return output;
}

function toExecuteContext(nodeType: INodeType, setting: ExecuteSetting): IExecuteFunctions {
	const items = setting.items.map((json) => ({ json }));
	return createStrictContext<IExecuteFunctions>(
		{
			getInputData: () => items,
			getNode: () => toNode(nodeType),
			continueOnFail: () => setting.continueOnFail ?? false,
			getNodeParameter: ((name: string, itemIndex: number) =>
				readParameter(nodeType, setting, name, itemIndex)) as IExecuteFunctions['getNodeParameter'],
			getCredentials: ((type: string) =>
				readCredential(setting, type)) as IExecuteFunctions['getCredentials'],
			getExecutionCancelSignal: () => undefined,
			helpers: createStrictContext<IExecuteFunctions['helpers']>(
				{ getSecureEgressFilter: () => toEgressFilter(setting) },
				'helpers',
			),
		},
		nodeType.description.name,
	);
}

function toEgressFilter({ forbiddenHosts = [] }: ExecuteSetting): NodeEgressFilter {
	const isForbidden = (url: string | URL) => forbiddenHosts.includes(new URL(url).hostname);
	return createStrictContext<NodeEgressFilter>(
		{
			validateUrl: (url) =>
				Promise.resolve(
					isForbidden(url)
						? { ok: false, error: new Error('blocked') }
						: { ok: true, result: undefined },
				),
			createSecureLookup: () => lookup,
		},
		'egress filter',
	);
}

function toNode({ description }: INodeType): INode {
	return {
		id: 'node',
		name: description.displayName,
		type: description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
}

function readParameter(
	nodeType: INodeType,
	{ parameters = {}, items }: ExecuteSetting,
	name: string,
	itemIndex: number,
): unknown {
	const property = nodeType.description.properties.find((candidate) => candidate.name === name);
	if (property === undefined) throw new Error(`The node describes no parameter "${name}"`);
	const value = Object.hasOwn(parameters, name) ? parameters[name] : property.default;
	return typeof value === 'string' && value.startsWith('=')
		? resolve(value, items[itemIndex] ?? {})
		: value;
}

/** Resolves `={{ $json.a.b }}`; what is more is left to tests with n8n's engine. */
function resolve(expression: string, json: IDataObject): unknown {
	const path = /^=\{\{ \$json\.([\w.]+) \}\}$/u.exec(expression)?.[1];
	if (path === undefined) throw new Error(`Not resolved here: ${expression}`);
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], json);
}

function readCredential(
	{ credentials = {} }: ExecuteSetting,
	type: string,
): Promise<ICredentialDataDecryptedObject> {
	const data = credentials[type];
	if (data === undefined) throw new Error(`The credential "${type}" was not expected`);
	return Promise.resolve(data);
}
