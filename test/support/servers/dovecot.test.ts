import { createSign, generateKeyPairSync } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDovecot, type Dovecot } from './dovecot';

const ISSUER = 'https://sts.windows.net/8f0c2a52-5c0c-4a4c-9a5e-3c6a3a1f5b11/';
const ALICE = 'alice@example.com';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

function signToken(claims: Record<string, unknown>) {
	const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const claimed = {
		iss: ISSUER,
		sub: 'application',
		exp: Math.floor(Date.now() / 1000) + 600,
		roles: ['IMAP.AccessAsApp'],
		mail_domain: 'anyone@example.com',
		...claims,
	};
	const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claimed)}`;
	return `${body}.${createSign('sha256').update(body).sign(keys.privateKey, 'base64url')}`;
}

async function logIn(
	server: Dovecot,
	auth: { user: string; pass: string } | { user: string; accessToken: string },
) {
	const { host, port, ca } = server;
	const client = new ImapFlow({ host, port, secure: true, tls: { ca }, auth, logger: false });
	await client.connect();
	const { authenticated } = client;
	await client.logout();
	return authenticated;
}

describe('startDovecot', () => {
	let dovecot: Dovecot;
	beforeAll(async () => {
		dovecot = await startDovecot({
			users: { [ALICE]: 'secret-pw', 'bob@example.com': 'other-pw' },
			oauth: {
				issuer: ISSUER,
				publicKeyPem: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
			},
		});
	});
	afterAll(() => dovecot.stop());

	it('logs in with the right password only', async () => {
		expect(await logIn(dovecot, { user: ALICE, pass: 'secret-pw' })).toBe(true);
		await expect(logIn(dovecot, { user: ALICE, pass: 'wrong' })).rejects.toThrow();
	});

	it('logs in with a token that it can verify', async () => {
		expect(await logIn(dovecot, { user: ALICE, accessToken: signToken({}) })).toBe(true);
	});

	it.each([
		['of another issuer', signToken({ iss: 'https://sts.windows.net/other/' })],
		['that has expired', signToken({ exp: Math.floor(Date.now() / 1000) - 60 })],
		['without the role', signToken({ roles: ['Mail.Read'] })],
		['for another domain', signToken({ mail_domain: 'anyone@example.org' })],
		['whose signature was tampered with', `${signToken({}).slice(0, -8)}AAAAAAAA`],
	])('refuses a token %s', async (_case, accessToken) => {
		await expect(logIn(dovecot, { user: ALICE, accessToken })).rejects.toMatchObject({
			authenticationFailed: true,
		});
	});

	it('keeps a delivered message byte for byte', async () => {
		const raw = Buffer.from(
			'Subject: raw\r\nMessage-ID: <1@example.com>\r\n\r\n\x01 \xff\r\n',
			'latin1',
		);
		const internalDate = new Date('2026-01-02T03:04:05Z');
		const options = { mailbox: 'Alerts/Old', flags: ['\\Seen', 'handled'], internalDate };
		const uid = await dovecot.deliver(ALICE, raw, options);
		expect(await dovecot.list(ALICE, 'Alerts/Old')).toEqual([
			{
				uid,
				flags: ['\\Seen', 'handled'],
				internalDate,
				messageId: '<1@example.com>',
				subject: 'raw',
				source: raw,
			},
		]);
		expect(await dovecot.listMailboxes(ALICE)).toContain('Alerts/Old');
		expect(await dovecot.list('bob@example.com')).toEqual([]);
		expect(await dovecot.list(ALICE, 'No such mailbox')).toEqual([]);
	});

	it('has its mail and its port again after a restart', async () => {
		const before = dovecot.port;
		const uid = await dovecot.deliver('bob@example.com', 'Subject: kept\r\n\r\n\r\n');
		await dovecot.pause();
		await expect(logIn(dovecot, { user: ALICE, pass: 'secret-pw' })).rejects.toThrow(
			/ECONNREFUSED/,
		);
		await dovecot.resume();
		expect(dovecot.port).toBe(before);
		expect((await dovecot.list('bob@example.com')).map((message) => message.uid)).toEqual([uid]);
	});

	it('plays a server with few capabilities', async () => {
		const capability = 'IMAP4rev1 SASL-IR ID ENABLE LITERAL+ NAMESPACE CHILDREN';
		const poor = await startDovecot({ users: { [ALICE]: 'secret-pw' }, capability });
		try {
			const names = await poor.withClient(ALICE, (client) =>
				Promise.resolve([...client.capabilities.keys()]),
			);
			expect(names).toContain('NAMESPACE');
			expect(names).not.toContain('MOVE');
			expect(await poor.deliver(ALICE, 'Subject: poor\r\n\r\n\r\n')).toBe(1);
			expect(await poor.readLog()).toContain('Login: user=<alice@example.com>');
		} finally {
			await poor.stop();
		}
	});
});
