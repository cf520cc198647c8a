import { createPrivateKey } from 'node:crypto';

import type { ClientCredentials } from './account';
import type { AccountFields } from './account-fields';
import { parseJsonObject } from '../is-record';

/** Scope of Gmail over IMAP (Google "OAuth 2.0 Mechanism": XOAUTH2). */
const GMAIL_SCOPE = 'https://mail.google.com/';
const PASTE =
	'Paste the whole JSON file that Google Cloud gave when the key was made (IAM & Admin > Service Accounts > Keys).';

/** What is needed of a key file, in its own names. */
const KEYS = ['client_email', 'private_key', 'token_uri'] as const;

/** Reads the key file of a Google service account, which signs in as any user of a Workspace that delegated to it. */
export function readServiceAccount(fields: AccountFields): ClientCredentials | undefined {
	const file = readKeyFile(fields);
	if (file === undefined) return undefined;
	const [clientId, keyText, tokenUrl] = KEYS.map((key) => textOf(file, key));
	for (const key of KEYS) {
		if (textOf(file, key) === '') refuse(fields, `has no "${key}"`);
	}
	const privateKey = readKey(fields, keyText);
	const url = readTokenUri(fields, tokenUrl);
	const scope = fields.trimmed('scope');
	if (clientId === undefined || privateKey === undefined || url === undefined) return undefined;
	return {
		issuer: { kind: 'google', tokenUrl: url },
		clientId,
		scope: scope === '' ? GMAIL_SCOPE : scope,
		proof: {
			kind: 'serviceAccount',
			keyId: textOf(file, 'private_key_id'),
			privateKey,
			uniqueId: textOf(file, 'client_id'),
		},
	};
}

type KeyFile = Readonly<Record<string, unknown>>;

function readKeyFile(fields: AccountFields): KeyFile | undefined {
	const text = fields.secret('serviceAccountKey', PASTE);
	if (text.trim() === '') return undefined;
	const file = parseJsonObject(text);
	if (file === undefined) return refuse(fields, 'is no JSON object');
	const type = textOf(file, 'type');
	if (type === 'service_account') return file;
	return refuse(fields, 'is not that of a service account ("type" says something else)');
}

function readKey(fields: AccountFields, text = ''): string | undefined {
	if (text === '') return undefined;
	try {
		const key = createPrivateKey(text);
		if (key.asymmetricKeyType === 'rsa') {
			return key.export({ type: 'pkcs8', format: 'pem' }).toString();
		}
	} catch {
		// What the parser says may quote the key, so it is left out.
	}
	return refuse(fields, 'holds a "private_key" that cannot be used');
}

function readTokenUri(fields: AccountFields, text = ''): string | undefined {
	if (text === '') return undefined;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' && url.username === '' && url.hash === '') return url.href;
	return refuse(fields, 'holds a "token_uri" that is no https address');
}

function textOf(file: KeyFile, key: string): string {
	const value = file[key];
	return typeof value === 'string' ? value : '';
}

function refuse(fields: AccountFields, problem: string): undefined {
	return fields.fault('serviceAccountKey', problem, PASTE);
}
