import type { Login } from './account';
import { parseConfiguration } from '../rules/json/alertmagic';
import type { OAuthSettings } from '../rules/json/alertmagic';
import { ConfigurationError, IngestError } from '../errors';
import type { AccountFields } from './account-fields';
import { toClientCredentials } from './client-credentials';
import { readTokenUrl } from './token-url';

/**
 * Where AlertMagic sends client ID and secret. AlertMagic's guide names only the first; the others are the names that the same
 * choice has in other .NET and API tools. It only counts outside Entra, which takes both and gets the body from MSAL.
 */
const SEND_IN: Readonly<Record<string, 'body' | 'basicHeader'>> = {
	SendClientCredentialsInBody: 'body',
	SendClientCredentialsInHeader: 'basicHeader',
	SendAsBasicAuthHeader: 'basicHeader',
};

/**
 * Reads the login of an AlertMagic connection as it stands: with OAuth2 in the JSON the Password field is the client secret,
 * without it the password of the mailbox. Names of values are compared without regard to case, as .NET does.
 */
export function readConfigurationLogin(fields: AccountFields): Login | undefined {
	const oauth = readOAuthSettings(fields);
	if (oauth === undefined) return undefined;
	const given = Object.keys(oauth).length > 0;
	const password = fields.secret(
		'password',
		given
			? 'The JSON says OAuth2: enter the client secret of the application.'
			: 'Enter the password of the mailbox; many providers want an app password.',
	);
	if (!given) return { kind: 'password', password };
	refuseOtherGrants(fields, oauth);
	const sendIn = readClientAuthType(fields, oauth.clientAuthType);
	const clientId = requireKey(fields, 'ClientID', oauth.clientId);
	const tokenUrl = requireKey(fields, 'TokenUrl', oauth.tokenUrl);
	if (tokenUrl === '') return undefined;
	const read = readTokenUrl(fields, 'TokenUrl', tokenUrl);
	if (read === undefined) return undefined;
	return {
		kind: 'clientCredentials',
		credentials: toClientCredentials(fields, {
			read,
			proof: { kind: 'secret', secret: password, sendIn },
			client: { label: 'ClientID', id: clientId },
			scope: { label: 'Scope', text: oauth.scope ?? '' },
		}),
	};
}

/** The OAuth2 keys of the JSON; its faults join those of the other fields. */
function readOAuthSettings(fields: AccountFields): OAuthSettings | undefined {
	try {
		return parseConfiguration(fields.text('configuration')).oauth;
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		fields.faults.push(...(error instanceof ConfigurationError ? error.faults : [error]));
		return undefined;
	}
}

function refuseOtherGrants(fields: AccountFields, oauth: OAuthSettings): void {
	// Without this, a forgotten AuthType would send the client secret to the mail server as a password.
	requireValue(fields, 'AuthType', oauth.authType, 'OAuth2');
	requireValue(fields, 'GrantType', oauth.grantType, 'ClientCredentials');
}

function requireValue(
	fields: AccountFields,
	key: string,
	value: string | undefined,
	only: string,
): void {
	if (value?.toLowerCase() === only.toLowerCase()) return;
	const problem = value === undefined ? 'is missing beside the OAuth2 settings' : `is "${value}"`;
	fields.faultOf(
		key,
		`${problem}, only "${only}" is supported`,
		`Write "${key}": "${only}"; for a login with user name and password remove GrantType, AuthType, ClientID, Scope, TokenUrl and ClientAuthType.`,
	);
}

function requireKey(fields: AccountFields, key: string, value: string | undefined): string {
	if (value === undefined) {
		fields.faultOf(
			key,
			'is missing in the Configuration',
			`Add "${key}": "..." beside "AuthType".`,
		);
	}
	return value ?? '';
}

function readClientAuthType(
	fields: AccountFields,
	value: string | undefined,
): 'body' | 'basicHeader' {
	if (value === undefined) return 'body';
	const names = Object.keys(SEND_IN);
	const name = names.find((known) => known.toLowerCase() === value.toLowerCase());
	if (name === undefined) {
		fields.faultOf('ClientAuthType', `is "${value}"`, `Write one of ${names.join(', ')}.`);
	}
	return SEND_IN[name ?? ''] ?? 'body';
}
