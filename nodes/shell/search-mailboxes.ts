import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openMailAccount } from './open-account';
import { toNodeError } from './to-node-error';

/** Fills the mailbox picker from the server; errors are shown instead of an empty list. */
export async function searchMailboxes(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	try {
		const { mailAccount } = await openMailAccount(this, this.logger);
		const wanted = filter?.toLowerCase() ?? '';
		const mailboxes = await mailAccount.list();
		return {
			results: mailboxes
				.filter(({ path }) => path.toLowerCase().includes(wanted))
				.map(({ path }) => ({ name: path, value: path })),
		};
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}
