import type { ICredentialType, INodeProperties } from 'n8n-workflow';

export class AlertMagicApi implements ICredentialType {
	name = 'alertMagicApi';

	displayName = 'AlertMagic Webhook';

	icon = { light: 'file:alertMagic.svg', dark: 'file:alertMagic.dark.svg' } as const;

	documentationUrl =
		'https://docs.magicsuite.net/AlertMagic/Advanced/ConfiguringYourAlertManagementSystem';

	/** Keeps the HTTP Request node and others from using the password. */
	restrictToSupportedNodes = true as const;

	properties: INodeProperties[] = [
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://pdl-alertmagic-production.azurewebsites.net/api/notify',
			description:
				'The webhook of your AlertMagic deployment (https only). A self-hosted deployment has an address of its own.',
		},
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description: 'The webhook user name that AlertMagic shows for the deployment',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The webhook password that AlertMagic shows for the deployment',
		},
		{
			displayName:
				'The connection test sends no alert, so it cannot check user name and password: it checks that the webhook can be reached over TLS with a certificate that is trusted.',
			name: 'testNotice',
			type: 'notice',
			default: '',
		},
	];
}
