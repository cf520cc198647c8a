import type { INodeProperties } from 'n8n-workflow';

/** The mailbox picker: from the server's list, or by name. */
export function mailboxProperty(): INodeProperties {
	return {
		displayName: 'Mailbox',
		name: 'mailbox',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
		description: 'The mailbox (IMAP folder) to watch',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a mailbox...',
				typeOptions: { searchListMethod: 'searchMailboxes', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. INBOX/Alerts',
			},
		],
	};
}
