import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IngestError } from '../../../nodes/core/errors';
import { planPause, refusalOf } from '../../../nodes/mail/connections/connect-gate';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import type { ConnectionLimits } from '../../../nodes/mail/limits';
import type { MailAccount } from '../../../nodes/mail/ports';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { openSharedAccount } from '../../support/imap/shared-account';
import type { SharedAccountOptions } from '../../support/imap/shared-account';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

const MINUTE = 60_000;

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
	const registry = new ConnectionRegistry({ limits, now: () => now, random: () => 0.999 });
	registries.push(registry);
	const open = (options: Partial<SharedAccountOptions> = {}) =>
		openSharedAccount(server, { registry, ...options });
	return { server, registry, open };
}

const stateOf = (account: MailAccount) =>
	account.withMailbox('INBOX', ({ state }) => Promise.resolve(state));
const outcomeOf = (account: MailAccount) => stateOf(account).catch((error: unknown) => error);
const count = (server: FakeImapServer, command: string) =>
	server.commands.filter((sent) => sent === command).length;

describe('the pause after failed attempts to connect', () => {
	const lost = new IngestError('connection-lost', 'gone');
	const refused = new IngestError('password-rejected', 'wrong');
	const asked = new IngestError('throttled', 'slow down', { retryAfterMs: 42 });
	const pausesOf = (error: IngestError, attempts: number, random: number) => {
		let pause: ReturnType<typeof planPause> | undefined;
		return Array.from({ length: attempts }, () => {
			pause = planPause(pause, error, { now: 0, random });
			return pause.until;
		});
	};

	it('grows from seconds to five minutes while the server stays away', () => {
		expect(pausesOf(lost, 13, 1)).toStrictEqual([
			0, 0, 0, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
		]);
	});

	it('is spread over half of its length', () => {
		expect(pausesOf(lost, 5, 0).slice(3)).toStrictEqual([1_000, 2_000]);
	});

	it('grows from half a minute to half an hour while the sign-in is refused', () => {
		expect(pausesOf(refused, 8, 1).map((ms) => ms / 1000)).toStrictEqual([
			30, 60, 120, 240, 480, 960, 1800, 1800,
		]);
	});

	it('is what the server asks for', () => {
		expect(planPause(undefined, asked, { now: 1_000, random: 0 })).toMatchObject({
			until: 1_042,
			asked: true,
		});
	});

	it.each([
		['nobody while it lasts', refused, 29_000, false, true],
		['a person at once', refused, 29_000, true, false],
		['nobody at all where the server asked for it', asked, 20, true, true],
		['everybody once it is over', refused, 30_000, false, false],
		['everybody when the clock was set back by a day', refused, -86_400_000, false, false],
	])('lets through %s', (_name, error, at, eager, isRefused) => {
		const pause = planPause(undefined, error, { now: 0, random: 1 });

		expect(refusalOf(pause, at, eager) !== undefined).toBe(isRefused);
	});
});

describe('a server that cannot be reached', () => {
	it('is tried once by those who come together, and left alone by those who come soon after', async () => {
		const { server, open } = await start({ answers: { LOGIN: 'reset' } });

		const together = () => Promise.all([1, 2, 3].map(() => outcomeOf(open())));
		for (let poll = 0; poll < 3; poll += 1) await together();
		expect(count(server, 'LOGIN')).toBe(3);
		const last = await together();
		const after = await outcomeOf(open());

		expect(last).toMatchObject(Array(3).fill({ code: 'connection-lost' }));
		expect(after).toBe(last[0]);
		expect(count(server, 'LOGIN')).toBe(4);
	});

	it('is tried again once the pause is over, and then no longer paused for', async () => {
		const { server, open } = await start({
			answers: { LOGIN: { turns: ['reset', 'reset', 'reset', 'reset', ['TAG OK welcome']] } },
		});
		for (let poll = 0; poll < 5; poll += 1) await outcomeOf(open());
		expect(count(server, 'LOGIN')).toBe(4);
		now += 2_000;

		await expect(stateOf(open())).resolves.toMatchObject({ uidNext: 4 });
		await expect(stateOf(open())).resolves.toMatchObject({ uidNext: 4 });
		expect(count(server, 'LOGIN')).toBe(5);
	});

	it('is tried at once for a person who waits', async () => {
		const { open } = await start({
			answers: { LOGIN: { turns: ['reset', 'reset', 'reset', 'reset', ['TAG OK welcome']] } },
		});
		for (let poll = 0; poll < 5; poll += 1) await outcomeOf(open());

		await expect(stateOf(open({ eager: true }))).resolves.toMatchObject({ uidNext: 4 });
	});
});

describe('a wrong password', () => {
	it('is shown once, not once for every node', async () => {
		const { server, open } = await start({ answers: { LOGIN: ['TAG NO LOGIN failed.'] } });

		for (let node = 0; node < 5; node += 1) {
			expect(await outcomeOf(open())).toMatchObject({ code: 'password-rejected' });
			now += 5_000;
		}

		expect(count(server, 'LOGIN')).toBe(1);
	});

	it('gives way to a changed one at once', async () => {
		const { open } = await start({
			answers: { LOGIN: { turns: [['TAG NO LOGIN failed.'], ['TAG OK welcome']] } },
		});
		await outcomeOf(open({ password: 'red-pill' }));

		await expect(stateOf(open())).resolves.toMatchObject({ uidNext: 4 });
	});
});

it('a changed password is shown anew, and what was opened with the old one ends unused', async () => {
	const { server, registry, open } = await start({}, { idle: 100 });
	await stateOf(open({ password: 'old' }));

	await stateOf(open({ password: 'new' }));

	expect(server.connectionCount).toBe(2);
	await expect.poll(() => registry.size).toBe(0);
});

describe('a server that asks to slow down', () => {
	const slowDown = ['TAG BAD Request is throttled. Suggested Backoff Time: 120000 milliseconds'];

	it.each([
		['at sign-in', 'LOGIN'],
		['in the midst of a use', 'UID SEARCH'],
		['while messages are changed', 'UID STORE'],
	])(
		'%s is left alone by everybody for as long as it asks, and nobody is kept waiting',
		async (_name, command) => {
			const { server, open } = await start({ answers: { [command]: slowDown } });
			const use = (eager = false) =>
				open({ eager }).withMailbox('INBOX', async (mailbox) => {
					await mailbox.existing([1]);
					await mailbox.addFlag([1], '\\Seen');
				});

			await expect(use()).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 120_000 });
			const sent = server.commands.length;
			now += 2 * MINUTE - 1;
			await expect(use()).rejects.toMatchObject({ code: 'throttled' });
			await expect(use(true)).rejects.toMatchObject({ code: 'throttled' });
			expect(server.commands.filter((line) => line !== 'LOGOUT')).toHaveLength(sent);

			now += 1;
			await expect(use()).rejects.toMatchObject({ code: 'throttled' });
			expect(server.commands.length).toBeGreaterThan(sent);
		},
	);
});

describe('a session with a token', () => {
	const capability = 'IMAP4rev1 SASL-IR AUTH=XOAUTH2 MOVE UIDPLUS NAMESPACE';
	const withTokens = (lifetime: number) => {
		const asked: Array<string | undefined> = [];
		return {
			asked,
			signIn: (refusedToken?: string) => {
				asked.push(refusedToken);
				const accessToken = `token-${String(asked.length)}`;
				return Promise.resolve({ user: 'neo', accessToken, expiresOn: now + lifetime });
			},
		};
	};

	it('is used until five minutes before the token expires', async () => {
		const { server, open } = await start({ capability });
		const { asked, signIn } = withTokens(60 * MINUTE);
		const clock = { now: () => now, signIn };
		await stateOf(open(clock));
		now += 55 * MINUTE - 1;
		await stateOf(open(clock));
		expect(asked).toHaveLength(1);

		now += 1;
		await stateOf(open(clock));

		expect(asked).toHaveLength(2);
		expect(server.connectionCount).toBe(2);
	});

	it('that lives for a few minutes is used for half of them', async () => {
		const { server, open } = await start({ capability });
		const { signIn } = withTokens(4 * MINUTE);
		const clock = { now: () => now, signIn };
		await stateOf(open(clock));
		now += 2 * MINUTE - 1;
		await stateOf(open(clock));
		expect(server.connectionCount).toBe(1);
	});

	it('that dies with its token is reopened once with another token when nothing was done yet', async () => {
		const bye = ['* BYE Session invalidated - AccessTokenExpired'];
		const { server, open } = await start({
			capability,
			answers: {
				SELECT: { turns: [bye, ['* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 4] ok', 'TAG OK']] },
			},
		});
		const { asked, signIn } = withTokens(60 * MINUTE);

		await expect(stateOf(open({ now: () => now, signIn }))).resolves.toMatchObject({ uidNext: 4 });

		expect(asked).toStrictEqual([undefined, 'token-1']);
		expect(server.connectionCount).toBe(2);
	});

	it('that dies with its token later on is replaced by the next use, with another token', async () => {
		const bye = ['* BYE Session invalidated - AccessTokenExpired'];
		const { open } = await start({
			capability,
			answers: { 'UID SEARCH': { turns: [bye, ['* SEARCH 1', 'TAG OK']] } },
		});
		const { asked, signIn } = withTokens(60 * MINUTE);
		const search = () =>
			open({ now: () => now, signIn }).withMailbox('INBOX', (mailbox) => mailbox.existing([1]));

		await expect(search()).rejects.toMatchObject({ code: 'connection-lost' });
		await expect(search()).resolves.toStrictEqual([1]);

		expect(asked).toStrictEqual([undefined, 'token-1']);
	});
});
