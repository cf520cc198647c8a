import type { IDataObject } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { startFakeImapServer } from '../support/imap/fake-imap-server';
import type { FakeImapOptions } from '../support/imap/fake-imap-server';
import { createTestCa } from '../support/servers/tls';
import type { TestCa } from '../support/servers/tls';
import { picked, runAction } from './imap-ingest-run';
import type { ActionRun } from './imap-ingest-run';

const USER = 'neo@example.com';
const toItem = (uid: number): IDataObject => ({
	message: { account: `${USER}@127.0.0.1`, mailbox: 'INBOX', uidValidity: '7', uid },
});
const ITEMS = [toItem(1), toItem(2), toItem(3)];
const chosen = (operation: string, cleanUpAction: string): IDataObject => ({
	operation,
	cleanUpSource: 'choose',
	cleanUpAction,
});

let tls: TestCa;

beforeAll(async () => {
	tls = await createTestCa();
});

/** What came of the items, and the commands it took once the mailbox was open. */
async function act(
	options: FakeImapOptions,
	parameters: IDataObject,
	more: Partial<ActionRun> = {},
) {
	const server = await startFakeImapServer({ tls, ...options });
	try {
		const output = await runAction(server, USER, {
			items: ITEMS,
			parameters,
			continueOnFail: true,
			...more,
		});
		const opened = server.commands.findIndex((command) => /^(?:SELECT|EXAMINE)/.test(command));
		return {
			results: output.map(({ json }) => json['error'] ?? json['action']),
			commands: server.commands.slice(opened + 1).filter((command) => command !== 'LOGOUT'),
			logins: server.commands.filter((command) => command === 'LOGIN'),
			connectionCount: server.connectionCount,
		};
	} finally {
		await server.stop();
	}
}

describe('what goes over the wire', () => {
	it('is one command for the same effect on several items', async () => {
		const { commands, results } = await act({}, { operation: 'markRead' });
		expect(commands).toEqual([
			'UID SEARCH UID 1:3',
			expect.stringMatching(/^UID STORE 1:3 \+FLAGS(?:\.SILENT)? \(\\Seen\)$/),
		]);
		expect(results).toEqual(ITEMS.map(() => ({ operation: 'markRead', done: true })));
	});

	it('is one connection for all items, whatever their mailbox', async () => {
		const elsewhere = { message: { ...(toItem(2)['message'] as IDataObject), mailbox: 'Other' } };
		const { connectionCount } = await act(
			{},
			{ operation: 'markRead' },
			{ items: [toItem(1), elsewhere, toItem(3)] },
		);
		expect(connectionCount).toBe(1);
	});

	it('is one sign-in when that is refused, however many items there are', async () => {
		const { results, logins } = await act(
			{ answers: { LOGIN: ['TAG NO [AUTHENTICATIONFAILED] no'] } },
			{ operation: 'markRead' },
		);
		expect(logins).toHaveLength(1);
		expect(results).toHaveLength(3);
	});
});

describe('a server that cannot or will not', () => {
	it('keeps no keywords: acknowledging is an error that names the remedy, unless the message goes away', async () => {
		for (const cleanUp of ['none', 'markAsRead', 'flag']) {
			const failing = act({}, chosen('acknowledge', cleanUp), { continueOnFail: false });
			await expect(failing).rejects.toMatchObject({
				message: /keeps no keywords, so \$IngestDone cannot tell/,
				description: /Choose Move to Folder or Delete/,
			});
		}
		const { results } = await act({}, chosen('acknowledge', 'delete'));
		expect(results).toEqual(ITEMS.map(() => ({ operation: 'acknowledge', done: true })));
	});

	it('keeps no keywords: cleaning up needs none', async () => {
		const { commands, results } = await act({}, chosen('cleanUp', 'markAsRead'));
		expect(commands.filter((command) => command.startsWith('UID STORE'))).toHaveLength(1);
		expect(results).toEqual(ITEMS.map(() => ({ operation: 'cleanUp', done: true })));
	});

	it('has neither MOVE nor UIDPLUS: nothing is moved or deleted', async () => {
		const capability = 'IMAP4rev1 SASL-IR NAMESPACE';
		for (const parameters of [
			{ operation: 'move', folder: picked('Done') },
			{ operation: 'delete' },
		]) {
			const { commands, results } = await act({ capability }, parameters);
			expect(commands).toEqual(['UID SEARCH UID 1:3']);
			expect(results).toEqual(ITEMS.map(() => expect.stringContaining('The mail server cannot')));
		}
	});

	it('does not say what it copied: an OK is enough', async () => {
		const { results } = await act(
			{ answers: { 'UID COPY': ['TAG OK copied'] } },
			{ operation: 'copy', folder: picked('Done') },
		);
		expect(results).toEqual(ITEMS.map(() => ({ operation: 'copy', done: true, folder: 'Done' })));
	});

	it('copied only some: the others are said to be gone', async () => {
		const { results } = await act(
			{ answers: { 'UID COPY': ['TAG OK [COPYUID 9 1:2 11:12] copied'] } },
			{ operation: 'copy', folder: picked('Done') },
		);
		expect(results).toEqual(
			ITEMS.map((_, index) =>
				index < 2
					? { operation: 'copy', done: true, folder: 'Done' }
					: expect.stringContaining('UID 3 is no longer'),
			),
		);
	});

	it('refuses the first step: the message is left where it is', async () => {
		const marked = [
			'* 1 FETCH (UID 1 FLAGS ($IngestDone))',
			'* 2 FETCH (UID 2 FLAGS ($IngestDone_0a))',
			'* 3 FETCH (UID 3 FLAGS ())',
			'TAG OK',
		];
		const { commands, results } = await act(
			{ answers: { 'UID FETCH': marked, 'UID STORE': ['TAG NO [NOPERM] no'] } },
			{ resource: 'mailbox', operation: 'quarantineReplay', watched: picked('Alerts') },
		);
		expect(commands.filter((command) => command.startsWith('UID MOVE'))).toEqual([]);
		expect(results).toEqual(ITEMS.map(() => expect.stringContaining('may not change')));
	});

	it('hangs up: every item says so', async () => {
		const { results } = await act({ answers: { 'UID STORE': 'reset' } }, { operation: 'flag' });
		expect(results).toEqual(ITEMS.map(() => expect.stringMatching(/connection/i)));
	});

	it('opens the mailbox for reading only: nothing is changed', async () => {
		const readOnly = [
			'* 3 EXISTS',
			'* OK [PERMANENTFLAGS ()] none',
			'* OK [UIDVALIDITY 7] ok',
			'* OK [UIDNEXT 4] ok',
			'TAG OK [READ-ONLY] selected',
		];
		for (const operation of ['markRead', 'markUnread', 'delete']) {
			const { commands, results } = await act({ answers: { SELECT: readOnly } }, { operation });
			expect(commands).toEqual(['UID SEARCH UID 1:3']);
			expect(results).toEqual(ITEMS.map(() => expect.stringContaining('reading only')));
		}
	});
});

describe('a connection that other nodes have used before', () => {
	it('is replaced when it has died unnoticed, and no item fails for it', async () => {
		let searches = 0;
		const server = await startFakeImapServer({
			tls,
			answers: {
				EXAMINE: () => {
					searches += 1;
					return searches === 2 ? 'reset' : OPENED;
				},
				'UID SEARCH': ['* SEARCH', 'TAG OK'],
			},
		});
		const search = () =>
			runAction(server, USER, {
				items: [{}, {}],
				parameters: { operation: 'search', mailbox: picked('INBOX'), returnAll: true },
				continueOnFail: true,
			});
		try {
			expect(await search()).toEqual([]);
			expect(await search()).toEqual([]);
			expect(searches).toBe(3);
			expect(server.connectionCount).toBe(2);
		} finally {
			await server.stop();
		}
	});
});

const OPENED = [
	'* 3 EXISTS',
	'* OK [UIDVALIDITY 7] ok',
	'* OK [UIDNEXT 4] ok',
	'TAG OK [READ-ONLY] examined',
];
