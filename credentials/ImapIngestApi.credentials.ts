import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { RARE_FIELDS } from './server-fields';
import { HOST_MODES, OAUTH_MODES, TOKEN_DETAILS } from './token-fields';

/** Every mode: the server and who reads there. */
const server: INodeProperties[] = [
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. imaps://outlook.office365.com:993',
		description:
			'The IMAP server as imaps://server:port; without a port, 993 is used. Only secure connections are supported.',
	},
	{
		displayName: 'User Name',
		name: 'username',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. alerts@yourcompany.com',
		description:
			'Usually the email address of the mailbox. With OAuth2 it is the mailbox to read, which may be a shared one.',
	},
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		default: 'password',
		options: [
			{
				name: 'AlertMagic Configuration',
				value: 'configuration',
				description: 'An IMAP connection of AlertMagic exactly as it stands: password and JSON',
			},
			{
				name: 'Google Workspace Service Account',
				value: 'googleServiceAccount',
				description: 'Gmail of a Workspace whose administrator has delegated it to the account',
			},
			{
				name: 'OAuth2 with Client Certificate',
				value: 'clientCertificate',
				description: 'Microsoft 365: an application that signs in with its certificate',
			},
			{
				name: 'OAuth2 with Client Secret',
				value: 'clientSecret',
				description: 'Microsoft 365: an application that signs in with its secret',
			},
			{
				name: 'OAuth2 with Managed Identity',
				value: 'managedIdentity',
				description: 'Microsoft 365: the Azure machine that n8n runs on; there is no secret',
			},
			{
				name: 'OAuth2 with Workload Identity',
				value: 'workloadIdentity',
				description:
					'Microsoft 365: an application that trusts the platform of n8n, as AKS; no secret',
			},
			{
				name: 'Password',
				value: 'password',
				description: 'User name and password; Gmail and many others want an app password',
			},
		],
	},
];

const DOCS = 'https://github.com/panoramicdata/n8n-nodes-imap-ingest/blob/main/docs';

function notice(name: string, displayName: string, authentication: string[]): INodeProperties {
	return {
		displayName,
		name,
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication } },
	};
}

/** What each way of signing in needs, and the page that tells how. */
const guidance: INodeProperties[] = [
	notice(
		'passwordNotice',
		`Gmail takes an <a href="${DOCS}/gmail.md#app-password" target="_blank">app password</a>; Microsoft 365 takes <a href="${DOCS}/microsoft-365.md" target="_blank">no password at all</a>.`,
		['password'],
	),
	notice(
		'configurationNotice',
		`Copy URL, user name, password and configuration from AlertMagic as they stand: <a href="${DOCS}/migrating-from-alertmagic.md" target="_blank">step by step</a>.`,
		['configuration'],
	),
	notice(
		'googleNotice',
		`An administrator of the Workspace delegates the mailboxes to the service account: <a href="${DOCS}/gmail.md#service-account-of-a-google-workspace" target="_blank">step by step</a>.`,
		['googleServiceAccount'],
	),
	notice(
		'consentNotice',
		`The application needs the permission <b>IMAP.AccessAsApp</b> of Office 365 Exchange Online, an administrator's consent, and access to the mailbox: <a href="${DOCS}/microsoft-365.md" target="_blank">step by step</a>. If the last is missing, the connection test shows the commands for it, filled in.`,
		OAUTH_MODES,
	),
	notice(
		'hostIdentityNotice',
		`This is an identity of the machine, so the administrator of n8n has to allow it: the environment variable <b>IMAP_INGEST_HOST_IDENTITY</b> names the mail servers it may be used for. <a href="${DOCS}/microsoft-365.md#without-a-secret" target="_blank">Step by step</a>.`,
		HOST_MODES,
	),
];

const passwords: INodeProperties[] = [
	{
		displayName: 'Password',
		name: 'password',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		displayOptions: { show: { authentication: ['password'] } },
		description:
			'The password of the mailbox. Gmail, Yahoo, iCloud and others take only an app password here.',
	},
	{
		displayName: 'Password',
		name: 'password',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		displayOptions: { show: { authentication: ['configuration'] } },
		description:
			'What the Password field of the AlertMagic connection holds: the client secret when the JSON says OAuth2, otherwise the password of the mailbox',
	},
];

const application: INodeProperties[] = [
	{
		displayName: 'Directory (Tenant) ID',
		name: 'tenantId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 72f988bf-0000-0000-0000-2d7cd011db47',
		displayOptions: { show: { authentication: OAUTH_MODES } },
		description:
			'From the Overview page of Microsoft Entra ID. The tenant that owns the mailbox, even if the application is registered in another. Not needed with a Token URL.',
	},
	{
		displayName: 'Application (Client) ID',
		name: 'clientId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 11111111-2222-3333-4444-555555555555',
		displayOptions: { show: { authentication: OAUTH_MODES } },
		description:
			'The application (client) ID on the Overview page of the app registration, not its object ID',
	},
	{
		displayName: 'Application (Client) ID',
		name: 'clientId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 11111111-2222-3333-4444-555555555555',
		displayOptions: { show: { authentication: ['managedIdentity'] } },
		description:
			'Of a user-assigned managed identity of the machine; leave empty for its system-assigned one',
	},
	{
		displayName: 'Service Account Key',
		name: 'serviceAccountKey',
		type: 'string',
		typeOptions: { password: true, rows: 8 },
		default: '',
		required: true,
		placeholder: '{ "type": "service_account", ... }',
		displayOptions: { show: { authentication: ['googleServiceAccount'] } },
		description:
			'The JSON file of a key of the service account. An administrator of the Workspace has to delegate the scope https://mail.google.com/ to its client ID.',
	},
	{
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		displayOptions: { show: { authentication: ['clientSecret'] } },
		description:
			'The value of a client secret of the app registration (Certificates & secrets), not the secret ID',
	},
	{
		displayName: 'Certificate',
		name: 'certificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: '-----BEGIN CERTIFICATE-----',
		displayOptions: { show: { authentication: ['clientCertificate'] } },
		description:
			'The certificate that was uploaded to the app registration, as PEM. A chain may follow. Lost line breaks are repaired.',
	},
	{
		displayName: 'Private Key',
		name: 'privateKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		default: '',
		required: true,
		placeholder: '-----BEGIN PRIVATE KEY-----',
		displayOptions: { show: { authentication: ['clientCertificate'] } },
		description:
			'The RSA key of the certificate, as PEM without a passphrase. Lost line breaks are repaired.',
	},
	{
		displayName: 'Client Secret Expires On',
		name: 'clientSecretExpiresOn',
		type: 'dateTime',
		default: '',
		displayOptions: { show: { authentication: ['clientSecret', 'configuration'] } },
		description:
			'When the client secret expires, as Microsoft Entra showed it. From 30 days before, triggers remind of it in the log and by their Health output.',
	},
];

const CONFIGURATION_EXAMPLE = '{ "AlertMagic": { "Ingests": [ ... ] } }';

/** The whole AlertMagic connection, right below its password as on AlertMagic's own screen. */
const connection: INodeProperties[] = [
	{
		displayName: 'Configuration',
		name: 'configuration',
		type: 'string',
		typeOptions: { password: true, rows: 8 },
		default: '',
		placeholder: CONFIGURATION_EXAMPLE,
		displayOptions: { show: { authentication: ['configuration'] } },
		description:
			'The Configuration JSON of the AlertMagic connection: the OAuth2 settings, if any, and the rules under AlertMagic. Stored as a secret, since it may hold webhook passwords.',
	},
];

/** Rules, in an account that signs in otherwise. */
const rules: INodeProperties[] = [
	{
		displayName: 'Configuration',
		name: 'configuration',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		default: '',
		placeholder: CONFIGURATION_EXAMPLE,
		displayOptions: { hide: { authentication: ['configuration'] } },
		description:
			'Optional: rules as AlertMagic JSON, for nodes that take their rules from the account. Only the part under AlertMagic is read. Stored as a secret.',
	},
];

export class ImapIngestApi implements ICredentialType {
	name = 'imapIngestApi';

	displayName = 'IMAP Ingest';

	icon = { light: 'file:imapIngest.svg', dark: 'file:imapIngest.dark.svg' } as const;

	documentationUrl = 'https://github.com/panoramicdata/n8n-nodes-imap-ingest#start-in-a-minute';

	/** Keeps the HTTP Request node and others from using the secrets. */
	restrictToSupportedNodes = true as const;

	properties: INodeProperties[] = [
		...server,
		...guidance,
		...passwords,
		...connection,
		...application,
		...rules,
		...TOKEN_DETAILS,
		...RARE_FIELDS,
	];
}
