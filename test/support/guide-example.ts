import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string =>
	readFileSync(join(__dirname, '..', 'fixtures', 'guide', name), 'utf8');

/** The mail of the AlertMagic guide, as it comes over the wire. */
export const GUIDE_MAIL = read('alert.eml').replace(/\r?\n/g, '\r\n');

/** The configuration of the AlertMagic guide, letter for letter (with OAuth2). */
export const GUIDE_CONFIGURATION = read('configuration.json');

/** The payload that the guide says is posted. */
export const GUIDE_PAYLOAD: unknown = JSON.parse(read('payload.json'));

/** What an application asks for to use IMAP in Exchange Online. */
const SCOPE = 'https://outlook.office365.com/.default';

/** The OAuth2 part of the guide's configuration, for another application. */
export function guideOAuth(application: { readonly clientId: string; readonly tokenUrl: string }) {
	return {
		GrantType: 'ClientCredentials',
		AuthType: 'OAuth2',
		ClientID: application.clientId,
		Scope: SCOPE,
		TokenUrl: application.tokenUrl,
		ClientAuthType: 'SendClientCredentialsInBody',
	};
}

/** The guide's configuration with the rule's destination pointed elsewhere, and without OAuth2 unless it is wanted. */
export function guideConfiguration(options: {
	readonly uri: string;
	readonly oauth?: object;
}): string {
	const { AlertMagic } = JSON.parse(GUIDE_CONFIGURATION) as {
		AlertMagic: { Ingests: Array<Record<string, unknown>> };
	};
	const ingests = AlertMagic.Ingests.map((ingest) => ({ ...ingest, Uri: options.uri }));
	return JSON.stringify({ ...options.oauth, AlertMagic: { Ingests: ingests } }, null, 2);
}
