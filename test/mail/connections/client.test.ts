import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IngestError } from '../../../nodes/core/errors';
import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { verifyLogin } from '../../support/imap/verify-login';
import type { SessionOptions } from '../../../nodes/mail/connections/client';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

let tls: TestCa;
let otherTls: TestCa;
let foreignName: TestCa;
const running: FakeImapServer[] = [];

beforeAll(async () => {
	[tls, otherTls, foreignName] = await Promise.all([
		createTestCa(),
		createTestCa(),
		createTestCa({ hosts: ['mail.example.com'] }),
	]);
});
afterEach(async () => {
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(options: FakeImapOptions = {}) {
	const server = await startFakeImapServer({ tls, ...options });
	running.push(server);
	return server;
}

const toOptions = (
	server: Pick<FakeImapServer, 'host' | 'port' | 'ca'>,
	more: Partial<SessionOptions> = {},
): SessionOptions => ({
	account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
	signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
	log: SILENT_LOG,
	timeouts: { connect: 5_000, greeting: 300, silence: 300, logout: 100 },
	shared: OWN_CONNECTIONS,
	...more,
});
const withToken: Partial<SessionOptions> = {
	signIn: () => Promise.resolve({ user: 'neo', accessToken: 'top-secret-token' }),
};
const OAUTH = 'IMAP4rev1 SASL-IR AUTH=XOAUTH2 MOVE UIDPLUS';

describe('the credential test', () => {
	it('signs in, opens INBOX for reading and takes its leave', async () => {
		const server = await start();

		await verifyLogin(toOptions(server));

		expect(server.commands).toContain('EXAMINE INBOX');
		expect(server.commands.at(-1)).toBe('LOGOUT');
		expect(server.commands.some((command) => command.startsWith('SELECT'))).toBe(false);
	});

	const rows: ReadonlyArray<[string, FakeImapOptions, Partial<SessionOptions>, string]> = [
		['a wrong password', { answers: { LOGIN: ['TAG NO LOGIN failed.'] } }, {}, 'password-rejected'],
		[
			'a login that must not be tried',
			{ capability: 'IMAP4rev1 LOGINDISABLED' },
			{},
			'sign-in-not-offered',
		],
		['a token where none can be shown', {}, withToken, 'sign-in-not-offered'],
		[
			'an unconnected mailbox',
			{ answers: { NAMESPACE: ['TAG BAD User is authenticated but not connected.'] } },
			{},
			'mailbox-not-connected',
		],
		[
			'a throttled login',
			{
				answers: {
					LOGIN: ['TAG BAD Request is throttled. Suggested Backoff Time: 20 milliseconds'],
				},
			},
			{},
			'throttled',
		],
		[
			'too many connections in the greeting',
			{ greeting: '* BYE Too many connections' },
			{},
			'throttled',
		],
		[
			'no INBOX',
			{ answers: { EXAMINE: ['TAG NO no such mailbox'], LIST: ['TAG OK'] } },
			{},
			'mailbox-missing',
		],
		['a server that says nothing', { greeting: '' }, {}, 'time-out'],
		['a server that falls silent', { answers: { LOGIN: 'silence' } }, {}, 'time-out'],
		['a reset', { answers: { LOGIN: 'reset' } }, {}, 'connection-lost'],
		['an end', { answers: { LOGIN: 'end' } }, {}, 'connection-lost'],
		[
			'a mailbox without UIDVALIDITY',
			{ answers: { EXAMINE: ['* 0 EXISTS', 'TAG OK'] } },
			{},
			'refused-by-server',
		],
	];

	it.each(rows)('tells %s', async (_name, script, more, code) => {
		const server = await start(script);

		await expect(verifyLogin(toOptions(server, more))).rejects.toMatchObject({
			name: 'IngestError',
			code,
		});
	});

	it('keeps the pause a throttling server asks for', async () => {
		const server = await start({
			answers: { LOGIN: ['TAG BAD Request is throttled. Suggested Backoff Time: 20 milliseconds'] },
		});

		await expect(verifyLogin(toOptions(server))).rejects.toMatchObject({ retryAfterMs: 20 });
	});

	it('passes on why no token could be had', async () => {
		const server = await start();
		const refused = new IngestError('client-secret-expired', 'The client secret has expired');

		await expect(
			verifyLogin(toOptions(server, { signIn: () => Promise.reject(refused) })),
		).rejects.toBe(refused);
		expect(server.commands).toStrictEqual([]);
	});
});

describe('a refused token', () => {
	const refusing: FakeImapOptions = {
		capability: OAUTH,
		answers: { AUTHENTICATE: ['TAG NO AUTHENTICATE failed.'] },
	};

	it('is explained by whoever knows the token', async () => {
		const server = await start(refusing);
		const explained = new IngestError('mailbox-permission-missing', 'No permission');
		const asked: IngestError[] = [];
		const options = toOptions(server, {
			...withToken,
			explainRefusal: (error) => {
				asked.push(error);
				return Promise.resolve(explained);
			},
		});

		await expect(verifyLogin(options)).rejects.toBe(explained);
		expect(asked.map(({ code }) => code)).toStrictEqual(['sign-in-refused']);
	});

	it('is never part of the error', async () => {
		const server = await start({
			...refusing,
			answers: { AUTHENTICATE: ['TAG NO bad token top-secret-token'] },
		});
		const error: unknown = await verifyLogin(toOptions(server, withToken)).catch(
			(failure: unknown) => failure,
		);

		expect(error).toMatchObject({ message: expect.stringContaining('bad token ***') });
		expect(JSON.stringify(error)).not.toContain('top-secret-token');
	});
});

describe('certificates', () => {
	const rows: ReadonlyArray<[string, () => { shown: TestCa; trusted?: string }]> = [
		['no authority is given', () => ({ shown: tls })],
		['another authority is given', () => ({ shown: tls, trusted: otherTls.ca })],
		['the name is another one', () => ({ shown: foreignName, trusted: foreignName.ca })],
	];

	it.each(rows)('are refused when %s', async (_name, toCase) => {
		const { shown, trusted } = toCase();
		const server = await start({ tls: shown });
		const { host, port } = server;
		const account = {
			...{ host, port, username: 'neo' },
			...(trusted !== undefined && { caCertificate: trusted }),
		};

		await expect(verifyLogin(toOptions(server, { account }))).rejects.toMatchObject({
			code: 'certificate-not-trusted',
		});
		expect(server.commands).toStrictEqual([]);
	});
});

describe('the way to the server', () => {
	it('is refused where nothing listens', async () => {
		const server = await start();
		await server.stop();

		await expect(verifyLogin(toOptions(server))).rejects.toMatchObject({
			code: 'connection-refused',
		});
	});
});

describe('an account', () => {
	it('closes the connection when the work fails, and passes the failure on', async () => {
		const server = await start();
		const failure = new Error('no room');

		await expect(
			createMailAccount(toOptions(server)).withMailbox('INBOX', () => Promise.reject(failure)),
		).rejects.toBe(failure);
		expect(server.commands.at(-1)).toBe('LOGOUT');
	});

	it('does not wait for a server that ignores the farewell', async () => {
		const server = await start({ answers: { LOGOUT: 'silence' } });

		await expect(
			createMailAccount(toOptions(server)).withMailbox('INBOX', ({ state }) =>
				Promise.resolve(state.uidNext),
			),
		).resolves.toBe(4);
	});

	it.each([
		['reset', 'connection-lost'],
		['end', 'connection-lost'],
		['silence', 'time-out'],
	] as const)('hears of a %s in the midst of a search', async (answer, code) => {
		const server = await start({ answers: { 'UID SEARCH': answer } });

		await expect(
			createMailAccount(toOptions(server)).withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(0)),
		).rejects.toMatchObject({ code });
	});

	it('reports a refused search in the words of the server', async () => {
		const server = await start({ answers: { 'UID SEARCH': ['TAG NO index is broken'] } });

		await expect(
			createMailAccount(toOptions(server)).withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(0)),
		).rejects.toMatchObject({
			code: 'refused-by-server',
			message: expect.stringContaining('index is broken'),
		});
	});
});
