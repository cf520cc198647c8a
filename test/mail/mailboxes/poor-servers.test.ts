import { afterEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer } from '../../support/imap/fake-imap-server';
import type { ScriptedMailbox } from '../../support/imap/scripted-mailbox';
import { ScriptedStore } from '../../support/imap/scripted-store';
import type { Lies } from '../../support/imap/scripted-store';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const HMAILSERVER = 'IMAP4 IMAP4rev1 CHILDREN IDLE QUOTA SORT ACL NAMESPACE RIGHTS=texk';

let server: FakeImapServer | undefined;
afterEach(async () => {
	await server?.stop();
	server = undefined;
});

async function open<Result>(
	store: ScriptedStore,
	work: (mailbox: ScriptedMailbox) => Promise<Result>,
	capability?: string,
): Promise<Result> {
	server = await startFakeImapServer({
		answers: store.answers,
		...(capability !== undefined && { capability }),
	});
	return await createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 2_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	}).withMailbox('INBOX', work);
}

function storeOf(count: number, lies: Lies = {}): ScriptedStore {
	const store = new ScriptedStore();
	for (let n = 1; n <= count; n += 1) store.deliver(`alert ${String(n)}`);
	store.lies = lies;
	return store;
}

describe('a SELECT without UIDNEXT', () => {
	it('has it asked for by STATUS (Courier)', async () => {
		const store = storeOf(3, { uidNext: null, hidden: 'all' });
		const { uids, state } = await open(store, async (mailbox) => ({
			uids: await mailbox.uidsAfter(1),
			state: mailbox.state,
		}));
		expect(state).toMatchObject({ uidNext: 4, isUidNextTold: true });
		expect(uids).toEqual([2, 3]);
	});

	it('has it concluded from the newest message where STATUS is as silent (163.com)', async () => {
		const store = storeOf(3, { uidNext: null, statusUidNext: null });
		expect(await open(store, (mailbox) => Promise.resolve(mailbox.state))).toMatchObject({
			uidNext: 4,
			isUidNextTold: false,
		});
	});

	it('means 1 only where the mailbox is empty', async () => {
		const store = storeOf(0, { uidNext: null, statusUidNext: null });
		expect(await open(store, (mailbox) => Promise.resolve(mailbox.state.uidNext))).toBe(1);
	});
});

describe('a search for new mail', () => {
	it.each<[string, Lies]>([
		['finds nothing (Mailutils imap4d)', { hidden: 'all' }],
		['leaves one out (Apache James)', { hidden: new Set([2]) }],
		[
			'is refused',
			{ instead: (command) => (command === 'UID SEARCH' ? ['TAG NO no index'] : undefined) },
		],
	])('that %s is checked with a FETCH', async (_, lies) => {
		expect(await open(storeOf(3, lies), (mailbox) => mailbox.uidsAfter(0))).toEqual([1, 2, 3]);
	});

	it('is not sent to an empty mailbox, which Proton Bridge would refuse', async () => {
		const store = storeOf(3, {
			instead: (command) => (command === 'UID SEARCH' ? ['TAG NO empty'] : undefined),
		});
		store.messages().splice(0);
		expect(await open(store, (mailbox) => mailbox.uidsAfter(1))).toEqual([]);
	});
});

describe('a deletion', () => {
	it('of the last message is done where the server refuses to search what is empty then', async () => {
		const store = storeOf(1, {
			instead: (command) =>
				command === 'UID SEARCH' && store.messages().length === 0 ? ['TAG NO empty'] : undefined,
		});
		await open(store, (mailbox) => mailbox.delete([1]));
		expect(store.subjects()).toEqual([]);
	});
});

describe('a keyword that the mailbox has no room for', () => {
	it.each(['TAG NO Too many user flags in mailbox', 'TAG NO [LIMIT] Too many user flags'])(
		'(%s) is not kept, and no error',
		async (answer) => {
			const store = storeOf(1, {
				instead: (command) => (command === 'UID STORE' ? [answer] : undefined),
			});
			expect(await open(store, (mailbox) => mailbox.addKeyword([1], '$Ingest'))).toBe(false);
		},
	);
});

describe('without MOVE and UIDPLUS', () => {
	it('nothing is moved or deleted unless told otherwise', async () => {
		const store = storeOf(2);
		await open(
			store,
			async (mailbox) => {
				expect(mailbox.canMove).toBe(false);
				await expect(mailbox.move([1], 'Done')).rejects.toMatchObject({
					code: 'refused-by-server',
				});
				await expect(mailbox.delete([1])).rejects.toMatchObject({ code: 'refused-by-server' });
			},
			HMAILSERVER,
		);
		expect(store.subjects()).toEqual(['alert 1', 'alert 2']);
		expect(store.mailboxes.has('Done')).toBe(false);
	});

	it('a copy is made and the original stays, where that is wanted', async () => {
		const store = storeOf(2);
		await open(store, (mailbox) => mailbox.move([1], 'Done', 'copy'), HMAILSERVER);
		expect(store.subjects()).toEqual(['alert 1', 'alert 2']);
		expect(store.subjects('Done')).toEqual(['alert 1']);
	});

	it('the original is removed with EXPUNGE, where that is wanted and nothing else is marked as deleted', async () => {
		const store = storeOf(3);
		await open(
			store,
			async (mailbox) => {
				await mailbox.move([1], 'Done', 'expunge');
				await mailbox.delete([3], 'expunge');
			},
			HMAILSERVER,
		);
		expect(store.subjects()).toEqual(['alert 2']);
		expect(store.subjects('Done')).toEqual(['alert 1']);
	});

	it('a message that somebody else has marked as deleted is not removed with it', async () => {
		const store = storeOf(3);
		store.messages()[1]?.flags.add('\\Deleted');
		await open(
			store,
			async (mailbox) => {
				await expect(mailbox.delete([3], 'expunge')).rejects.toMatchObject({
					message: expect.stringContaining('Other messages in "INBOX" are marked as deleted'),
				});
			},
			HMAILSERVER,
		);
		expect(store.subjects()).toEqual(['alert 1', 'alert 2', 'alert 3']);
		expect(store.messages()[2]?.flags.has('\\Deleted')).toBe(false);
	});
});

describe('retention on a server that tells UIDNEXT nowhere (163.com)', () => {
	it('concludes it from the newest message of the folder, and comes back', async () => {
		const store = storeOf(2, {
			instead: (command) =>
				command === 'STATUS' ? ['* STATUS Done (UIDVALIDITY 7)', 'TAG OK'] : undefined,
		});
		for (const name of ['a', 'b', 'c']) store.deliver(name, {}, 'Done');
		await open(store, async (mailbox) => {
			expect(await mailbox.status('Done')).toEqual({ uidValidity: '7', uidNext: 4 });
			expect(await mailbox.uidsAfter(0)).toEqual([1, 2]);
		});
	});
});
