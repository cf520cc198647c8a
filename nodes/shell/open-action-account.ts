import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { accountName } from '../core/account/account';
import { parseAccount } from '../core/account/parse-account';
import { parseConfiguration } from '../core/rules/json/alertmagic';
import { userToOpen } from '../core/account/users';
import type { Rule } from '../core/rules/rule';
import type { ActionAccount } from '../mail/action-ports';
import { readEgressRules } from './egress-rules';
import type { EgressContext } from './egress-rules';
import { configurationOf, openAccount, PROCESS_SERVICES } from './open-account';

/** An `imapIngestApi` credential, ready for actions. */
export interface OpenedActionAccount {
	/** `user@host`. */
	readonly name: string;
	/** The rules in its Configuration field, parsed at the first call. */
	rules(): readonly Rule[];
	readonly actionAccount: ActionAccount;
}

/** Whose message an item holds, and whose it may hold. */
export interface MessageOwner {
	/** `user@host` that the message names; undefined when there is none. */
	readonly name: string | undefined;
	/** Users besides that of the account whose mailboxes may be opened. */
	readonly allowed: readonly string[];
}

export type ActionAccountReader = (
	itemIndex: number,
	/** Whose message the item holds. */
	owner: MessageOwner,
) => Promise<OpenedActionAccount>;

type Context = Pick<IExecuteFunctions, 'getCredentials' | 'getMode' | 'logger'> & EgressContext;

/**
 * Reads the accounts of one execution: a credential may hold expressions, so each item may have its own; equal ones are
 * one account. An application opens the mailbox of the user whose message the item names, where it is allowed. Nothing is connected yet; the connections are those that all nodes of the process share.
 */
export function createActionAccountReader(context: Context): ActionAccountReader {
	const opened = new Map<string, OpenedActionAccount>();
	return async (itemIndex, owner) => {
		const fields = await context.getCredentials('imapIngestApi', itemIndex);
		const key = JSON.stringify([fields, owner.name?.toLowerCase(), owner.allowed]);
		const account = opened.get(key) ?? openOwned(context, fields, owner);
		opened.set(key, account);
		return account;
	};
}

function openOwned(
	context: Context,
	fields: ICredentialDataDecryptedObject,
	owner: MessageOwner,
): OpenedActionAccount {
	const own = parseAccount(fields);
	const account = { ...own, username: userToOpen(own, owner.name, owner.allowed) };
	const configuration = configurationOf(fields);
	const eager = context.getMode() === 'manual';
	const services = { ...PROCESS_SERVICES, eager, egress: readEgressRules(context) };
	const { actionAccount } = openAccount(account, configuration, context.logger, services);
	let rules: readonly Rule[] | undefined;
	return {
		name: accountName(account),
		rules: () => (rules ??= parseConfiguration(configuration).rules),
		actionAccount,
	};
}
