import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readTokenClaims } from '../../nodes/auth/access-token';
import { createHttpClient } from '../../nodes/net/https';
import { createSignIn } from '../../nodes/auth/sign-in';
import type { SignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import type { Account } from '../../nodes/core/account/account';
import { IngestError } from '../../nodes/core/errors';
import type { IngestErrorCode } from '../../nodes/core/errors';
import { SILENT_LOG } from '../support/silent-log';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { createTestCa } from '../support/servers/tls';
import { SECRET, toEndpointCredentials, toEntraCredentials } from './fixtures';

const REFUSED = new IngestError('sign-in-refused', 'AUTHENTICATE failed.', { remedy: 'Look.' });

let entra: EntraStandIn;
beforeAll(async () => {
	entra = await startEntra({ tls: await createTestCa(), secret: SECRET });
});
afterAll(() => entra.stop());
beforeEach(() => {
	entra.setClaims({});
	entra.tokenRequests.length = 0;
});

const open = (username = "o'neil@example.com", toCredentials = toEntraCredentials): SignIn => {
	const account: Account = {
		host: 'outlook.office365.com',
		port: 993,
		username,
		login: { kind: 'clientCredentials', credentials: toCredentials(entra) },
	};
	return createSignIn(account, {
		now: Date.now,
		log: SILENT_LOG,
		http: createHttpClient({ caCertificate: entra.ca }),
		registry: new TokenRegistry(),
	});
};
const explain = async (claims: Record<string, unknown>, signIn = open()) => {
	entra.setClaims(claims);
	await signIn.signIn();
	return await signIn.explainRefusal(REFUSED);
};

describe('a refused token', () => {
	it('with role and audience in order lacks a permission in Exchange, which is spelled out', async () => {
		const error = await explain({});
		expect(error).toMatchObject({ code: 'mailbox-permission-missing', cause: REFUSED });
		expect(error.message).toContain(entra.objectId);
		expect(error.remedy?.split('\n')).toEqual(
			expect.arrayContaining([
				`New-ServicePrincipal -AppId ${entra.clientId} -ObjectId ${entra.objectId}`,
				`Add-MailboxPermission -Identity 'o''neil@example.com' -User ${entra.objectId} -AccessRights FullAccess`,
			]),
		);
	});

	it.each([
		['no roles', { roles: undefined }, 'in its token: none'],
		['other roles', { roles: ['POP.AccessAsApp', 'Mail.Read'] }, 'POP.AccessAsApp, Mail.Read'],
	])('with %s lacks consent', async (_case, claims, words) => {
		const error = await explain(claims);
		expect(error.code).toBe('consent-missing');
		expect(error.message).toContain(words);
		expect(error.remedy).toContain(
			`https://${entra.host}/${entra.tenantId}/adminconsent?client_id=${entra.clientId}`,
		);
	});

	it.each(['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'])(
		'for the audience %s has the wrong scope',
		async (aud) => {
			const error = await explain({ aud });
			expect(error).toMatchObject({ code: 'scope-refused', field: 'Scope' });
			expect(error.message).toContain(aud);
			expect(error.remedy).toContain('or leave Scope empty');
		},
	);

	it('for another audience needs a Scope where the token endpoint is not known as Entra', async () => {
		const signIn = open('alerts@example.com', toEndpointCredentials);
		const { remedy } = await explain({ aud: 'https://graph.microsoft.com' }, signIn);
		expect(remedy).toBe('Enter https://outlook.office365.com/.default as Scope.');
	});

	it.each([
		'https://outlook.office365.com/',
		'https://outlook.office.com',
		'https://partner.outlook.cn',
		'00000002-0000-0ff1-ce00-000000000000',
	])('for the audience %s is for Exchange', async (aud) => {
		expect(await explain({ aud })).toMatchObject({ code: 'mailbox-permission-missing' });
	});

	it('is explained also when its endpoint was called directly', async () => {
		const signIn = open('alerts@example.com', toEndpointCredentials);
		expect(await explain({ roles: [] }, signIn)).toMatchObject({ code: 'consent-missing' });
	});

	it.each([{ oid: undefined }, { aud: undefined }])(
		'that is none of Entra keeps the words of the mail server: %j',
		async (claims) => {
			const error = await explain(claims);
			expect(error.code).toBe('sign-in-refused');
			expect(error.message).toContain('AUTHENTICATE failed.');
		},
	);

	it('is replaced on the next attempt, since a consent may have come meanwhile', async () => {
		const signIn = open();
		await signIn.signIn();
		await signIn.signIn();
		expect(entra.tokenRequests).toHaveLength(1);
		await signIn.explainRefusal(REFUSED);
		await signIn.signIn();
		expect(entra.tokenRequests).toHaveLength(2);
	});

	it.each<IngestErrorCode>(['imap-disabled', 'mailbox-not-connected', 'time-out', 'throttled'])(
		'is not blamed for %s',
		async (code) => {
			const signIn = open();
			await signIn.signIn();
			const error = new IngestError(code, 'other');
			expect(await signIn.explainRefusal(error)).toBe(error);
		},
	);

	it('never shows up in the explanation', async () => {
		const signIn = open();
		const data = await signIn.signIn();
		const token = 'accessToken' in data ? data.accessToken : '';
		const error = await signIn.explainRefusal(REFUSED);
		expect(token).not.toBe('');
		expect(`${error.message}${error.remedy ?? ''}`).not.toContain(token.split('.')[1]);
	});
});

describe('createSignIn', () => {
	const account: Account = {
		host: 'mail.example.com',
		port: 993,
		username: 'alerts@example.com',
		login: { kind: 'password', password: 'pw' },
	};

	it('hands a password over and has nothing to add to its refusal', async () => {
		const signIn = createSignIn(account, { now: Date.now, log: SILENT_LOG });
		expect(await signIn.signIn()).toEqual({ user: 'alerts@example.com', password: 'pw' });
		expect(await signIn.explainRefusal(REFUSED)).toBe(REFUSED);
	});

	it('trusts the CA certificate of the account at the token endpoint too', async () => {
		const login = { kind: 'clientCredentials', credentials: toEntraCredentials(entra) } as const;
		const registry = new TokenRegistry();
		const options = { now: Date.now, log: SILENT_LOG, registry };
		const untrusting = createSignIn({ ...account, login }, options);
		await expect(untrusting.signIn()).rejects.toMatchObject({ code: 'certificate-not-trusted' });
		const trusting = createSignIn({ ...account, login, caCertificate: entra.ca }, options);
		await expect(trusting.signIn()).resolves.toHaveProperty('accessToken');
	});
});

describe('readTokenClaims', () => {
	it.each(['opaque', 'a.b', 'a.!!!.c', `a.${Buffer.from('[1]').toString('base64url')}.c`, ''])(
		'knows nothing of %j',
		(token) => {
			expect(readTokenClaims(token)).toBeUndefined();
		},
	);

	it('reads the application of both token versions', () => {
		const jwt = (claims: object) =>
			`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
		expect(readTokenClaims(jwt({ appid: 'one' }))).toMatchObject({ applicationId: 'one' });
		expect(readTokenClaims(jwt({ azp: 'two', roles: ['a', 1] }))).toEqual({
			applicationId: 'two',
			roles: ['a'],
		});
	});
});
