import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import { parseAccount } from '../../../nodes/core/account/parse-account';
import type { CredentialFields } from '../../../nodes/core/account/account-fields';
import { ConfigurationError } from '../../../nodes/core/errors';

const TENANT = '8f0c2a52-5c0c-4a4c-9a5e-3c6a3a1f5b11';
const CLIENT = '5d0a3b1e-7c1f-4a55-8d6e-0f6f1b2c3d4e';
const SECRET = 'v~ry+s3cret/value';
const SERVER = { url: 'imaps://mail.example.com', username: 'alerts@example.com' };
const BY_SECRET: CredentialFields = {
	...SERVER,
	authentication: 'clientSecret',
	tenantId: TENANT,
	clientId: CLIENT,
	clientSecret: SECRET,
};
const OAUTH_JSON = {
	GrantType: 'ClientCredentials',
	AuthType: 'OAuth2',
	ClientID: CLIENT,
	Scope: 'https://outlook.office365.com/.default',
	TokenUrl: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
	ClientAuthType: 'SendClientCredentialsInBody',
};
const configured = (json: object | string): CredentialFields => ({
	...SERVER,
	authentication: 'configuration',
	password: SECRET,
	configuration: typeof json === 'string' ? json : JSON.stringify(json),
});
const withoutKey = (key: keyof typeof OAUTH_JSON) =>
	Object.fromEntries(Object.entries(OAUTH_JSON).filter(([name]) => name !== key));

const faultsOf = (fields: CredentialFields) => {
	try {
		parseAccount(fields);
	} catch (error) {
		if (error instanceof ConfigurationError) return error.faults;
		throw error;
	}
	throw new Error('nothing was refused');
};
const credentialsOf = (fields: CredentialFields) => {
	const { login } = parseAccount(fields);
	if (login.kind !== 'clientCredentials') throw new Error('not OAuth2');
	return login.credentials;
};

describe('password login', () => {
	it('takes user name without blanks around it and the password as it is', () => {
		const account = parseAccount({
			...SERVER,
			authentication: 'password',
			username: ' alerts@example.com ',
			password: ' with blanks ',
		});
		expect(account).toEqual({
			host: 'mail.example.com',
			port: 993,
			username: 'alerts@example.com',
			login: { kind: 'password', password: ' with blanks ' },
		});
	});

	it('ignores the fields of other modes', () => {
		const { login } = parseAccount({
			...BY_SECRET,
			authentication: 'password',
			password: 'pw',
			tokenUrl: 'http://nowhere',
			configuration: 'no JSON',
		});
		expect(login).toEqual({ kind: 'password', password: 'pw' });
	});

	it('reports all faults at once', () => {
		const faults = faultsOf({ authentication: 'password', url: 'imap://x', username: ' ' });
		expect(faults.map((fault) => fault.field)).toEqual(['URL', 'User Name', 'Password']);
	});

	it.each([[undefined], ['oauth2'], ['toString']])('refuses the mode %j', (authentication) => {
		expect(faultsOf({ ...SERVER, authentication })[0]).toMatchObject({
			field: 'Authentication',
			remedy:
				'Choose one of password, clientSecret, clientCertificate, workloadIdentity, managedIdentity, googleServiceAccount, configuration.',
		});
	});
});

describe('client secret login', () => {
	it.each([
		['public', 'login.microsoftonline.com', 'https://outlook.office365.com/.default'],
		['usGovernment', 'login.microsoftonline.us', 'https://outlook.office365.us/.default'],
		['china', 'login.partner.microsoftonline.cn', 'https://partner.outlook.cn/.default'],
	])('knows authority and scope of the cloud %s', (cloud, host, scope) => {
		expect(credentialsOf({ ...BY_SECRET, cloud })).toEqual({
			issuer: { kind: 'entra', authority: `https://${host}/${TENANT}` },
			clientId: CLIENT,
			scope,
			proof: { kind: 'secret', secret: SECRET, sendIn: 'body' },
		});
	});

	it('keeps a scope that is given', () => {
		const scope = 'https://outlook-dod.office365.us/.default';
		expect(credentialsOf({ ...BY_SECRET, cloud: 'usGovernment', scope }).scope).toBe(scope);
	});

	it('takes a domain name as tenant', () => {
		const { issuer } = credentialsOf({ ...BY_SECRET, tenantId: 'contoso.onmicrosoft.com' });
		expect(issuer).toMatchObject({
			authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
		});
	});

	it('calls a foreign token URL directly and needs neither tenant nor scope for it', () => {
		const credentials = credentialsOf({
			...SERVER,
			authentication: 'clientSecret',
			clientId: 'my client',
			clientSecret: SECRET,
			tokenUrl: 'https://login.example.com/oauth2/token',
			clientAuthType: 'basicHeader',
		});
		expect(credentials).toEqual({
			issuer: { kind: 'endpoint', tokenUrl: 'https://login.example.com/oauth2/token' },
			clientId: 'my client',
			scope: '',
			proof: { kind: 'secret', secret: SECRET, sendIn: 'basicHeader' },
		});
	});

	it.each([
		[{ tenantId: '' }, 'Directory (Tenant) ID', 'is empty'],
		[{ tenantId: 'common' }, 'Directory (Tenant) ID', 'stands for any tenant'],
		[{ tenantId: 'Organizations' }, 'Directory (Tenant) ID', 'stands for any tenant'],
		[{ tenantId: 'YOUR_TENANT_ID' }, 'Directory (Tenant) ID', 'neither a tenant ID'],
		[{ clientId: ' ' }, 'Application (Client) ID', 'is empty'],
		[{ clientId: 'YOUR_CLIENT_ID' }, 'Application (Client) ID', 'is a GUID'],
		[{ clientSecret: '  ' }, 'Client Secret', 'is empty'],
		[{ cloud: 'germany' }, 'Microsoft Cloud', 'is "germany"'],
		[{ scope: 'IMAP.AccessAsApp' }, 'Scope', 'ends with /.default'],
		[{ scope: 'https://a/.default https://b/.default' }, 'Scope', 'exactly one scope'],
		[{ clientAuthType: 'header' }, 'Client Authentication', 'is "header"'],
		[{ clientSecretExpiresOn: '2027-02-30' }, 'Client Secret Expires On', 'is "2027-02-30"'],
		[{ clientSecretExpiresOn: 'soon' }, 'Client Secret Expires On', 'a date is expected'],
		[{ caCertificate: 'no PEM' }, 'CA Certificate', 'holds no PEM certificate'],
	])('refuses %j', (change, field, problem) => {
		const [fault, ...others] = faultsOf({ ...BY_SECRET, ...change });
		expect(others).toEqual([]);
		expect(fault?.field).toBe(field);
		expect(fault?.message).toContain(problem);
		expect(fault?.remedy).toMatch(/\S/);
	});

	it.each([
		['2027-01-31', '2027-01-31'],
		['2027-01-31T00:00:00', '2027-01-31'],
		['2028-02-29T23:00:00.000Z', '2028-02-29'],
	])('reads the expiry %j as the day chosen', (text, day) => {
		expect(parseAccount({ ...BY_SECRET, clientSecretExpiresOn: text })).toMatchObject({
			clientSecretExpiresOn: day,
		});
	});
});

describe('token URL', () => {
	const issuerOf = (tokenUrl: string) =>
		credentialsOf({ ...BY_SECRET, scope: 'https://x/.default', tokenUrl }).issuer;

	it.each([
		[`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, 'login.microsoftonline.com'],
		[`https://login.microsoftonline.com/${TENANT}/oauth2/token`, 'login.microsoftonline.com'],
		[
			`https://LOGIN.microsoftonline.com:443/${TENANT}/oauth2/v2.0/token/`,
			'login.microsoftonline.com',
		],
		[`https://login.windows.net/${TENANT}/oauth2/v2.0/token`, 'login.microsoftonline.com'],
		[`https://sts.windows.net/${TENANT}/oauth2/v2.0/token`, 'login.microsoftonline.com'],
		[`https://login.usgovcloudapi.net/${TENANT}/oauth2/v2.0/token`, 'login.microsoftonline.us'],
		[
			`https://login.chinacloudapi.cn/${TENANT}/oauth2/v2.0/token`,
			'login.partner.microsoftonline.cn',
		],
	])('of Entra becomes the authority of its tenant: %s', (tokenUrl, host) => {
		expect(issuerOf(tokenUrl)).toEqual({ kind: 'entra', authority: `https://${host}/${TENANT}` });
	});

	it('of the shape of Entra elsewhere stays an ordinary endpoint', () => {
		const tokenUrl = `https://localhost:8443/${TENANT}/oauth2/v2.0/token`;
		expect(issuerOf(tokenUrl)).toEqual({ kind: 'endpoint', tokenUrl });
	});

	it.each([
		['login.microsoftonline.com', 'is no complete URL', 'https://login.microsoftonline.com/'],
		[
			`http://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
			'is not https',
			'Enter https://login',
		],
		['ftp://x.example/token', 'is not https', 'Enter https://x.example/token'],
		['urn:token', 'is not https', 'https://login.microsoftonline.com/'],
		['https://x.example/token#a', 'fragment', 'Enter https://x.example/token.'],
		[
			'https://login.microsoftonline.com/common/oauth2/v2.0/token',
			'any tenant',
			'owns the mailbox',
		],
		[
			'https://login.microsoftonline.com/YOUR_TENANT_ID/oauth2/v2.0/token',
			'YOUR_TENANT_ID',
			'owns the mailbox',
		],
		[
			'https://login.microsoftonline.com/%zz/oauth2/v2.0/token',
			'neither a tenant ID',
			'owns the mailbox',
		],
		[
			`https://login.microsoftonline.com/${TENANT}`,
			'no token endpoint',
			`${TENANT}/oauth2/v2.0/token`,
		],
		['https://login.microsoftonline.com/', 'no token endpoint', '<tenant>/oauth2/v2.0/token'],
		[
			`https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/authorize`,
			'no token endpoint',
			'login.microsoftonline.us',
		],
	])('refuses %s', (tokenUrl, problem, remedy) => {
		const [fault, ...others] = faultsOf({ ...BY_SECRET, tokenUrl });
		expect(others).toEqual([]);
		expect(fault).toMatchObject({ field: 'Token URL' });
		expect(fault?.message).toContain(problem);
		expect(fault?.remedy).toContain(remedy);
	});

	it.each(['https://u:s3cr3t@x.example/token', 'http://x.example/token?key=s3cr3t'])(
		'repeats no secret of %s',
		(tokenUrl) => {
			const text = faultsOf({ ...BY_SECRET, tokenUrl }).map((f) => f.message + (f.remedy ?? ''));
			expect(text.join()).not.toContain('s3cr3t');
		},
	);
});

describe('AlertMagic configuration', () => {
	it('reads a connection with OAuth2, whose password is the client secret', () => {
		expect(credentialsOf(configured({ ...OAUTH_JSON, AlertMagic: { Ingests: [] } }))).toEqual({
			issuer: { kind: 'entra', authority: `https://login.microsoftonline.com/${TENANT}` },
			clientId: CLIENT,
			scope: 'https://outlook.office365.com/.default',
			proof: { kind: 'secret', secret: SECRET, sendIn: 'body' },
		});
	});

	it.each([[''], ['  '], ['{}'], ['{"AlertMagic": {"Ingests": []}}']])(
		'is a password login without OAuth2 in it: %j',
		(json) => {
			expect(parseAccount(configured(json)).login).toEqual({ kind: 'password', password: SECRET });
		},
	);

	it('reads names of values without regard to case', () => {
		const json = { ...OAUTH_JSON, AuthType: 'oauth2', GrantType: 'clientcredentials' };
		expect(credentialsOf(configured(json)).clientId).toBe(CLIENT);
	});

	it.each([
		['SendClientCredentialsInBody', 'body'],
		['SendClientCredentialsInHeader', 'basicHeader'],
		['SendAsBasicAuthHeader', 'basicHeader'],
		['sendclientcredentialsinbody', 'body'],
	])('knows the ClientAuthType %s', (name, sendIn) => {
		const { proof } = credentialsOf(configured({ ...OAUTH_JSON, ClientAuthType: name }));
		expect(proof).toMatchObject({ sendIn });
	});

	it('sends the secret in the body and asks for the scope of the cloud when nothing is said', () => {
		const json = { ...withoutKey('ClientAuthType'), Scope: '' };
		expect(credentialsOf(configured(json))).toMatchObject({
			scope: 'https://outlook.office365.com/.default',
			proof: { sendIn: 'body' },
		});
	});

	it.each([
		[{ ...OAUTH_JSON, GrantType: 'AuthorizationCode' }, 'GrantType', 'is "AuthorizationCode"'],
		[withoutKey('GrantType'), 'GrantType', 'is missing'],
		[{ ...OAUTH_JSON, AuthType: 'Basic' }, 'AuthType', 'is "Basic"'],
		[withoutKey('AuthType'), 'AuthType', 'is missing'],
		[withoutKey('ClientID'), 'ClientID', 'is missing'],
		[{ ...OAUTH_JSON, ClientID: 'YOUR_CLIENT_ID' }, 'ClientID', 'is a GUID'],
		[withoutKey('TokenUrl'), 'TokenUrl', 'is missing'],
		[{ ...OAUTH_JSON, TokenUrl: 'http://x.example/token' }, 'TokenUrl', 'is not https'],
		[{ ...OAUTH_JSON, Scope: 'IMAP' }, 'Scope', 'ends with /.default'],
		[{ ...OAUTH_JSON, ClientAuthType: 'None' }, 'ClientAuthType', 'is "None"'],
		[{ ...OAUTH_JSON, Tenant: 'x' }, 'Tenant', 'is not a known key'],
		['{ "GrantType": ', 'Configuration', 'is not valid JSON (line 1, column'],
	])('refuses %j', (json, field, problem) => {
		const [fault, ...others] = faultsOf(configured(json));
		expect(others).toEqual([]);
		expect(fault?.field).toBe(field);
		expect(fault?.message).toContain(problem);
		expect(fault?.remedy).toMatch(/\S/);
	});

	it('needs the password whatever the JSON says', () => {
		const faults = faultsOf({ ...configured(OAUTH_JSON), password: '' });
		expect(faults).toHaveLength(1);
		expect(faults[0]).toMatchObject({ field: 'Password' });
		expect(faults[0]?.remedy).toContain('client secret');
	});

	it('reports faults of the JSON together with those of the fields', () => {
		const faults = faultsOf({ ...configured('{"X": 1, "Y": 2}'), url: 'imap://x' });
		expect(faults.map((fault) => fault.field)).toEqual(['URL', 'X', 'Y']);
	});

	it('never repeats the secret, whatever else is wrong', () => {
		const json = { ...OAUTH_JSON, AuthType: 'x', ClientID: 'x', TokenUrl: 'x', Scope: 'x' };
		const faults = faultsOf({ ...configured(json), url: 'imap://x', username: '' });
		expect(faults.length).toBeGreaterThan(3);
		expect(inspect(faults, { depth: 10 })).not.toContain(SECRET);
	});
});
