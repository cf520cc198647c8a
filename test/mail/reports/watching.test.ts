import { afterEach, describe, expect, it, vi } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import { openMailboxWatch } from '../../../nodes/mail/mailbox-watch';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer, Reply } from '../../support/imap/fake-imap-server';
import { ScriptedStore } from '../../support/imap/scripted-store';
import { eventsOf, watchedBy, watchOn } from '../../support/imap/scripted-trigger';

const PUSHING = 'IMAP4rev1 SASL-IR IDLE MOVE UIDPLUS';
const LIMIT = { timeout: 120_000, interval: 50 };

const ends: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

async function start(store: ScriptedStore, more: Readonly<Record<string, () => Reply>> = {}) {
	const server = await startFakeImapServer({
		answers: { ...store.answers, ...more },
		capability: PUSHING,
	});
	ends.push(() => server.stop());
	return server;
}

const idles = ({ commands }: FakeImapServer) => commands.filter((line) => line === 'IDLE').length;
const idling = (server: FakeImapServer, times = 1) =>
	vi.waitFor(() => {
		expect(idles(server)).toBeGreaterThanOrEqual(times);
	}, LIMIT);

describe('a server that ends the connection of those who wait', () => {
	it.each([
		['as soon as they wait (Stalwart)', ['* BYE see you']],
		['for being idle (Yandex)', ['* BYE [UNAVAILABLE] Autologout; idle for too long']],
	])('%s loses no mail and wakes nobody', async (_, farewell) => {
		const store = new ScriptedStore();
		let ended = 0;
		const server = await start(store, {
			IDLE: () => {
				if (ended >= 2) return ['+ idling'];
				ended += 1;
				setImmediate(() => {
					server.hangUp();
				});
				return ['+ idling', ...farewell];
			},
		});
		const workflow = await watchOn(server);
		ends.push(() => workflow.close());
		store.deliver('alert 1');
		await vi.waitFor(() => {
			expect(watchedBy(workflow)).toEqual(['alert 1']);
		}, LIMIT);
		await idling(server, 3);
		expect(eventsOf(workflow)).toEqual([]);
	});

	it('instead of ending IDLE (Exchange) is connected to anew', async () => {
		const store = new ScriptedStore();
		let isDone = false;
		const server = await start(store, {
			DONE: () => {
				if (isDone) return ['TAG OK ended'];
				isDone = true;
				setImmediate(() => {
					server.hangUp();
				});
				return ['TAG NO Server Unavailable. 15', '* BYE Connection closed.'];
			},
		});
		const workflow = await watchOn(server);
		ends.push(() => workflow.close());
		await idling(server);
		store.deliver('alert 1');
		server.say('* 1 EXISTS');
		await vi.waitFor(() => {
			expect(watchedBy(workflow)).toEqual(['alert 1']);
		}, LIMIT);
		expect(isDone).toBe(true);
		expect(eventsOf(workflow)).toEqual([]);
	});
});

describe('a server that begins to wait in its own words', () => {
	it.each(['+ ', '+ entering idle mode', '+ idling'])('(%s) tells of mail', async (words) => {
		const store = new ScriptedStore();
		const server = await start(store, { IDLE: () => [words] });
		const workflow = await watchOn(server);
		ends.push(() => workflow.close());
		await idling(server);
		store.deliver('alert 1');
		server.say('* 1 EXISTS');
		await vi.waitFor(() => {
			expect(watchedBy(workflow)).toEqual(['alert 1']);
		}, LIMIT);
	});
});

describe('what a server says while it is waited for', () => {
	it.each<[string, readonly string[]]>([
		['fewer messages without an EXPUNGE', ['* 0 EXISTS']],
		['an EXPUNGE of what was not there', ['* 9 EXPUNGE']],
		['RECENT alone', ['* 1 RECENT']],
		['that it is still there (Dovecot)', ['* OK Still here']],
		['a NO', ['* NO [ALERT] Mailbox is at 95% of its quota']],
	])('does no harm: %s', async (_, lines) => {
		const store = new ScriptedStore();
		store.deliver('old');
		const server = await start(store);
		const { host, port, ca } = server;
		const watch = await openMailboxWatch({
			account: { host, port, username: 'neo', caCertificate: ca },
			signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
			log: SILENT_LOG,
			timeouts: { silence: 5_000, reuse: 200, logout: 200 },
			shared: {
				registry: new ConnectionRegistry(),
				login: { kind: 'password', password: 'white-rabbit' },
			},
		});
		ends.push(() => watch.close(0));
		await watch.withMailbox('INBOX', () => Promise.resolve());
		const news = watch.wait(600_000, new AbortController().signal);
		await idling(server);
		for (const line of lines) server.say(line);
		store.deliver('alert 1');
		server.say('* 2 EXISTS');
		expect(await news).toBe(true);
		expect(await watch.withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(1))).toEqual([2]);
	});
});
