import type { IExecuteFunctions } from 'n8n-workflow';

import { createSignIn } from '../auth/sign-in';
import { accountName } from '../core/account';
import { parseAccount } from '../core/account-settings/parse-account';
import { createActionAccount } from '../mail/action-account';
import type { ActionAccount } from '../mail/action-ports';

/** An `imapIngestApi` credential, ready for actions. */
export interface OpenedActionAccount {
	/** `user@host`. */
	readonly name: string;
	/** Its Configuration field; a secret. */
	readonly configuration: string;
	readonly actionAccount: ActionAccount;
}

/** Gives the account of an item. */
export type ActionAccountReader = (itemIndex: number) => Promise<OpenedActionAccount>;

/**
 * Reads the accounts of one execution: a credential may hold expressions, so each item may have its own; equal ones are
 * one account. Nothing is connected yet.
 */
export function createActionAccountReader(
	context: Pick<IExecuteFunctions, 'getCredentials' | 'logger'>,
): ActionAccountReader {
	const opened = new Map<string, OpenedActionAccount>();
	return async (itemIndex) => {
		const fields = await context.getCredentials('imapIngestApi', itemIndex);
		const key = JSON.stringify(fields);
		const known = opened.get(key);
		if (known !== undefined) return known;
		const account = parseAccount(fields);
		const log = context.logger;
		const { signIn, explainRefusal } = createSignIn(account, { now: () => Date.now(), log });
		const { configuration } = fields;
		const fresh = {
			name: accountName(account),
			configuration: typeof configuration === 'string' ? configuration : '',
			actionAccount: createActionAccount({ account, signIn, explainRefusal, log }),
		};
		opened.set(key, fresh);
		return fresh;
	};
}
