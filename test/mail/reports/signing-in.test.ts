import { afterEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { createTestCa } from '../../support/servers/tls';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

let server: FakeImapServer | undefined;
afterEach(async () => {
	await server?.stop();
	server = undefined;
});

async function signIn(
	script: FakeImapOptions,
	{ user = 'neo', password = 'white-rabbit', trusted = '' } = {},
): Promise<unknown> {
	server = await startFakeImapServer(script);
	const { host, port, ca } = server;
	const account = createMailAccount({
		account: { host, port, username: user, caCertificate: trusted === '' ? ca : trusted },
		signIn: () => Promise.resolve({ user, password }),
		log: SILENT_LOG,
		timeouts: { silence: 5_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	});
	return await account
		.withMailbox('INBOX', ({ state }) => Promise.resolve(state.path))
		.catch((error: unknown) => error);
}

describe('a user name or password with odd characters is sent as it is', () => {
	it.each([
		['quotes and a backslash', 'neo', 'a"b\\c'],
		['blanks', 'neo anderson', ' white rabbit '],
		['umlauts and the euro', 'neo', 'größe €'],
	])('%s', async (_, user, password) => {
		let sent = '';
		const outcome = await signIn(
			{
				capability: 'IMAP4rev1 SASL-IR AUTH=PLAIN',
				answers: {
					AUTHENTICATE: ['+ '],
					CONTINUE: (_line, line) => {
						sent = line;
						return ['TAG OK welcome'];
					},
				},
			},
			{ user, password },
		);
		expect(outcome).toBe('INBOX');
		const [, name, secret] = Buffer.from(sent, 'base64').toString('utf8').split('\0');
		expect([name, secret]).toEqual([user, password]);
	});

	it.each([
		['MATRIX\\neo\\alerts', 'a"b\\c', 'LOGIN "MATRIX\\\\neo\\\\alerts" "a\\"b\\\\c"'],
		['neo@example.com\\alerts', 'white-rabbit', 'LOGIN "neo@example.com\\\\alerts" "white-rabbit"'],
		['neo', ' white rabbit ', 'LOGIN "neo" " white rabbit "'],
	])('without AUTH=PLAIN, too: %s', async (user, password, expected) => {
		let sent = '';
		const answers: FakeImapOptions['answers'] = {
			LOGIN: (_line, line) => {
				sent = line.slice(line.indexOf('LOGIN')).replace(/^LOGIN neo /, 'LOGIN "neo" ');
				return ['TAG OK welcome'];
			},
		};
		expect(await signIn({ capability: 'IMAP4rev1', answers }, { user, password })).toBe('INBOX');
		expect(sent).toBe(expected);
	});
});

describe('a limit', () => {
	it.each<[string, FakeImapOptions]>([
		[
			'of connections, when signing in (Gmail)',
			{ answers: { LOGIN: ['TAG NO [ALERT] Too many simultaneous connections. (Failure)'] } },
		],
		[
			'of connections, instead of a greeting',
			{ greeting: '* BYE Too many connections from your address' },
		],
		[
			'of traffic, in a farewell (Gmail)',
			{
				answers: {
					SELECT: () => {
						setImmediate(() => server?.hangUp());
						return ['* BYE [OVERQUOTA] Account exceeded command or bandwidth limits. f12'];
					},
				},
			},
		],
		[
			'of sign-ins (QQ)',
			{
				answers: {
					LOGIN: [
						'TAG NO Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.',
					],
				},
			},
		],
	])('%s is an outage', async (_, script) => {
		expect(await signIn(script)).toMatchObject({ code: 'throttled', kind: 'unavailable' });
	});
});

it('a certificate that has signed itself is trusted when it is given (Proton Bridge)', async () => {
	const tls = await createTestCa({ selfSigned: true });
	expect(await signIn({ tls }, { trusted: tls.cert })).toBe('INBOX');
	await server?.stop();
	const { ca: another } = await createTestCa({ selfSigned: true });
	expect(await signIn({ tls }, { trusted: another })).toMatchObject({
		code: 'certificate-not-trusted',
	});
});
