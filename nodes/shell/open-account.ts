import type { FunctionsBase } from 'n8n-workflow';

import { createSignIn } from '../auth/sign-in';
import type { Account } from '../core/account';
import { parseAccount } from '../core/account-settings/parse-account';
import type { Log } from '../core/log';
import { createMailAccount } from '../mail/account';
import type { MailAccount } from '../mail/ports';

/** An `imapIngestApi` credential, ready for use. */
export interface OpenedAccount {
	readonly account: Account;
	readonly mailAccount: MailAccount;
	/** Its Configuration field, for rules and destinations; a secret. */
	readonly configuration: string;
}

/** The part of n8n's contexts that hands out credentials. */
export type CredentialContext = Pick<FunctionsBase, 'getCredentials'>;

/**
 * Reads the credential of the node anew, so that a changed password counts at once, and makes its account. Nothing is
 * connected yet.
 *
 * @throws ConfigurationError with all faults of the credential
 */
export async function openMailAccount(
	context: CredentialContext,
	log: Log,
): Promise<OpenedAccount> {
	const fields = await context.getCredentials('imapIngestApi');
	const account = parseAccount(fields);
	const { signIn, explainRefusal } = createSignIn(account, { now: () => Date.now(), log });
	const { configuration } = fields;
	return {
		account,
		mailAccount: createMailAccount({ account, signIn, explainRefusal, log }),
		configuration: typeof configuration === 'string' ? configuration : '',
	};
}
