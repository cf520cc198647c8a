import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isRecord } from '../../core/is-record';
import { findOwner } from '../../core/message/message-reference';
import { ItemResults } from '../../shell/item-results';
import { createActionAccountReader } from '../../shell/open-action-account';
import type { OpenedActionAccount } from '../../shell/open-action-account';
import { toNodeError } from '../../shell/to-node-error';
import type { ActionConnection } from '../../mail/action-ports';
import { createAllowedUsersReader } from './allowed-users';
import type { ItemCall, LocalCall, LocalOperation, MailOperation, Operation } from './operation';
import { findOperation } from './operations';

/** Runs the chosen operation for all items; where it needs a mail server, over one connection for each account. */
export async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = readOperation(context);
	const results = new ItemResults(context);
	if ('runLocally' in operation) await runLocally(context, operation, results);
	else await runOnServers(context, operation, results);
	return [results.inOrder()];
}

async function runLocally(
	context: IExecuteFunctions,
	operation: LocalOperation,
	results: ItemResults,
): Promise<void> {
	for (const itemIndex of context.getInputData().keys()) {
		try {
			results.succeed(itemIndex, await operation.runLocally(toLocalCall(context, itemIndex)));
		} catch (error) {
			results.fail(itemIndex, error);
		}
	}
}

async function runOnServers(
	context: IExecuteFunctions,
	operation: MailOperation,
	results: ItemResults,
): Promise<void> {
	for (const [account, itemIndexes] of await readAccounts(context, results)) {
		await runForAccount(context, operation, account, itemIndexes, results);
	}
}

function readOperation(context: IExecuteFunctions): Operation {
	try {
		return findOperation(
			context.getNodeParameter('resource', 0),
			context.getNodeParameter('operation', 0),
		);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

/** The accounts of the execution, each with its items. */
async function readAccounts(
	context: IExecuteFunctions,
	results: ItemResults,
): Promise<ReadonlyMap<OpenedActionAccount, readonly number[]>> {
	const readAccount = createActionAccountReader(context);
	const readAllowed = createAllowedUsersReader(context);
	const accounts = new Map<OpenedActionAccount, number[]>();
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const name = readOwner(context, itemIndex);
			const allowed = name === undefined ? [] : readAllowed(itemIndex);
			const account = await readAccount(itemIndex, { name, allowed });
			const itemIndexes = accounts.get(account) ?? [];
			itemIndexes.push(itemIndex);
			accounts.set(account, itemIndexes);
		} catch (error) {
			results.fail(itemIndex, error);
		}
	}
	return accounts;
}

/** Whose mailbox the item's message lies in; a reference that is none is refused later, where it is used. */
function readOwner(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const value: unknown = context.getNodeParameter('message', itemIndex, null);
	return value === null ? undefined : findOwner(value);
}

async function runForAccount(
	context: IExecuteFunctions,
	operation: MailOperation,
	account: OpenedActionAccount,
	itemIndexes: readonly number[],
	results: ItemResults,
): Promise<void> {
	try {
		await account.actionAccount.withConnection(async (connection) => {
			const calls = itemIndexes.map((index) => toCall(context, account, connection, index));
			await operation.run(calls, results);
		});
	} catch (error) {
		// What kept the account from being used, such as a refused sign-in, is the same for all its items.
		const open = itemIndexes.filter((itemIndex) => !results.has(itemIndex));
		if (open.length === 0) throw toNodeError(context.getNode(), error);
		for (const itemIndex of open) results.fail(itemIndex, error);
	}
}

function toCall(
	context: IExecuteFunctions,
	{ name, rules }: OpenedActionAccount,
	connection: ActionConnection,
	itemIndex: number,
): ItemCall {
	return { ...toLocalCall(context, itemIndex), connection, account: name, rules };
}

function toLocalCall(context: IExecuteFunctions, itemIndex: number): LocalCall {
	return {
		context,
		itemIndex,
		item: context.getInputData()[itemIndex] ?? { json: {} },
		read: (parameter) => context.getNodeParameter(parameter, itemIndex),
		option: (option) => {
			const options: unknown = context.getNodeParameter('options', itemIndex, {});
			return isRecord(options) ? options[option] : undefined;
		},
	};
}
