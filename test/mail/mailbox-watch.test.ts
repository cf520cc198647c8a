import { afterEach, describe, expect, it, vi } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { openMailboxWatch } from '../../nodes/mail/mailbox-watch';
import type { WatchOptions } from '../../nodes/mail/mailbox-watch';
import type { MailboxWatch } from '../../nodes/mail/ports';
import { startFakeImapServer } from '../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer, Reply } from '../support/imap/fake-imap-server';

const PUSHING = 'IMAP4rev1 SASL-IR IDLE MOVE UIDPLUS';
/** Longer than any test runs. */
const LONG_MS = 600_000;
const LIMIT = { timeout: 60_000, interval: 10 };
const NEVER = new AbortController().signal;

const ends: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

const LOGIN = { kind: 'password', password: 'white-rabbit' } as const;

async function start(options: FakeImapOptions): Promise<FakeImapServer> {
	const server = await startFakeImapServer(options);
	ends.push(() => server.stop());
	return server;
}

async function watch(
	server: FakeImapServer,
	options: Partial<WatchOptions> = {},
): Promise<MailboxWatch> {
	const { host, port, ca } = server;
	const opened = await openMailboxWatch({
		account: { host, port, username: 'neo', caCertificate: ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 400, reuse: 200, logout: 200 },
		shared: { registry: new ConnectionRegistry(), login: LOGIN },
		...options,
	});
	ends.push(() => opened.close(0));
	await opened.withMailbox('INBOX', () => Promise.resolve());
	return opened;
}

const isIdling = (server: FakeImapServer) =>
	vi.waitFor(() => {
		expect(server.commands).toContain('IDLE');
	}, LIMIT);

describe('a watched mailbox', () => {
	it('hears of new mail while IDLE runs, and once only', async () => {
		const server = await start({ capability: PUSHING });
		const mailbox = await watch(server);
		expect(mailbox.pushes).toBe(true);
		const news = mailbox.wait(LONG_MS, NEVER);
		await isIdling(server);
		server.say('* 4 EXISTS');
		await news;
		mailbox.caughtUp();
		await mailbox.wait(1, NEVER);
	});

	it('hears of mail that came before it waited', async () => {
		const server = await start({ capability: PUSHING });
		const mailbox = await watch(server);
		await mailbox.withMailbox('INBOX', async (opened) => {
			server.say('* 4 EXISTS');
			await opened.existing([1]);
		});
		await mailbox.wait(LONG_MS, NEVER);
	});

	const shows = (uidNext: number, uidValidity = 7): Reply => [
		'* 3 EXISTS',
		`* OK [UIDVALIDITY ${String(uidValidity)}] ok`,
		`* OK [UIDNEXT ${String(uidNext)}] ok`,
		'TAG OK [READ-WRITE] selected',
	];

	it.each([
		['more', shows(5)],
		['a mailbox that was created anew', shows(2, 8)],
		['one that was put back to a backup', shows(3)],
	])('hears of mail where another opening of the mailbox shows %s', async (_what, second) => {
		const SELECT = { turns: [shows(4), second] };
		const mailbox = await watch(await start({ capability: PUSHING, answers: { SELECT } }));
		await mailbox.withMailbox('INBOX', () => Promise.resolve());
		await mailbox.wait(LONG_MS, NEVER);
	});

	it.each([
		['more', shows(5)],
		['a mailbox that was created anew', shows(2, 8)],
	])('hears of mail where work has to open it again, which shows %s', async (_what, again) => {
		const SELECT = { turns: [shows(4), shows(4), shows(9), again] };
		const mailbox = await watch(await start({ capability: PUSHING, answers: { SELECT } }));
		const work = mailbox.withMailbox('INBOX', async (opened) => {
			await opened.deleteBelow('Done', '7', 1);
			await opened.existing([1]);
		});
		await work.catch(() => undefined);
		await mailbox.wait(LONG_MS, NEVER);
	});

	it('looks again where a message has broken the connection in the midst of work', async () => {
		const SELECT = { turns: [shows(4), shows(4), shows(5)] };
		const answers = { SELECT, 'UID FETCH': { turns: ['end', ['TAG OK']] as const } };
		const server = await start({ capability: PUSHING, answers });
		const mailbox = await watch(server);
		await mailbox.withMailbox('INBOX', async (opened) => {
			mailbox.caughtUp();
			await opened.heads([1, 2, 3]);
		});
		expect(server.connectionCount).toBe(2);
		await mailbox.wait(LONG_MS, NEVER);
	});

	it('does not wait where work that failed has left another mailbox open', async () => {
		const mailbox = await watch(await start({ capability: PUSHING }));
		await expect(
			mailbox.withMailbox('INBOX', async (opened) => {
				await opened.deleteBelow('Done', '7', 1);
				throw new Error('refused');
			}),
		).rejects.toThrow('refused');
		await mailbox.wait(LONG_MS, NEVER);
		expect(mailbox.isOpen).toBe(false);
	});

	it('notices that the other side has fallen silent', async () => {
		const server = await start({ capability: PUSHING, answers: { DONE: 'silence' } });
		const mailbox = await watch(server, { keepAlive: 50 });
		await expect(mailbox.wait(LONG_MS, NEVER)).rejects.toMatchObject({ kind: 'unavailable' });
	});

	it('tells why the server ended the connection', async () => {
		const server = await start({ capability: PUSHING });
		const mailbox = await watch(server);
		const news = mailbox.wait(LONG_MS, NEVER);
		await isIdling(server);
		server.say('* BYE Session invalidated - AccessTokenExpired');
		server.hangUp();
		await expect(news).rejects.toThrow(/AccessTokenExpired/);
		expect(mailbox.isOpen).toBe(false);
	});

	it('says so where the server has no IDLE, and waits without it', async () => {
		const server = await start({});
		const mailbox = await watch(server);
		expect(mailbox.pushes).toBe(false);
		await mailbox.wait(20, NEVER);
		expect(server.commands).not.toContain('IDLE');
	});

	it('gives IDLE up where the server announces and refuses it', async () => {
		const server = await start({ capability: PUSHING, answers: { IDLE: ['TAG NO not today'] } });
		const mailbox = await watch(server);
		const closing = new AbortController();
		const news = mailbox.wait(LONG_MS, closing.signal);
		await vi.waitFor(() => {
			expect(mailbox.pushes).toBe(false);
		}, LIMIT);
		closing.abort();
		await news;
	});

	it.each(['TAG NO not today', 'TAG BAD unknown command'])(
		'is looked at each minute from the first where IDLE is refused: %s',
		async (answer) => {
			const server = await start({ capability: PUSHING, answers: { IDLE: [answer] } });
			const mailbox = await watch(server, { timeouts: { look: 50 } });
			// Else only after ten minutes.
			expect(await mailbox.wait(LONG_MS, NEVER)).toBe(false);
			expect(mailbox.pushes).toBe(false);
		},
	);

	it('goes on with IDLE on a server that ends it to tell of mail', async () => {
		const ending = ['+ idling', '* 4 EXISTS', 'TAG OK news'];
		const server = await start({ capability: PUSHING, answers: { IDLE: ending } });
		const mailbox = await watch(server);
		expect(await mailbox.wait(LONG_MS, NEVER)).toBe(true);
		await mailbox.withMailbox('INBOX', () => Promise.resolve());
		expect(mailbox.pushes).toBe(true);
	});

	it('asks now and then whether the server is there, and begins a new IDLE', async () => {
		const server = await start({ capability: PUSHING });
		const mailbox = await watch(server, { keepAlive: 20 });
		const closing = new AbortController();
		const news = mailbox.wait(LONG_MS, closing.signal);
		await vi.waitFor(() => {
			expect(server.commands.filter((command) => command === 'IDLE').length).toBeGreaterThan(2);
		}, LIMIT);
		closing.abort();
		await news;
	});

	it('is left within the time given though the server says nothing more', async () => {
		const server = await start({ capability: PUSHING, answers: { DONE: 'silence' } });
		const mailbox = await watch(server);
		const closing = new AbortController();
		const news = mailbox.wait(LONG_MS, closing.signal);
		await isIdling(server);
		closing.abort();
		await news;
		await Promise.all([mailbox.close(), mailbox.close()]);
		await vi.waitFor(() => {
			expect(server.openCount).toBe(0);
		}, LIMIT);
	});

	it('takes no connection from the pollers of its account, only one of the process', async () => {
		const server = await start({ capability: PUSHING });
		const registry = new ConnectionRegistry({ limits: { perAccount: 1, inAll: 2 } });
		const mailbox = await watch(server, { shared: { registry, login: LOGIN } });
		expect(registry.size).toBe(1);
		await mailbox.close();
		expect(registry.size).toBe(0);
	});
});
