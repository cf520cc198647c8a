export type Json = Record<string, unknown>;

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

export interface CredentialTestResult {
	status: string;
	message: string;
}

export interface StoredWorkflow {
	id: string;
	versionId: string;
}

export interface ExecutionSummary {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
}

/** Items that a node put out: `json` of each, by output. */
export type NodeOutput = Json[][];

export interface ExecutionDetail extends ExecutionSummary {
	/** By node name, of the node's last run. */
	outputs: Record<string, NodeOutput>;
	/** The error that ended the execution. */
	error: Json | undefined;
}

/** Whether a value is a JSON object. */
export const isRecord = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value when it is a JSON object, else an empty one. */
export const toRecord = (value: unknown): Json => (isRecord(value) ? value : {});

/** The value when it is a list, else an empty one. */
export const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The value when it is a text or a number, as text, else an empty one. */
export const toText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Reads an execution as the public API lists it. */
export const toSummary = (value: unknown): ExecutionSummary => {
	const { id, status, mode, workflowId } = toRecord(value);
	return {
		id: toText(id),
		status: toText(status),
		mode: toText(mode),
		workflowId: toText(workflowId),
	};
};

function toOutput(run: unknown): NodeOutput {
	const { main } = toRecord(toRecord(run).data);
	return toList(main).map((items) => toList(items).map((item) => toRecord(toRecord(item).json)));
}

/** Reads an execution as the public API tells it with `includeData`. */
export function toDetail(execution: unknown): ExecutionDetail {
	const { data } = toRecord(execution);
	const { runData, error } = toRecord(toRecord(data).resultData);
	const outputs = Object.entries(toRecord(runData)).map(([name, runs]) => {
		return [name, toOutput(toList(runs).at(-1))] as const;
	});
	return {
		...toSummary(execution),
		outputs: Object.fromEntries(outputs),
		error: isRecord(error) ? error : undefined,
	};
}

export interface PublicationStatus {
	/** `in_progress`, `published`, `partial`, `failed` or `not_published`. */
	status: string;
	/** What the triggers that could not be started said. */
	errors: string[];
}

/** Reads what n8n tells of a publication that goes on or has ended. */
export const toPublicationStatus = (value: unknown): PublicationStatus => {
	const { status, triggers } = toRecord(value);
	const messages = toList(triggers).map((trigger) => toText(toRecord(trigger).errorMessage));
	return { status: toText(status), errors: messages.filter((message) => message !== '') };
};
