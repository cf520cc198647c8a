import type {
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';

import { imapIngestApiTest } from '../shell/credential-test';
import { mailboxProperty } from '../shell/mailbox-description';
import { rulesProperties } from '../shell/rules/rules-description';
import { listAccountRules } from '../shell/rules/list-account-rules';
import { listSuggestedRules } from '../shell/rules/list-suggested-rules';
import { searchMailboxes } from '../shell/search-mailboxes';
import { INSTANT_OPTIONS, TRIGGER_OPTIONS, triggerOptionsProperty } from './trigger/options';
import { TRIGGER_OUTPUTS } from './trigger/outputs';
import { watchTrigger } from './trigger/watch-trigger';

export class ImapIngestInstantTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP Ingest Instant Trigger',
		name: 'imapIngestInstantTrigger',
		icon: {
			light: 'file:../../credentials/imapIngest.svg',
			dark: 'file:../../credentials/imapIngest.dark.svg',
		},
		group: ['trigger'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle: '={{ $parameter["mailbox"]["value"] || $parameter["mailbox"] }}',
		description:
			'Starts the workflow within a second of matching mail arriving, over a lasting connection (IMAP IDLE)',
		eventTriggerDescription: 'Waiting for matching mail',
		activationMessage: 'From now on, matching mail starts this workflow at once.',
		defaults: { name: 'IMAP Ingest Instant Trigger' },
		inputs: [],
		outputs: TRIGGER_OUTPUTS,
		credentials: [{ name: 'imapIngestApi', required: true, testedBy: 'imapIngestApiTest' }],
		properties: [
			mailboxProperty(),
			...rulesProperties({ account: true, cleanUp: true, messages: true, secondForm: true }),
			triggerOptionsProperty({ ...TRIGGER_OPTIONS, ...INSTANT_OPTIONS }),
		],
	};

	methods = {
		credentialTest: { imapIngestApiTest },
		listSearch: { listAccountRules, listSuggestedRules, searchMailboxes },
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await watchTrigger(this);
	}
}
