import type {
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';

import { imapIngestApiTest } from '../shell/credential-test';
import { mailboxProperty } from '../shell/mailbox-description';
import { rulesProperties } from '../shell/rules/rules-description';
import { listAccountRules } from '../shell/rules/list-account-rules';
import { listSuggestedRules } from '../shell/rules/list-suggested-rules';
import { searchMailboxes } from '../shell/search-mailboxes';
import { TRIGGER_OPTIONS, triggerOptionsProperty } from './trigger/options';
import { TRIGGER_OUTPUTS } from './trigger/outputs';
import { pollTrigger } from './trigger/poll-trigger';

export class ImapIngestTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP Ingest Trigger',
		name: 'imapIngestTrigger',
		icon: {
			light: 'file:../../credentials/imapIngest.svg',
			dark: 'file:../../credentials/imapIngest.dark.svg',
		},
		group: ['trigger'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle: '={{ $parameter["mailbox"]["value"] || $parameter["mailbox"] }}',
		description:
			'Starts the workflow with values captured from matching mail. Looks at intervals: for many mailboxes with few connections',
		eventTriggerDescription: 'Waiting for matching mail',
		activationMessage: 'From now on, matching mail starts this workflow.',
		defaults: { name: 'IMAP Ingest Trigger' },
		polling: true,
		inputs: [],
		outputs: TRIGGER_OUTPUTS,
		credentials: [{ name: 'imapIngestApi', required: true, testedBy: 'imapIngestApiTest' }],
		properties: [
			mailboxProperty(),
			...rulesProperties({ account: true, cleanUp: true, messages: true, secondForm: true }),
			triggerOptionsProperty(TRIGGER_OPTIONS),
		],
	};

	methods = {
		credentialTest: { imapIngestApiTest },
		listSearch: { listAccountRules, listSuggestedRules, searchMailboxes },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger(this);
	}
}
