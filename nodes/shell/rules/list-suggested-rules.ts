import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { writeRule } from '../../core/rules/json/rules';
import { suggestRuleFor } from '../../core/rules/suggest';
import type { SampleMessage } from '../../core/rules/suggest';
import type { MailAccount } from '../../mail/ports';
import { openMailAccount } from '../open-account';
import { toNodeError } from '../to-node-error';

/** How far back the list looks. */
const LOOK_AT = 30;

/** Lists the newest messages in the mailbox of the node; the value of each is the rule that it suggests, as JSON. */
export async function listSuggestedRules(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	try {
		const { mailAccount } = await openMailAccount(this, this.logger);
		const mailbox = this.getCurrentNodeParameter('mailbox', { extractValue: true });
		const samples = await readNewest(mailAccount, typeof mailbox === 'string' ? mailbox : 'INBOX');
		const wanted = filter?.toLowerCase() ?? '';
		const results = samples
			.map((sample) => ({
				name: `${sample.subject === '' ? '(no subject)' : sample.subject} - ${sample.from.join(', ')}`,
				value: JSON.stringify(
					writeRule(
						suggestRuleFor(
							sample,
							samples.filter((other) => other !== sample),
						),
					),
					null,
					2,
				),
			}))
			.filter(({ name }) => name.toLowerCase().includes(wanted));
		return { results };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}

/** Newest first; a message that cannot be read is left out. */
async function readNewest(account: MailAccount, path: string): Promise<readonly SampleMessage[]> {
	return await account.withMailbox(
		path,
		async (mailbox) => {
			const heads = await mailbox.heads(await mailbox.newestUids(LOOK_AT));
			const readable = heads.filter(({ failure }) => failure === undefined).reverse();
			const { texts } = await mailbox.bodies(readable);
			return readable.map(({ summary: { uid, from, subject } }): SampleMessage => {
				const { text = '', cells } = texts.get(uid) ?? {};
				return { from, subject, text, ...(cells !== undefined && { cells }) };
			});
		},
		{ readOnly: true },
	);
}
