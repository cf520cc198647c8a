import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { PERMIT } from '../../nodes/auth/host-identity';
import { SILENT_LOG } from '../support/silent-log';
import { imapIngestApiTest } from '../../nodes/shell/credential-test';
import { startAzureHost } from '../support/oauth/azure-host';
import type { AzureHost } from '../support/oauth/azure-host';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { startGoogle } from '../support/oauth/google';
import type { GoogleStandIn } from '../support/oauth/google';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { createTestCa } from '../support/servers/tls';

const USER = 'alice@example.com';

let entra: EntraStandIn;
let google: GoogleStandIn;
let azure: AzureHost;
let dovecot: Dovecot;
beforeAll(async () => {
	const tls = await createTestCa();
	entra = await startEntra({ tls });
	// Dovecot takes the tokens of one issuer.
	google = await startGoogle(tls, () => entra.issueToken());
	azure = await startAzureHost('appService', () => entra.issueToken());
	dovecot = await startDovecot({
		tls,
		users: { [USER]: 'unused' },
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
});
afterAll(async () => {
	await Promise.all([entra.stop(), google.stop(), azure.stop(), dovecot.stop()]);
});
afterEach(() => {
	vi.unstubAllEnvs();
	entra.setClaims({});
});

const runTest = async (fields: ICredentialDataDecryptedObject) => {
	const data = {
		url: `imaps://localhost:${String(dovecot.port)}`,
		username: USER,
		caCertificate: entra.ca,
		...fields,
	};
	const credential = { id: '1', name: 'an account', type: 'imapIngestApi', data };
	return await imapIngestApiTest.call({ logger: SILENT_LOG }, credential);
};
const GOOD = `Signed in as ${USER}@localhost; INBOX can be read.`;

describe('the test of an account with a service account of Google', () => {
	const fields = () => ({
		authentication: 'googleServiceAccount',
		serviceAccountKey: google.keyFile,
	});

	it('names the step that is missing, until none is', async () => {
		google.setup.delegated = undefined;
		expect((await runTest(fields())).message).toMatch(/Domain-wide delegation.*client ID 1048/);
		google.setup.delegated = 'https://mail.google.com/';
		expect((await runTest(fields())).message).toMatch(/knows no user alice@example\.com/);
		google.setup.users.push(USER);
		expect(await runTest(fields())).toEqual({ status: 'OK', message: GOOD });
	});
});

describe('the test of an account with a managed identity', () => {
	const fields = { authentication: 'managedIdentity' };
	const onAzure = () => {
		for (const [name, value] of Object.entries(azure.environment)) vi.stubEnv(name, value);
	};

	it('says that the administrator has to allow it', async () => {
		onAzure();
		const { message } = await runTest(fields);
		expect(message).toMatch(/administrator of this n8n has not allowed/);
		expect(azure.requests).toEqual([]);
	});

	it('signs in where that is so', async () => {
		onAzure();
		vi.stubEnv(PERMIT, 'localhost');
		expect(await runTest(fields)).toEqual({ status: 'OK', message: GOOD });
	});

	it('shows the commands that give the identity its role', async () => {
		onAzure();
		vi.stubEnv(PERMIT, 'localhost');
		entra.setClaims({ roles: ['Mail.Read'] });
		const { message } = await runTest(fields);
		expect(message).toContain('has no consent to IMAP.AccessAsApp');
		expect(message).toContain(
			`New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${entra.objectId}`,
		);
	});
});
