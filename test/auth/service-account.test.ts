import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { assertMayOpen } from '../../nodes/core/account/users';
import { parseAccount } from '../../nodes/core/account/parse-account';
import { SILENT_LOG } from '../support/silent-log';
import { startGoogle } from '../support/oauth/google';
import type { GoogleSetup, GoogleStandIn } from '../support/oauth/google';
import { createTestCa } from '../support/servers/tls';
import { rejectionOf } from './fixtures';

const NEO = 'neo@workspace.example';
const TRINITY = 'trinity@workspace.example';
const SCOPE = 'https://mail.google.com/';

let google: GoogleStandIn;
let ca: string;
let registry: TokenRegistry;
beforeAll(async () => {
	const tls = await createTestCa();
	({ ca } = tls);
	let tokens = 0;
	google = await startGoogle(tls, () => `ya29.${String((tokens += 1))}`);
});
afterAll(() => google.stop());
beforeEach(() => {
	registry = new TokenRegistry();
	const asItShouldBe = { keyExists: true, accountExists: true, delegated: SCOPE };
	Object.assign(google.setup, asItShouldBe, { users: [NEO, TRINITY] });
});

const account = (fields: object = {}) =>
	parseAccount({
		url: 'imaps://imap.gmail.com',
		username: NEO,
		authentication: 'googleServiceAccount',
		serviceAccountKey: google.keyFile,
		...fields,
	});
const signIn = (fields: object = {}, now = Date.now) =>
	createSignIn({ ...account(fields), caCertificate: ca }, { now, log: SILENT_LOG, registry });

describe('a service account of Google', () => {
	it('gets a token as the user, who has one of their own', async () => {
		const first = await signIn().signIn();
		const other = await signIn({ username: TRINITY }).signIn();
		const again = await signIn().signIn();
		expect(google.claims.slice(-2).map(({ sub, scope }) => [sub, scope])).toEqual([
			[NEO, SCOPE],
			[TRINITY, SCOPE],
		]);
		expect(first).toHaveProperty('accessToken');
		expect(other).not.toHaveProperty('accessToken', first);
		expect(again).toEqual({ ...first, kept: true });
	});

	it('may watch the mailboxes of many users', () => {
		expect(() => {
			assertMayOpen([NEO, TRINITY], account());
		}).not.toThrow();
	});

	it.each<[string, Partial<GoogleSetup>, object, string, RegExp, RegExp]>([
		[
			'delegation',
			{ delegated: undefined },
			{},
			'consent-missing',
			/not delegated/,
			/add the client ID 1048.* with the scope https:\/\/mail\.google\.com\//,
		],
		[
			'right scope',
			{ delegated: 'https://www.googleapis.com/auth/gmail.readonly' },
			{},
			'consent-missing',
			/not delegated the scope/,
			/Domain-wide delegation/,
		],
		[
			'scope that Google knows',
			{},
			{ scope: 'mail' },
			'scope-refused',
			/does not know the scope mail/,
			/Leave Scope empty/,
		],
		[
			'such user',
			{},
			{ username: 'smith@workspace.example' },
			'mailbox-permission-missing',
			/knows no user smith@/,
			/primary address/,
		],
		[
			'such key',
			{ keyExists: false },
			{},
			'certificate-rejected',
			/does not know the key/,
			/make a new one/,
		],
		[
			'such account',
			{ accountExists: false },
			{},
			'application-unknown',
			/deleted or disabled/,
			/Enable it/,
		],
	])('names what is missing: no %s', async (_, setup, fields, code, message, remedy) => {
		Object.assign(google.setup, setup);
		const error = await rejectionOf(signIn(fields).signIn());
		expect(error).toMatchObject({ code });
		expect(error.message).toMatch(message);
		expect(error.remedy).toMatch(remedy);
	});

	it('names a clock that is wrong', async () => {
		const error = await rejectionOf(signIn({}, () => Date.now() + 7_200_000).signIn());
		expect(error.remedy).toMatch(/clock/);
	});
});

describe('the key of a service account', () => {
	it.each([
		['nothing', '', /is empty/],
		['no JSON', '-----BEGIN PRIVATE KEY-----', /is no JSON object/],
		['another kind of file', '{"type":"authorized_user"}', /not that of a service account/],
		['no key in it', '{"type":"service_account"}', /has no "client_email".*has no "private_key"/],
	])('is refused when it is %s', (_, serviceAccountKey, message) => {
		expect(() => account({ serviceAccountKey })).toThrow(message);
	});

	it.each([
		['private_key', 'MIIsecret', /"private_key" that cannot be used/],
		['token_uri', 'http://localhost/secret', /"token_uri" that is no https address/],
	])('is refused without repeating it when its %s is bad', (key, value, message) => {
		const file = JSON.stringify({ ...(JSON.parse(google.keyFile) as object), [key]: value });
		expect(() => account({ serviceAccountKey: file })).toThrow(message);
		expect(() => account({ serviceAccountKey: file })).toThrow(/^(?!.*secret)/);
	});
});
