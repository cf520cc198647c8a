import { IngestError, wrongSetting } from '../errors';
import { readWholeNumber } from '../whole-number';
import type { WholeNumberRange } from '../whole-number';

/** The decrypted fields of an `imapIngestApi` credential, as n8n hands them over: nothing is known of the values yet. */
export type CredentialFields = Readonly<Record<string, unknown>>;

/** What the screen calls the fields; errors use the same words. */
export const FIELD_LABELS = {
	url: 'URL',
	authentication: 'Authentication',
	username: 'User Name',
	password: 'Password',
	tenantId: 'Directory (Tenant) ID',
	clientId: 'Application (Client) ID',
	serviceAccountKey: 'Service Account Key',
	clientSecret: 'Client Secret',
	certificate: 'Certificate',
	privateKey: 'Private Key',
	cloud: 'Microsoft Cloud',
	scope: 'Scope',
	tokenUrl: 'Token URL',
	clientAuthType: 'Client Authentication',
	clientSecretExpiresOn: 'Client Secret Expires On',
	caCertificate: 'CA Certificate',
	greetingTimeout: 'Greeting Time-Out (Seconds)',
	tlsServerName: 'TLS Server Name',
	proxy: 'Proxy',
	configuration: 'Configuration',
} as const;

export type FieldName = keyof typeof FIELD_LABELS;

/** Reads the fields of one credential and collects every fault instead of stopping at the first. */
export class AccountFields {
	readonly faults: IngestError[] = [];

	constructor(private readonly fields: CredentialFields) {}

	/** The text of a field exactly as entered, empty when there is none. Passwords are read this way. */
	text(name: FieldName): string {
		const value = this.fields[name] ?? '';
		if (typeof value === 'string') return value;
		this.fault(name, `is a ${typeof value}, a text is expected`, 'Enter it as text.');
		return '';
	}

	/** The text of a field without the blanks around it, which nobody sees on the screen. */
	trimmed(name: FieldName): string {
		return this.text(name).trim();
	}

	/** Like `trimmed`, and a fault when nothing is left. */
	required(name: FieldName, remedy: string): string {
		const value = this.trimmed(name);
		if (value === '') this.fault(name, 'is empty', remedy);
		return value;
	}

	/** Like `text`, and a fault when nothing or only blanks were entered. */
	secret(name: FieldName, remedy: string): string {
		const value = this.text(name);
		if (value.trim() === '') this.fault(name, 'is empty', remedy);
		return value;
	}

	/** A whole number of a range, or undefined where nothing was entered. */
	wholeNumber(name: FieldName, range: WholeNumberRange): number | undefined {
		const value = this.fields[name] ?? '';
		if (value === '') return undefined;
		try {
			return readWholeNumber(value, FIELD_LABELS[name], range);
		} catch (error) {
			if (!(error instanceof IngestError)) throw error;
			this.faults.push(error);
			return undefined;
		}
	}

	/** Adds a fault of a field, e.g. `fault('url', 'is empty', 'Enter ...')`; there is no value then. Never pass a secret. */
	fault(name: FieldName, problem: string, remedy: string): undefined {
		return this.faultOf(FIELD_LABELS[name], problem, remedy);
	}

	/** Adds a fault of something the user knows under `label`, e.g. a key inside the configuration JSON. */
	faultOf(label: string, problem: string, remedy: string): undefined {
		this.faults.push(wrongSetting(label, problem, remedy));
		return undefined;
	}
}
