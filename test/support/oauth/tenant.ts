import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { startDovecot, type Dovecot } from '../servers/dovecot';
import { startEntra, type EntraOptions, type EntraStandIn } from './entra';
import { createTestCa, type TestCa } from '../servers/tls';

const SECRET = 'client-secret-1';
/** Of each user, for tests in which one signs in without the application. */
export const MAIL_PASSWORD = 'mail-pw';

/** A tenant: an application that signs in to the mailboxes of several users. */
export interface Tenant {
	readonly dovecot: Dovecot;
	readonly entra: EntraStandIn;
	readonly tls: TestCa;
	/** The account of the application, whose own mailbox is that of `username`. */
	account(username: string): ICredentialDataDecryptedObject;
	stop(): Promise<void>;
}

/** Moves alerts; the JSON of its rules. */
export const TENANT_RULES = JSON.stringify([
	{
		Name: 'Knock Knock',
		Filter: { Subject: '^alert' },
		CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
	},
]);

/** Starts a Dovecot for the users and the authority that signs the application in. */
export async function startTenant(
	users: readonly string[],
	options: Pick<EntraOptions, 'lifetimeSeconds'> = {},
): Promise<Tenant> {
	const tls = await createTestCa();
	const entra = await startEntra({ tls, secret: SECRET, ...options });
	const dovecot = await startDovecot({
		tls,
		users: Object.fromEntries(users.map((user) => [user, MAIL_PASSWORD])),
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
	return {
		dovecot,
		entra,
		tls,
		account: (username) => ({
			url: `imaps://127.0.0.1:${String(dovecot.port)}`,
			authentication: 'clientSecret',
			username,
			tenantId: entra.tenantId,
			clientId: entra.clientId,
			clientSecret: SECRET,
			tokenUrl: entra.tokenUrl,
			scope: 'https://outlook.office365.com/.default',
			caCertificate: dovecot.ca,
		}),
		stop: async () => {
			await dovecot.stop();
			await entra.stop();
		},
	};
}
