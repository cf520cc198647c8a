/*
 * The fields of a credential become an account. parse-account.ts reads them all (account-fields.ts collects the faults)
 * and asks for the URL (account-url.ts) and the way of signing in: client-credentials.ts, certificates.ts,
 * service-account.ts, or configuration-login.ts for AlertMagic's own.
 */
import type { Account, Login } from './account';
import { assertNoFaults } from '../errors';
import { AccountFields } from './account-fields';
import type { CredentialFields } from './account-fields';
import { readAccountUrl, toHost } from './account-url';
import { certificateExpiry, readCaCertificate, readCertificateProof } from './certificates';
import { readClientCredentials, readManagedIdentity, readSendIn } from './client-credentials';
import { readConfigurationLogin } from './configuration-login';
import { readProxyUrl } from './proxy-url';
import { readServiceAccount } from './service-account';

/** The longest wait for a server's greeting; the form shows the same. */
export const GREETING_TIMEOUT = { min: 5, max: 60, unit: 'seconds' } as const;

/**
 * Reads the decrypted fields of an `imapIngestApi` credential. Fields of another authentication mode are ignored. Blanks around a
 * value are ignored except in passwords and client secrets.
 *
 * @throws ConfigurationError with all faults, in the words of the screen or the JSON
 */
export function parseAccount(fields: CredentialFields): Account {
	const reader = new AccountFields(fields);
	const server = readAccountUrl(reader);
	const username = reader.required(
		'username',
		'Enter the user name, usually the e-mail address of the mailbox.',
	);
	const login = readLogin(reader);
	const caCertificate = readCaCertificate(reader);
	const { tlsServerName, proxy } = showsHost(login) ? {} : readWay(reader);
	const clientSecretExpiresOn = readExpiryDate(reader);
	const certificateExpiresOn = certificateExpiry(login);
	const greetingSeconds = reader.wholeNumber('greetingTimeout', GREETING_TIMEOUT);
	assertNoFaults(reader.faults);
	if (server === undefined || login === undefined) {
		throw new Error('A setting of the account was refused without saying why.');
	}
	return {
		...server,
		username,
		login,
		...(caCertificate !== undefined && { caCertificate }),
		...(greetingSeconds !== undefined && { greetingTimeoutMs: greetingSeconds * 1000 }),
		...(tlsServerName !== undefined && { tlsServerName }),
		...(proxy !== undefined && { proxy }),
		...(clientSecretExpiresOn !== undefined && { clientSecretExpiresOn }),
		...(certificateExpiresOn !== undefined && { certificateExpiresOn }),
	};
}

const LOGIN_READERS: Readonly<Record<string, (fields: AccountFields) => Login | undefined>> = {
	password: (fields) => ({
		kind: 'password',
		password: fields.secret(
			'password',
			'Enter the password of the mailbox; many providers want an app password.',
		),
	}),
	clientSecret: (fields) => {
		const secret = fields.secret(
			'clientSecret',
			'Enter the value of a client secret of the app registration (not its ID).',
		);
		const proof = { kind: 'secret', secret, sendIn: readSendIn(fields) } as const;
		return toLogin(readClientCredentials(fields, proof));
	},
	clientCertificate: (fields) =>
		toLogin(readClientCredentials(fields, readCertificateProof(fields))),
	workloadIdentity: (fields) => toLogin(readClientCredentials(fields, { kind: 'tokenFile' })),
	managedIdentity: (fields) => toLogin(readManagedIdentity(fields)),
	googleServiceAccount: (fields) => toLogin(readServiceAccount(fields)),
	configuration: readConfigurationLogin,
};

function readLogin(fields: AccountFields): Login | undefined {
	const mode = fields.trimmed('authentication');
	const names = Object.keys(LOGIN_READERS);
	const read = names.includes(mode) ? LOGIN_READERS[mode] : undefined;
	if (read === undefined) {
		fields.fault('authentication', `is "${mode}"`, `Choose one of ${names.join(', ')}.`);
	}
	return read?.(fields);
}

function toLogin(credentials: ReturnType<typeof readClientCredentials>): Login | undefined {
	return credentials && { kind: 'clientCredentials', credentials };
}

/** The administrator says to which servers the identity of the machine is shown: nobody else leads it another way. */
function showsHost(login: Login | undefined): boolean {
	if (login?.kind !== 'clientCredentials') return false;
	return ['tokenFile', 'host'].includes(login.credentials.proof.kind);
}

/** Under what name and through what the server is reached. */
function readWay(fields: AccountFields): {
	readonly tlsServerName?: string | undefined;
	readonly proxy?: string | undefined;
} {
	return { tlsServerName: readTlsServerName(fields), proxy: readProxyUrl(fields) };
}

function readTlsServerName(fields: AccountFields): string | undefined {
	const text = fields.trimmed('tlsServerName');
	if (text === '') return undefined;
	const isAlone = !/[/\\?#@\s]/u.test(text);
	const name = isAlone ? toHost(text.includes(':') ? `[${text}]` : text) : undefined;
	if (name !== undefined) return name;
	return fields.fault(
		'tlsServerName',
		`is "${text}", which is neither a host name nor an IP address`,
		'Enter the name that the certificate is made out to, such as mail.example.com or 127.0.0.1.',
	);
}

/** n8n's date field gives an ISO date with a time; the day is what the user chose. */
function readExpiryDate(fields: AccountFields): string | undefined {
	const text = fields.trimmed('clientSecretExpiresOn');
	if (text === '') return undefined;
	const day = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text)?.[1];
	const date = new Date(`${day ?? ''}T00:00:00Z`);
	// A day that the month does not have is moved by Date to the next month.
	if (day !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)) {
		return day;
	}
	return fields.fault(
		'clientSecretExpiresOn',
		`is "${text}", a date is expected`,
		'Enter it like 2027-01-31.',
	);
}
