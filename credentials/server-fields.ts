import type { INodeProperties } from 'n8n-workflow';

import { HOST_MODES } from './token-fields';

/** What few servers need. */
export const RARE_FIELDS: readonly INodeProperties[] = [
	{
		displayName: 'CA Certificate',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description:
			'Only for servers with a certificate of your own authority: that authority as PEM. It is trusted besides the public ones, for the IMAP server and the token endpoint of this account. Verification cannot be switched off.',
	},
	{
		displayName: 'Greeting Time-Out (Seconds)',
		name: 'greetingTimeout',
		type: 'number',
		typeOptions: { minValue: 5, maxValue: 60, numberPrecision: 0 },
		default: 60,
		description:
			'How long to wait for the first line of the server once it is connected. Less makes a server that hangs known sooner.',
	},
	{
		displayName: 'TLS Server Name',
		name: 'tlsServerName',
		type: 'string',
		default: '',
		placeholder: 'e.g. 127.0.0.1',
		displayOptions: { hide: { authentication: HOST_MODES } },
		description:
			'Only for servers whose certificate is made out to another name than the URL says, such as Proton Mail Bridge in a container of its own: that name or IP address. The certificate has to be for it.',
	},
	{
		displayName: 'Proxy',
		name: 'proxy',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. socks5://proxy.example.com:1080',
		displayOptions: { hide: { authentication: HOST_MODES } },
		description:
			'The way to the mail server: http://host:port for a proxy that takes CONNECT, or socks5://host:port, with user:password@ where it wants them. Empty: HTTPS_PROXY or ALL_PROXY of the environment of n8n, unless NO_PROXY names the server, else none.',
	},
];
