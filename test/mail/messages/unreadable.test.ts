import { afterEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import { openMailboxWatch } from '../../../nodes/mail/mailbox-watch';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer, Reply } from '../../support/imap/fake-imap-server';
import { ScriptedStore } from '../../support/imap/scripted-store';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const servers: FakeImapServer[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) await server.stop();
});

/** Ten messages, or as many as said; whoever asks for `items` of one of the `bad` ones gets `reply`. */
async function start(items: RegExp, bad: readonly number[], reply: Reply, count = 10) {
	const store = new ScriptedStore();
	for (let n = 1; n <= count; n += 1) store.deliver(`alert ${String(n)}`);
	store.lies.instead = (command, line) => {
		if (command !== 'UID FETCH' || !items.test(line)) return undefined;
		const [from = 0, to = from] = (/UID FETCH ([\d:]+)/.exec(line)?.[1] ?? '')
			.split(':')
			.map(Number);
		return bad.some((uid) => from <= uid && uid <= to) ? reply : undefined;
	};
	const server = await startFakeImapServer({ answers: store.answers });
	servers.push(server);
	const options = {
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 300, logout: 100 },
	};
	return { store, server, options };
}

const HEAD = /ENVELOPE|HEADER/;
const UIDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('many messages that the server cannot read', () => {
	it('cost a bounded number of commands, and count against no other', async () => {
		const bad = Array.from({ length: 30 }, (_, index) => 2 * index + 1);
		const { options, server } = await start(HEAD, bad, ['TAG NO Server error'], 60);
		const uids = Array.from({ length: 60 }, (_, index) => index + 1);
		const heads = await createMailAccount({ ...options, shared: OWN_CONNECTIONS }).withMailbox(
			'INBOX',
			(mailbox) => mailbox.heads(uids),
		);
		const withCode = (code: string | undefined) =>
			heads.filter(({ failure }) => failure?.code === code).map(({ summary }) => summary.uid);
		expect(heads).toHaveLength(60);
		expect(withCode('message-unreadable').length).toBeGreaterThan(0);
		expect(withCode('message-unreadable').filter((uid) => !bad.includes(uid))).toEqual([]);
		expect(withCode('message-not-asked')).toContain(60);
		expect(server.commands.filter((line) => /UID FETCH/.test(line)).length).toBeLessThan(80);
	});
});

describe('a message that the server cannot read', () => {
	it.each<[string, Reply]>([
		['refuses (Yahoo)', ['TAG NO FETCH Server error while fetching messages']],
		['refuses after other rows (Gmail)', ['TAG NO Some messages could not be FETCHed (Failure)']],
		['refuses with a code (Dovecot)', ['TAG NO [SERVERBUG] Internal error occurred.']],
		['calls a bad command', ['TAG BAD Error in IMAP command']],
		['hangs up at (Dovecot)', 'end'],
		['resets the connection at', 'reset'],
		['falls silent at', 'silence'],
	])('and whose head it %s does not stop the others', async (_, reply) => {
		const { options } = await start(HEAD, [7], reply);
		const heads = await createMailAccount({ ...options, shared: OWN_CONNECTIONS }).withMailbox(
			'INBOX',
			(mailbox) => mailbox.heads(UIDS),
		);
		expect(heads.map(({ summary }) => summary.uid)).toEqual(UIDS);
		const failed = heads.filter(({ failure }) => failure !== undefined);
		expect(failed.map(({ summary }) => summary.uid)).toEqual([7]);
		expect(failed[0]?.failure).toMatchObject({
			code: 'message-unreadable',
			message: expect.stringContaining('Message 7 in "INBOX"'),
		});
	});

	it.each<[string, Reply]>([
		['refuses', ['TAG NO [SERVERBUG] Internal error occurred.']],
		['hangs up at', 'end'],
	])('and whose head it %s does not stop the others of a watched mailbox', async (_, reply) => {
		const { options } = await start(HEAD, [3, 7], reply);
		const login = { kind: 'password', password: 'white-rabbit' } as const;
		const shared = { registry: new ConnectionRegistry(), login };
		const watch = await openMailboxWatch({ ...options, shared });
		try {
			const heads = await watch.withMailbox('INBOX', (mailbox) => mailbox.heads(UIDS));
			const failed = heads.filter(({ failure }) => failure !== undefined);
			expect(failed.map(({ summary }) => summary.uid)).toEqual([3, 7]);
			expect(watch.isOpen).toBe(true);
		} finally {
			await watch.close(0);
		}
	});

	it.each<[string, Reply]>([
		['refuses', ['TAG NO FETCH Server error while fetching messages']],
		['hangs up at', 'end'],
	])('and whose structure or body it %s does not stop the others', async (_, reply) => {
		const { options, store } = await start(/BODYSTRUCTURE/, [7], reply);
		const account = createMailAccount({ ...options, shared: OWN_CONNECTIONS });
		await account.withMailbox('INBOX', async (mailbox) => {
			const heads = await mailbox.heads(UIDS, { structure: false });
			const whole = await mailbox.structures(heads);
			expect(
				whole.flatMap(({ failure, summary }) => (failure === undefined ? [] : [summary.uid])),
			).toEqual([7]);
		});
		const { instead } = store.lies;
		store.lies.instead = (command, line) =>
			line.includes('BODY.PEEK[1]') ? instead?.(command, `${line} BODYSTRUCTURE`) : undefined;
		await account.withMailbox('INBOX', async (mailbox) => {
			const { texts: bodies } = await mailbox.bodies(await mailbox.heads(UIDS));
			expect([...bodies.keys()].sort((a, b) => a - b)).toEqual(UIDS.filter((uid) => uid !== 7));
			// Nor is a head lost whose text was to come along.
			const heads = await mailbox.heads(UIDS, { shortText: true });
			expect(heads.map(({ failure, summary }) => failure ?? summary.uid)).toEqual(UIDS);
			const { unreadable } = await mailbox.bodies(heads);
			expect([...unreadable.keys()]).toEqual([7]);
		});
	});

	it('is found also where it is the only new one', async () => {
		const { options } = await start(HEAD, [10], ['TAG NO cannot']);
		const heads = await createMailAccount({ ...options, shared: OWN_CONNECTIONS }).withMailbox(
			'INBOX',
			(mailbox) => mailbox.heads([10]),
		);
		expect(heads).toMatchObject([{ failure: { code: 'message-unreadable' } }]);
	});
});

describe('a server that cannot read any message', () => {
	it('is an error of its own: no message is blamed', async () => {
		const { options } = await start(HEAD, UIDS, ['TAG NO FETCH Server error']);
		await expect(
			createMailAccount({ ...options, shared: OWN_CONNECTIONS }).withMailbox('INBOX', (mailbox) =>
				mailbox.heads(UIDS),
			),
		).rejects.toMatchObject({ code: 'throttled' });
	});

	it('and does not even tell flags is asked three times, not ten', async () => {
		const { options, server } = await start(/./, UIDS, ['TAG NO FETCH Server error']);
		await expect(
			createMailAccount({ ...options, shared: OWN_CONNECTIONS }).withMailbox('INBOX', (mailbox) =>
				mailbox.heads(UIDS),
			),
		).rejects.toMatchObject({ code: 'throttled' });
		expect(server.commands.filter((command) => command.startsWith('UID FETCH'))).toHaveLength(3);
	});
});
