import {
	type INode,
	type INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { IngestError } from '../core/errors';
import { redactUnknown, toBareError } from '../core/redact';

/** n8n's "why the operation failed" (n8n-workflow 2.37 and later; earlier versions ignore it). */
type Failure = NonNullable<NodeOperationError['failure']>;

/**
 * Why the operation failed, in n8n's terms: its durable poller waits longer after a cause that needs a
 * person. Undefined where neither waiting nor a setting is the answer, such as one unreadable message.
 */
export function toFailure(error: IngestError): Failure | undefined {
	switch (error.kind) {
		case 'configuration':
			return { cause: 'configuration-invalid' };
		case 'signIn':
			return { cause: 'credential-invalid' };
		case 'unavailable':
			return toTimedFailure(error);
		case 'mailbox':
			return error.code === 'mailbox-missing' ? { cause: 'configuration-invalid' } : undefined;
		case 'message':
			return undefined;
		case 'delivery':
			return error.code === 'delivery-failed' ? toTimedFailure(error) : undefined;
	}
}

function toTimedFailure(error: IngestError): Failure {
	return {
		cause: error.code === 'throttled' ? 'rate-limited' : 'temporarily-unavailable',
		...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
	};
}

/**
 * Turns anything thrown into n8n's error: the message says what happened, the description what to do.
 * Errors that are n8n's own already pass unchanged; anything unforeseen keeps its stack and loses what looks like a secret.
 *
 * @param itemIndex the item at fault, when there is one
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): Error {
	if (error instanceof IngestError) return toKnownError(node, error, itemIndex);
	if (isN8nError(error)) return error;
	return toUnforeseenError(node, error, itemIndex);
}

/**
 * The item that stands for an input item which failed while the node continues on failure: what happened and what to
 * do. n8n moves an item with just these keys to the error output, where there is one, and adds the fields of the input.
 */
export function toErrorItem(error: Error, itemIndex: number): INodeExecutionData {
	const description = 'description' in error ? error.description : undefined;
	return {
		json: {
			error: error.message,
			...(typeof description === 'string' && { details: toPlainText(description) }),
		},
		pairedItem: { item: itemIndex },
	};
}

/** n8n shows a description as HTML: `(?<value>.+)` would lose its name there. */
function toDescription(remedy: string): string {
	return remedy.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A description as a value of an item, which nothing renders. */
function toPlainText(description: string): string {
	return description.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** n8n counts a refused sign-in and throttling by the HTTP status of a NodeApiError. */
function httpCodeOf(error: IngestError): string | undefined {
	if (error.kind === 'signIn') return '401';
	return error.code === 'throttled' ? '429' : undefined;
}

function toKnownError(node: INode, error: IngestError, itemIndex: number | undefined): Error {
	const failure = toFailure(error);
	const httpCode = httpCodeOf(error);
	const options = {
		message: error.message,
		...(error.remedy !== undefined &&
			error.remedy !== '' && { description: toDescription(error.remedy) }),
		...(itemIndex !== undefined && { itemIndex }),
		...(failure !== undefined && { failure }),
	};
	const nodeError =
		httpCode === undefined
			? new NodeOperationError(node, error, options)
			: new NodeApiError(node, { message: error.message }, { ...options, httpCode });
	// n8n replaces a message that holds a socket code such as ENOTFOUND by a general one; ours says more.
	nodeError.message = error.message;
	nodeError.messages = [];
	return nodeError;
}

/** True for n8n's execution errors, also those of another copy of n8n-workflow, which instanceof does not know. */
function isN8nError(error: unknown): error is Error {
	return error instanceof Error && 'context' in error && 'timestamp' in error;
}

function toUnforeseenError(node: INode, error: unknown, itemIndex: number | undefined): Error {
	const nodeError = new NodeOperationError(node, toBareError(error, redactUnknown), {
		description:
			'This was not foreseen. Please report it with the stack trace in the error details, after removing what is private.',
		level: 'error',
		failure: { cause: 'node-defect' },
		...(itemIndex !== undefined && { itemIndex }),
	});
	return nodeError;
}
