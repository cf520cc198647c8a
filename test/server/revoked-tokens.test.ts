import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { parseAccount } from '../../nodes/core/account/parse-account';
import { SILENT_LOG } from '../support/silent-log';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { openImapGate, type ImapGate } from '../chaos/gate/imap-gate';
import { startDovecot, type Dovecot } from '../support/servers/dovecot';
import { startEntra, type EntraStandIn } from '../support/oauth/entra';
import { guideOAuth } from '../support/guide-example';
import { startIntrospection, type Introspection } from '../support/oauth/introspection';
import { openSharedAccount } from '../support/imap/shared-account';
import { createTestCa, type TestCa } from '../support/servers/tls';

const USER = 'neo@example.com';
const PASSWORD = 'white-rabbit';
const SECRET = 'client-secret-of-neo';
const MINUTE_MS = 60_000;
/** How the session ends, at whatever the client sends next. */
const SESSION_DIES = { at: /./, count: 1, when: 'before', act: 'expire' } as const;

let tls: TestCa;
let entra: EntraStandIn;
let authority: Introspection;
let dovecot: Dovecot;
let gate: ImapGate;
let registry: ConnectionRegistry;
let now: number;

beforeAll(async () => {
	tls = await createTestCa();
	entra = await startEntra({ tls, secret: SECRET });
});
afterAll(() => entra.stop());
beforeEach(async () => {
	now = Date.now();
	authority = await startIntrospection('example.com');
	const { issuer, publicKeyPem } = entra;
	dovecot = await startDovecot({
		tls,
		users: { [USER]: PASSWORD },
		oauth: { issuer, publicKeyPem, introspectionUrl: authority.url },
	});
	gate = await openImapGate({ port: dovecot.port, tls });
	registry = new ConnectionRegistry({ now: () => now, random: () => 0.5 });
	entra.tokenRequests.length = 0;
});
afterEach(async () => {
	await registry.closeIdle();
	await gate.stop();
	await dovecot.stop();
	await authority.stop();
});

/** A trigger's view of the account: as it is opened for one poll after the other. */
function openAccount() {
	const account = parseAccount({
		url: `imaps://localhost:${String(gate.port)}`,
		authentication: 'configuration',
		username: USER,
		password: SECRET,
		configuration: JSON.stringify(guideOAuth(entra)),
		caCertificate: tls.ca,
	});
	const { signIn, explainRefusal } = createSignIn(account, {
		now: () => now,
		log: SILENT_LOG,
		registry: new TokenRegistry(),
	});
	const server = { host: 'localhost', port: gate.port, ca: tls.ca };
	const options = { registry, username: USER, login: account.login, signIn, explainRefusal };
	const mailbox = openSharedAccount(server, { ...options, timeouts: {} });
	return () => mailbox.withMailbox('INBOX', (open) => open.uidsAfter(0));
}

const distinct = (tokens: readonly string[]) => [...new Set(tokens)];

describe('a session whose token is revoked', () => {
	it('is reopened with a fresh token, in the same poll, and the old one is not shown again', async () => {
		const look = openAccount();
		expect(await look()).toEqual([]);
		const uid = await dovecot.deliver(USER, 'Subject: meanwhile\r\n\r\n\r\n');
		authority.revokeAll();
		gate.plan(SESSION_DIES, () => undefined);

		expect(await look()).toEqual([uid]);

		expect(authority.asked).toHaveLength(2);
		expect(distinct(authority.asked)).toHaveLength(2);
		expect(entra.tokenRequests).toHaveLength(2);
	});

	it('is reopened with a fresh token also when the server has not said why it ended', async () => {
		const look = openAccount();
		await look();
		const [old] = authority.asked;
		authority.revokeAll();
		gate.cut();

		expect(await look()).toEqual([]);

		expect(authority.asked.filter((token) => token === old)).toHaveLength(2);
		expect(distinct(authority.asked)).toHaveLength(2);
		expect(entra.tokenRequests).toHaveLength(2);
	});
});

describe('an account for which no token is good any more', () => {
	it('is not hammered, neither the mail server nor the token endpoint', async () => {
		const look = openAccount();
		await look();
		authority.revokeForGood();
		gate.cut();

		for (let poll = 0; poll < 120; poll += 1) {
			await expect(look()).rejects.toMatchObject({ kind: 'signIn' });
			now += MINUTE_MS;
		}

		// Two hours of polls: at once with the kept token and a fresh one, then after half a minute, one, two ... thirty.
		expect(authority.asked.length).toBeLessThan(15);
		expect(entra.tokenRequests.length).toBeLessThan(15);
	});
});
