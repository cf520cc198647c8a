import type { INodeProperties } from 'n8n-workflow';

/** What the triggers do on servers that cannot move single messages. */
export function cannotMoveOption(): INodeProperties {
	return {
		displayName: 'When the Server Cannot Move',
		name: 'cannotMove',
		type: 'options',
		default: 'leave',
		options: [
			{
				name: 'Leave the Message',
				value: 'leave',
				description: 'After its last failed attempt it is marked as delivered and stays',
			},
			{
				name: 'Copy It and Leave It',
				value: 'copy',
				description: 'A copy goes where it was to be moved',
			},
			{
				name: 'Copy It and Remove It',
				value: 'expunge',
				description:
					'With EXPUNGE, only while no other message in the mailbox is marked as deleted',
			},
		],
		description:
			'What to do on servers without MOVE and UIDPLUS, such as hMailServer, for quarantine and for the clean-ups Move to Folder and Delete',
	};
}
