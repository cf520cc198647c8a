import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PERMIT, PROCESS_HOST } from '../../nodes/auth/host-identity';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { parseAccount } from '../../nodes/core/account/parse-account';
import { SILENT_LOG } from '../support/silent-log';
import { IDENTITY_HEADER, startAzureHost } from '../support/oauth/azure-host';
import type { AzureHost } from '../support/oauth/azure-host';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { servedByEntra } from '../support/oauth/served-by-entra';
import { createTestCa } from '../support/servers/tls';
import { rejectionOf } from './fixtures';

const SERVER = 'outlook.office365.com';
const USER_ASSIGNED = '11111111-2222-4333-8444-555555555555';
const FEDERATED = {
	issuer: 'https://oidc.example.com/cluster/',
	subject: 'system:serviceaccount:automation:n8n',
	audience: 'api://AzureADTokenExchange',
};
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const platformToken = (change: object = {}) => {
	const { issuer: iss, subject: sub, audience: aud } = FEDERATED;
	return `${encode({ alg: 'RS256' })}.${encode({ iss, sub, aud, ...change })}.c2ln`;
};

let entra: EntraStandIn;
let folder: string;
let tokenFile: string;
beforeAll(async () => {
	entra = await startEntra({ tls: await createTestCa(), federated: FEDERATED });
	folder = await mkdtemp(path.join(tmpdir(), 'federated-'));
	tokenFile = path.join(folder, 'token');
});
afterAll(async () => {
	await entra.stop();
	await rm(folder, { recursive: true });
});
beforeEach(() => writeFile(tokenFile, `${platformToken()}\n`));

const url = `imaps://${SERVER}`;
const account = (fields: object) =>
	servedByEntra(parseAccount({ url, username: 'alerts@example.com', ...fields }), entra);
const signIn = (fields: object, environment: Readonly<Record<string, string>>) =>
	createSignIn(
		{ ...account(fields), caCertificate: entra.ca },
		{
			now: Date.now,
			log: SILENT_LOG,
			registry: new TokenRegistry(),
			host: { ...PROCESS_HOST, environment: { [PERMIT]: SERVER, ...environment } },
		},
	).signIn();
const workload = () => ({
	authentication: 'workloadIdentity',
	tenantId: 'contoso.onmicrosoft.com',
	clientId: entra.clientId,
});
const managed = { authentication: 'managedIdentity' };

describe('an application that trusts the platform of n8n', () => {
	const inCluster = () => ({ AZURE_FEDERATED_TOKEN_FILE: tokenFile });

	it('gets a token for the one in the file, which is read anew each time', async () => {
		await expect(signIn(workload(), inCluster())).resolves.toHaveProperty('accessToken');
		await writeFile(tokenFile, platformToken({ jti: 'renewed' }));
		await signIn(workload(), inCluster());
		expect(entra.tokenRequests.at(-1)?.form.get('client_assertion')).toBe(
			platformToken({ jti: 'renewed' }),
		);
	});

	it.each([
		['issuer', { iss: 'https://other.example.com' }, 'AADSTS700211'],
		['audience', { aud: 'api://other' }, 'AADSTS700212'],
		['subject', { sub: 'system:serviceaccount:Automation:n8n' }, 'AADSTS700213'],
	])(
		'is told to look at the federated credential when the %s is another',
		async (_, change, number) => {
			await writeFile(tokenFile, platformToken(change));
			const error = await rejectionOf(signIn(workload(), inCluster()));
			expect(error.message).toMatch(/^No federated credential of the application .* matches/);
			expect(error.message).toContain(number);
			expect(error.remedy).toContain('Federated credentials');
		},
	);

	it.each<[string, string | undefined, RegExp]>([
		['no variable', undefined, /has no environment variable AZURE_FEDERATED_TOKEN_FILE/],
		['no file', '/nonexistent/token', /cannot be read \(ENOENT\)/],
	])('says so when there is %s', async (_, file, message) => {
		const environment = file === undefined ? {} : { AZURE_FEDERATED_TOKEN_FILE: file };
		const error = await rejectionOf(signIn(workload(), environment));
		expect(error.message).toMatch(message);
	});

	it('repeats nothing of a file that holds no token', async () => {
		await writeFile(tokenFile, 'root:x:0:0:secret');
		const error = await rejectionOf(signIn(workload(), inCluster()));
		expect(error.message).toMatch(/holds no token/);
		expect(JSON.stringify([error.message, error.remedy])).not.toContain('secret');
		expect(entra.tokenRequests.at(-1)?.form.get('client_assertion')).not.toContain('secret');
	});

	it('has the token of the platform sent to Microsoft Entra only', () => {
		const fields = { ...workload(), tokenUrl: 'https://evil.example/oauth2/token' };
		expect(() => account(fields)).toThrow(/Token URL is not that of Microsoft Entra/);
	});
});

describe.each(['virtualMachine', 'appService'] as const)(
	'the managed identity of a host: %s',
	(kind) => {
		let azure: AzureHost;
		beforeAll(async () => {
			azure = await startAzureHost(kind, () => entra.issueToken());
		});
		afterAll(() => azure.stop());

		it('gives a token for Exchange Online', async () => {
			const { accessToken } = { accessToken: '', ...(await signIn(managed, azure.environment)) };
			expect(azure.issuedTokens).toContain(accessToken);
			expect(azure.requests.at(-1)?.searchParams.get('resource')).toBe(`https://${SERVER}`);
		});

		it('is the one that the account names', async () => {
			azure.identities.add(USER_ASSIGNED);
			await signIn({ ...managed, clientId: USER_ASSIGNED }, azure.environment);
			expect(azure.requests.at(-1)?.searchParams.get('client_id')).toBe(USER_ASSIGNED);
		});

		it.each([
			['', /has no managed identity of its own/, /system-assigned/],
			[
				'99999999-2222-4333-8444-555555555555',
				/no managed identity with the client ID 9/,
				/Assign/,
			],
		])('is missed by name: "%s"', async (clientId, message, remedy) => {
			azure.identities.clear();
			const error = await rejectionOf(signIn({ ...managed, clientId }, azure.environment));
			azure.identities.add('');
			expect(error).toMatchObject({ code: 'application-unknown' });
			expect(error.message).toMatch(message);
			expect(error.remedy).toMatch(remedy);
		});

		it.each<[number, object | string, string]>([
			[429, 'slow down', 'throttled'],
			[500, { error: 'unknown', error_description: 'later' }, 'token-endpoint-failed'],
			[200, '<html>', 'sign-in-refused'],
		])('that answers with status %i is an error of its kind', async (status, body, code) => {
			azure.answerNext(status, body);
			expect(await rejectionOf(signIn(managed, azure.environment))).toMatchObject({ code });
		});

		it('does not let the secret of the host into an error', async () => {
			const { IDENTITY_HEADER: secret = 'Metadata' } = azure.environment;
			azure.answerNext(403, { error: 'denied', error_description: `no ${secret}` });
			const error = await rejectionOf(signIn(managed, azure.environment));
			expect(`${error.message}${String(error.remedy)}`).not.toContain(IDENTITY_HEADER);
		});
	},
);

describe('an identity of the machine', () => {
	it.each<[string, string]>([
		['no server', ''],
		['another server', 'imap.example.com, outlook.office365.us'],
	])('is not used where the administrator has allowed %s', async (_, servers) => {
		for (const fields of [workload(), managed]) {
			const error = await rejectionOf(signIn(fields, { [PERMIT]: servers }));
			expect(error.message).toMatch(/administrator of this n8n has not allowed/);
			expect(error.remedy).toContain(`${PERMIT}=${SERVER}`);
		}
	});

	it.each([workload, () => managed])('asks for no other token than one for Exchange', (fields) => {
		const other = { ...fields(), scope: 'https://vault.azure.net/.default' };
		expect(() => account(other)).toThrow(/only tokens for Exchange Online/);
	});

	it('is looked for on the machine only', async () => {
		const elsewhere = { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://192.0.2.1' };
		const error = await rejectionOf(signIn(managed, elsewhere));
		expect(error.message).toMatch(/is not on this machine/);
	});

	it('that nobody offers is told of as such', async () => {
		const nobody = { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' };
		const error = await rejectionOf(signIn(managed, nobody));
		expect(error).toMatchObject({ code: 'token-endpoint-failed' });
		expect(error.remedy).toMatch(/only there on Azure/);
	});
});
