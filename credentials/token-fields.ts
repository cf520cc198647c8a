import type { INodeProperties } from 'n8n-workflow';

/** An application registered in Entra, or with another token endpoint. */
export const OAUTH_MODES = ['clientSecret', 'clientCertificate', 'workloadIdentity'];
const MICROSOFT_MODES = [...OAUTH_MODES, 'managedIdentity'];
/** The identity of the machine that n8n runs on. */
export const HOST_MODES = ['workloadIdentity', 'managedIdentity'];

/** What most accounts leave as it is. */
export const TOKEN_DETAILS: readonly INodeProperties[] = [
	{
		displayName: 'Microsoft Cloud',
		name: 'cloud',
		type: 'options',
		default: 'public',
		options: [
			{ name: 'China (21Vianet)', value: 'china' },
			{ name: 'Public', value: 'public' },
			{ name: 'US Government', value: 'usGovernment' },
		],
		displayOptions: { show: { authentication: MICROSOFT_MODES } },
		description: 'The cloud that the tenant belongs to. Not used with a Token URL.',
	},
	{
		displayName: 'Scope',
		name: 'scope',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://outlook.office365.com/.default',
		displayOptions: { show: { authentication: MICROSOFT_MODES } },
		description:
			'Leave empty for Exchange Online of the chosen cloud. A tenant of the US Department of Defense needs https://outlook-dod.office365.us/.default.',
	},
	{
		displayName: 'Token URL',
		name: 'tokenUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://login.example.com/oauth2/token',
		displayOptions: { show: { authentication: ['clientSecret', 'clientCertificate'] } },
		description:
			'Only for a token endpoint that follows from neither tenant nor cloud, such as that of another provider. It then takes the place of both.',
	},
	{
		displayName: 'Client Authentication',
		name: 'clientAuthType',
		type: 'options',
		default: 'body',
		options: [
			{ name: 'In Basic Header', value: 'basicHeader' },
			{ name: 'In Body', value: 'body' },
		],
		displayOptions: { show: { authentication: ['clientSecret'] } },
		description:
			'Where a token endpoint outside Microsoft wants client ID and secret. Microsoft always gets them in the body.',
	},
];
