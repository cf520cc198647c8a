import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { createHttpClient } from '../net/https';
import type { HttpClient, HttpClientOptions } from '../net/https';
import { IngestError } from '../core/errors';
import { parseWebhook } from '../core/webhook/webhook';

const CLIENT: HttpClientOptions = {
	peer: {
		name: 'the webhook',
		address: 'URL of the credential',
		trust:
			'have n8n trust it (NODE_EXTRA_CA_CERTS), or set CA Certificate in the options of the AlertMagic node',
	},
	timeoutMs: 15_000,
	// Only the status is looked at.
	maxBytes: 0,
};

/**
 * Asks a webhook for an answer that changes nothing: a GET without credentials, which AlertMagic ignores.
 *
 * @returns what was found out and what was not
 * @throws IngestError when the address is wrong or nothing answers over TLS
 */
export async function probeWebhook(
	fields: ICredentialDataDecryptedObject,
	client: HttpClient = createHttpClient(CLIENT),
): Promise<string> {
	const webhook = parseWebhook(
		{
			uri: text(fields['url']),
			username: text(fields['username']),
			password: text(fields['password']),
		},
		{ uri: 'URL', username: 'User Name' },
	);
	const { status } = await client.send({ method: 'GET', url: webhook.url.href });
	if (status >= 500) {
		throw new IngestError(
			'delivery-failed',
			`The webhook at ${webhook.host} answers, but with HTTP ${String(status)}.`,
			{ remedy: 'Check whether AlertMagic is available, and try again later.' },
		);
	}
	return `${webhook.host} answers over TLS (HTTP ${String(status)} to a GET). No alert was sent, so user name and password are not checked.`;
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
