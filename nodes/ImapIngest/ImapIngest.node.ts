/*
 * The three nodes of a mailbox, each a description and a few lines: both triggers work in trigger/, the action node in
 * actions/.
 */
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { imapIngestApiTest } from '../shell/credential-test';
import { listAccountRules } from '../shell/rules/list-account-rules';
import { searchMailboxes } from '../shell/search-mailboxes';
import { RESOURCES, toProperties, toSubtitle } from './actions/operations';
import { runOperation } from './actions/run-operation';

/** Acts on the messages that a trigger delivered, or on any other message or mailbox of an account. */
export class ImapIngest implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP Ingest',
		name: 'imapIngest',
		icon: {
			light: 'file:../../credentials/imapIngest.svg',
			dark: 'file:../../credentials/imapIngest.dark.svg',
		},
		group: ['transform'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle: toSubtitle(RESOURCES),
		description: 'Read, tidy and acknowledge messages in an IMAP mailbox; import and export rules',
		defaults: { name: 'IMAP Ingest' },
		// Harmless: which operation it is cannot hold an expression, so only the user chooses it.
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'imapIngestApi',
				required: true,
				testedBy: 'imapIngestApiTest',
				// Only import and export can do without an account; nothing else has such a parameter.
				displayOptions: { hide: { rulesSource: ['visual', 'json', 'node'] } },
			},
			{
				name: 'imapIngestApi',
				testedBy: 'imapIngestApiTest',
				// The trigger that an import makes gets it.
				displayOptions: { show: { operation: ['importAlertMagic'], rulesSource: ['json'] } },
			},
		],
		properties: toProperties(RESOURCES),
	};

	methods = {
		credentialTest: { imapIngestApiTest },
		listSearch: { listAccountRules, searchMailboxes },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this);
	}
}
