/*
 * The action node as a table. operations.ts lists what the resources (message/, mailbox/, rules/) can do and makes the panel
 * of it; run-operation.ts sorts the items by account (allowed-users.ts), opens each over a shared connection and runs the
 * chosen operation. operation.ts says what an operation is; effect-operation.ts makes one that changes messages.
 */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import type { Rule } from '../../core/rules/rule';
import type { ActionConnection } from '../../mail/action-ports';
import type { ItemResults } from '../../shell/item-results';

/** One input item, for an operation that needs no mail server. */
export interface LocalCall {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	readonly item: INodeExecutionData;
	/** A parameter of the node for this item. */
	read(name: string): unknown;
	/** One of its options; undefined when it was not added. */
	option(name: string): unknown;
}

/** One input item, with all that an operation needs to act for it in the mailboxes of its account. */
export interface ItemCall extends LocalCall {
	readonly connection: ActionConnection;
	/** `user@host` of the account that is signed in. */
	readonly account: string;
	/** The rules in the Configuration of the account. */
	rules(): readonly Rule[];
}

/** Does an operation for the items of one account and tells the results what became of each. */
export type RunOperation = (calls: readonly ItemCall[], results: ItemResults) => Promise<void>;

interface OperationEntry {
	readonly value: string;
	readonly name: string;
	/** Sentence in the list of actions. */
	readonly action: string;
	readonly description: string;
	/** Parameters; the table adds for which operation they are shown. */
	readonly properties: readonly INodeProperties[];
}

/** An operation in the mailboxes of an account. */
export interface MailOperation extends OperationEntry {
	readonly run: RunOperation;
}

export interface LocalOperation extends OperationEntry {
	readonly runLocally: (call: LocalCall) => Promise<readonly INodeExecutionData[]>;
}

/** An operation of the node: its entry in the panel and what it does. */
export type Operation = MailOperation | LocalOperation;

/** A resource of the node and its operations, sorted by name. */
export interface Resource {
	readonly value: string;
	readonly name: string;
	readonly operations: readonly Operation[];
	readonly defaultOperation: string;
}

/**
 * Passes on what concerns all items of the account, such as a lost connection: going on would only knock at a closed
 * door, and a shared connection that died unnoticed is replaced further out, where the error arrives as it is.
 */
export function throwIfUnavailable(error: unknown): void {
	if (error instanceof IngestError && error.kind === 'unavailable') throw error;
}

/** An operation that looks at each item by itself; one that fails does not stop the others. */
export function forEachItem(
	work: (call: ItemCall) => Promise<readonly INodeExecutionData[]>,
): RunOperation {
	return async (calls, results) => {
		for (const call of calls) {
			try {
				results.succeed(call.itemIndex, await work(call));
			} catch (error) {
				throwIfUnavailable(error);
				results.fail(call.itemIndex, error);
			}
		}
	};
}
