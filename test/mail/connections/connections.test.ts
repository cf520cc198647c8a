import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import type { ConnectionLimits } from '../../../nodes/mail/limits';
import type { MailAccount } from '../../../nodes/mail/ports';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { openSharedAccount } from '../../support/imap/shared-account';
import type { SharedAccountOptions } from '../../support/imap/shared-account';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

let tls: TestCa;
let now = 0;
const running: FakeImapServer[] = [];
const registries: ConnectionRegistry[] = [];

beforeAll(async () => {
	tls = await createTestCa();
});
beforeEach(() => {
	now = Date.parse('2026-11-23T10:00:00Z');
});
afterEach(async () => {
	await Promise.all(registries.splice(0).map((registry) => registry.closeIdle()));
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(script: FakeImapOptions = {}, limits: Partial<ConnectionLimits> = {}) {
	const server = await startFakeImapServer({ tls, ...script });
	running.push(server);
	const registry = new ConnectionRegistry({ limits, now: () => now, random: () => 0 });
	registries.push(registry);
	const open = (options: Partial<SharedAccountOptions> = {}) =>
		openSharedAccount(server, { registry, ...options });
	return { server, registry, open };
}

const pollIdle = (account: MailAccount) =>
	account.withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(mailbox.state.uidNext - 1));
const stateOf = (account: MailAccount) =>
	account.withMailbox('INBOX', ({ state }) => Promise.resolve(state));
/** A use that lasts until `end` is called. */
function beginUse(account: MailAccount) {
	let end = (): void => undefined;
	let begun = (): void => undefined;
	const isOver = new Promise<void>((resolve) => (end = resolve));
	const hasBegun = new Promise<void>((resolve) => (begun = resolve));
	const done = account.withMailbox('INBOX', async () => {
		begun();
		await isOver;
	});
	return { hasBegun, end, done };
}
const selected = (uidValidity: number, uidNext: number) => [
	`* ${String(uidNext - 1)} EXISTS`,
	`* OK [UIDVALIDITY ${String(uidValidity)}] ok`,
	`* OK [UIDNEXT ${String(uidNext)}] ok`,
	'TAG OK [READ-WRITE] selected',
];

describe('an idle poll', () => {
	it('is one command on a shared connection, and a hundred of them make one connection', async () => {
		const { server, open } = await start();
		await pollIdle(open());
		const before = server.commands.length;

		for (let n = 1; n < 100; n += 1) expect(await pollIdle(open())).toStrictEqual([]);

		expect(server.commands.slice(before)).toStrictEqual(Array(99).fill('SELECT INBOX'));
		expect(server.connectionCount).toBe(1);
	});

	it('is no more than login, select and logout on a connection of its own', async () => {
		const { server, registry, open } = await start();

		await pollIdle(open());
		await registry.closeIdle();

		expect(server.commands).toStrictEqual([
			'CAPABILITY',
			'LOGIN',
			'CAPABILITY',
			'NAMESPACE',
			'SELECT INBOX',
			'LOGOUT',
		]);
	});

	it('sees what has come and what has become of the mailbox since the last one', async () => {
		const { open } = await start({
			answers: { SELECT: { turns: [selected(7, 4), selected(7, 5), selected(8, 2)] } },
		});

		expect(await stateOf(open())).toMatchObject({ uidValidity: '7', uidNext: 4 });
		expect(await stateOf(open())).toMatchObject({ uidValidity: '7', uidNext: 5 });
		expect(await stateOf(open())).toMatchObject({ uidValidity: '8', uidNext: 2 });
	});
});

describe('uses of one account', () => {
	it('take turns on one connection', async () => {
		const { server, open } = await start();
		const polls = Array.from({ length: 5 }, () =>
			open().withMailbox('INBOX', (mailbox) => mailbox.existing([1])),
		);

		await Promise.all(polls);

		expect(server.connectionCount).toBe(1);
		const commands = server.commands.slice(server.commands.indexOf('SELECT INBOX'));
		expect(commands).toStrictEqual(
			Array.from({ length: 5 }, () => ['SELECT INBOX', 'UID SEARCH UID 1']).flat(),
		);
	});

	it('get another connection when they wait for long, up to the limit', async () => {
		const { server, registry, open } = await start({}, { patience: 20, perAccount: 2 });
		const [first, second, third] = [beginUse(open()), beginUse(open()), beginUse(open())];
		await Promise.all([first.hasBegun, second.hasBegun]);
		expect(registry.size).toBe(2);

		first.end();
		await third.hasBegun;
		second.end();
		third.end();
		await Promise.all([first.done, second.done, third.done]);

		expect(server.connectionCount).toBe(2);
	});

	it('do not wait for ever', async () => {
		const { open } = await start({}, { perAccount: 1 });
		const first = beginUse(open());
		await first.hasBegun;

		await expect(stateOf(open({ timeouts: { queue: 50 } }))).rejects.toMatchObject({
			code: 'time-out',
			message: expect.stringContaining('busy'),
		});
		first.end();
		await first.done;
	});

	it('are those of one user with one password at one server', async () => {
		const { server, open } = await start();

		await stateOf(open());
		await stateOf(open({ username: 'trinity' }));
		await stateOf(open());

		expect(server.connectionCount).toBe(2);
	});
});

describe('the connections of a process', () => {
	it('are bounded: the one that lay idle longest makes room', async () => {
		const { server, registry, open } = await start({}, { inAll: 2 });

		for (const username of ['a', 'b', 'c', 'd']) await stateOf(open({ username }));

		expect(server.connectionCount).toBe(4);
		expect(registry.size).toBe(2);
		await expect.poll(() => server.openCount).toBe(2);
	});

	it('are waited for when all are in use', async () => {
		const { registry, open } = await start({}, { inAll: 1 });
		const first = beginUse(open({ username: 'a' }));
		await first.hasBegun;
		const second = stateOf(open({ username: 'b' }));
		await expect(stateOf(open({ username: 'c', timeouts: { queue: 50 } }))).rejects.toMatchObject({
			code: 'time-out',
			message: expect.stringContaining('busy'),
		});

		first.end();

		expect(await second).toMatchObject({ uidNext: 4 });
		await first.done;
		expect(registry.size).toBe(1);
	});

	it('end when nobody has used them for a while', async () => {
		const { server, registry, open } = await start({}, { idle: 30 });

		await stateOf(open());

		await expect.poll(() => registry.size).toBe(0);
		expect(server.commands.at(-1)).toBe('LOGOUT');
	});
});

describe('a connection', () => {
	it('that the server ends while it lies idle is replaced', async () => {
		const { server, registry, open } = await start();
		await stateOf(open());

		server.hangUp();
		await expect.poll(() => registry.size).toBe(0);

		expect(await stateOf(open())).toMatchObject({ uidNext: 4 });
		expect(server.connectionCount).toBe(2);
	});

	it.each(['reset', 'end', 'silence'] as const)(
		'that turns out to be gone by %s as the next use begins is replaced once',
		async (fault) => {
			const good = selected(7, 4);
			const { server, open } = await start({ answers: { SELECT: { turns: [good, fault, good] } } });
			await stateOf(open());

			expect(await stateOf(open())).toMatchObject({ uidNext: 4 });

			expect(server.connectionCount).toBe(2);
		},
	);

	it('that is gone again is not replaced again', async () => {
		const good = selected(7, 4);
		const { server, open } = await start({
			answers: { SELECT: { turns: [good, 'reset'] } },
		});
		await stateOf(open());

		await expect(stateOf(open())).rejects.toMatchObject({ code: 'connection-lost' });

		expect(server.connectionCount).toBe(2);
	});

	it.each(['reset', 'end', 'silence'] as const)(
		'that failed in the midst of a use by %s is not used again, nor is the work done twice',
		async (fault) => {
			const found = ['* SEARCH 1', 'TAG OK'];
			const { server, open } = await start({
				answers: { 'UID SEARCH': { turns: [fault, found] } },
			});
			const search = () => open().withMailbox('INBOX', (mailbox) => mailbox.existing([1]));

			await expect(search()).rejects.toMatchObject({ kind: 'unavailable' });
			expect(server.commands.filter((command) => command.startsWith('UID'))).toHaveLength(1);

			expect(await search()).toStrictEqual([1]);
			expect(server.connectionCount).toBe(2);
		},
	);

	it('is kept when the server merely refuses, or the work fails', async () => {
		const { server, open } = await start({ answers: { 'UID STORE': ['TAG NO not now'] } });

		await expect(
			open().withMailbox('INBOX', (mailbox) => mailbox.addFlag([1], '\\Seen')),
		).rejects.toMatchObject({ code: 'refused-by-server' });
		await expect(
			open().withMailbox('INBOX', () => Promise.reject(new Error('no room'))),
		).rejects.toThrow('no room');
		await stateOf(open());

		expect(server.connectionCount).toBe(1);
	});

	it('is cut when a command has no end, though its answer never pauses', async () => {
		const { server, open } = await start({ answers: { 'UID SEARCH': 'silence' } });
		const talk = setInterval(() => {
			server.say('* OK still looking');
		}, 20);

		await expect(
			open({ timeouts: { silence: 400, command: 800 } }).withMailbox('INBOX', (mailbox) =>
				mailbox.existing([1]),
			),
		).rejects.toMatchObject({ code: 'time-out' });
		clearInterval(talk);
	});
});
