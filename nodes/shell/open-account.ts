/*
 * n8n on one side, the layers on the other: a credential becomes an account (open-account.ts; for the items of an action,
 * open-action-account.ts), errors become n8n's (to-node-error.ts), results become items (item-results.ts). rules/ is rules
 * on the screen.
 */
import type { FunctionsBase, IExecuteFunctions } from 'n8n-workflow';
import { createSignIn } from '../auth/sign-in';
import type { TokenRegistry } from '../auth/token-registry';
import type { Account } from '../core/account/account';
import { parseAccount } from '../core/account/parse-account';
import type { CredentialFields } from '../core/account/account-fields';
import type { Log } from '../core/log';
import { createMailAccount } from '../mail/account';
import { createActionAccount } from '../mail/action-account';
import type { ActionAccount } from '../mail/action-ports';
import { PROCESS_CONNECTIONS } from '../mail/connections/connection-registry';
import type { ConnectionRegistry } from '../mail/connections/connection-registry';
import type { MailTimeouts } from '../mail/limits';
import { openMailboxWatch } from '../mail/mailbox-watch';
import type { MailAccount, MailboxWatch } from '../mail/ports';
import type { EgressRules } from '../net/egress';
import { readEgressRules } from './egress-rules';
import type { EgressContext } from './egress-rules';

/** An `imapIngestApi` credential, ready for use. */
export interface OpenedAccount {
	readonly account: Account;
	readonly mailAccount: MailAccount;
	readonly actionAccount: ActionAccount;
	/** Opens a connection of its own to watch a mailbox. */
	readonly watch: () => Promise<MailboxWatch>;
	/** The same application as another user of the server. */
	readonly as: (username: string) => OpenedAccount;
	/** Its Configuration field, for rules and destinations; a secret. */
	readonly configuration: string;
}

/** The part of n8n's contexts that hands out credentials. */
export type CredentialContext = Pick<FunctionsBase, 'getCredentials' | 'getMode'> & EgressContext;

/** What an account takes from the process it is used in. */
export interface AccountServices {
	/** Epoch milliseconds. */
	readonly now: () => number;
	/** By default the tokens of the process. */
	readonly tokens?: TokenRegistry;
	/** Reads the fields of the credential; by default parseAccount. */
	readonly parse?: (fields: CredentialFields) => Account;
	/** By default the connections of the process. */
	readonly connections?: ConnectionRegistry;
	/** True when a person waits for the answer; by default for a run by hand and a list in the editor. */
	readonly eager?: boolean;
	/** Which hosts the n8n instance may reach; all unless given. */
	readonly egress?: EgressRules | undefined;
	/** Limits of waiting for the mail server that differ from the usual ones. */
	readonly timeouts?: Partial<MailTimeouts>;
	/** See WatchOptions. */
	readonly keepAlive?: number;
}

export const PROCESS_SERVICES: AccountServices = { now: () => Date.now() };

/**
 * Reads the credential of the node anew, so that a changed password counts at once, and makes its account. Nothing is
 * connected yet; all nodes that use the account share its connections.
 *
 * @throws ConfigurationError with all faults of the credential
 */
export async function openMailAccount(
	context: CredentialContext,
	log: Log,
	services: AccountServices = PROCESS_SERVICES,
): Promise<OpenedAccount> {
	const { eager = isWaitedFor(context), parse = parseAccount } = services;
	const fields = await context.getCredentials('imapIngestApi');
	const account = parse(fields);
	const egress = readEgressRules(context);
	return openAccount(account, configurationOf(fields), log, { ...services, eager, egress });
}

/** What n8n's nodes do with an account, over the connections and with the tokens of `services`. */
export function openAccount(
	account: Account,
	configuration: string,
	log: Log,
	services: AccountServices = PROCESS_SERVICES,
): OpenedAccount {
	const { now, tokens, egress, connections = PROCESS_CONNECTIONS, timeouts, keepAlive } = services;
	const options = {
		...createSignIn(account, { now, log, registry: tokens, egress }),
		account,
		log,
		now,
		shared: { registry: connections, login: account.login, eager: services.eager ?? false },
		timeouts,
		egress,
	};
	return {
		account,
		mailAccount: createMailAccount(options),
		actionAccount: createActionAccount(options),
		watch: () => openMailboxWatch({ ...options, keepAlive }),
		as: (username) => openAccount({ ...account, username }, configuration, log, services),
		configuration,
	};
}

/** Whether a person looks on: at a run by hand, or at a list in the editor, whose context may have no mode. */
function isWaitedFor(context: CredentialContext): boolean {
	const mode = context.getMode?.();
	return mode === undefined || mode === 'manual';
}

/** The text in the Configuration field of the account of an item; a secret. */
export async function readAccountConfiguration(
	context: Pick<IExecuteFunctions, 'getCredentials'>,
	itemIndex: number,
): Promise<string> {
	return configurationOf(await context.getCredentials('imapIngestApi', itemIndex));
}

/** The text in the Configuration field of an account; a secret. */
export function configurationOf({ configuration }: CredentialFields): string {
	return typeof configuration === 'string' ? configuration : '';
}
