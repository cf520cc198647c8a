import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { parseAccount } from '../../../nodes/core/account/parse-account';
import type { Log } from '../../../nodes/core/log';
import { SILENT_LOG } from '../../support/silent-log';
import { CLIENT_INFO } from '../../../nodes/mail/connections/client-info';
import { openConnection } from '../../../nodes/mail/connections/connection';
import { DEFAULT_TIMEOUTS } from '../../../nodes/mail/limits';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { PROJECT_FOLDER } from '../../support/n8n/n8n-package';

const PASSWORD = 'white-rabbit';
let server: FakeImapServer;
afterEach(async () => {
	await server.stop();
});

/** Connects, asks once and leaves; gives what was logged. */
async function connect(script: FakeImapOptions, greetingTimeoutMs?: number): Promise<string[]> {
	server = await startFakeImapServer(script);
	const { host, port, ca } = server;
	const warnings: string[] = [];
	const log: Log = { ...SILENT_LOG, warn: (text) => warnings.push(text) };
	const connection = await openConnection(
		{
			account: {
				host,
				port,
				username: 'neo',
				caCertificate: ca,
				...(greetingTimeoutMs !== undefined && { greetingTimeoutMs }),
			},
			signIn: () => Promise.resolve({ user: 'neo', password: PASSWORD }),
			log,
			timeouts: { logout: 100 },
		},
		undefined,
		0,
	);
	await connection.run(async (client) => {
		await client.noop();
		return true;
	});
	await connection.close();
	return warnings;
}

describe('the ID of a connection (RFC 2971)', () => {
	it('names this package, its version and its page', async () => {
		await connect({
			capability: 'IMAP4rev1 SASL-IR ID',
			answers: { ID: ['* ID ("name" "fake")', 'TAG OK'] },
		});
		const [sent = ''] = server.commands.filter((command) => command.startsWith('ID'));
		for (const text of Object.values(CLIENT_INFO)) expect(sent).toContain(`"${text}"`);
		expect(sent).not.toMatch(/imapflow|postal/iu);
	});

	it('says what package.json says', () => {
		const manifest = JSON.parse(
			readFileSync(path.join(PROJECT_FOLDER, 'package.json'), 'utf8'),
		) as {
			name: string;
			version: string;
			bugs: string;
			author: { name: string };
		};
		expect(CLIENT_INFO).toEqual({
			name: manifest.name,
			version: manifest.version,
			vendor: manifest.author.name,
			'support-url': manifest.bugs,
		});
	});
});

describe('what a server wants people to know (ALERT, RFC 3501, 7.1)', () => {
	it.each<[string, FakeImapOptions]>([
		['in the greeting', { greeting: '* OK [ALERT] Maintenance at noon' }],
		['with the sign-in', { answers: { LOGIN: ['TAG OK [ALERT] Maintenance at noon'] } }],
		['in between', { answers: { NOOP: ['* OK [ALERT] Maintenance at noon', 'TAG OK'] } }],
	])('reaches the log %s', async (_when, script) => {
		expect(await connect({ capability: 'IMAP4rev1', ...script })).toContain(
			'The mail server 127.0.0.1 says: Maintenance at noon',
		);
	});

	it('reaches it without secrets', async () => {
		const NOOP = [`* OK [ALERT] ${PASSWORD} is your password`, 'TAG OK'];
		const warnings = await connect({ answers: { NOOP } });
		expect(warnings.join()).toContain('*** is your password');
	});
});

describe('the greeting', () => {
	it('may take a minute', () => {
		expect(DEFAULT_TIMEOUTS.greeting).toBe(60_000);
	});

	it('is waited for as long as the account says', async () => {
		await expect(connect({ greeting: '' }, 50)).rejects.toMatchObject({ code: 'time-out' });
	});

	const fields = (greetingTimeout: unknown) => ({
		url: 'imaps://mail.example.com',
		authentication: 'password',
		username: 'neo',
		password: PASSWORD,
		greetingTimeout,
	});

	it.each([
		[undefined, undefined],
		['', undefined],
		[5, 5_000],
		[60, 60_000],
	])('is a setting of the account: %s', (seconds, milliseconds) => {
		expect(parseAccount(fields(seconds)).greetingTimeoutMs).toBe(milliseconds);
	});

	it.each([0, 4, 61, 7.5, '30'])('is refused where it is %j', (seconds) => {
		expect(() => parseAccount(fields(seconds))).toThrow(/Greeting Time-Out \(Seconds\) is /);
	});
});
