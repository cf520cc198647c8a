import { expect, it } from 'vitest';

import { IngestError } from '../../../nodes/core/errors';
import type { MessageSearch } from '../../../nodes/core/message/message-search';
import { findMessages } from '../../../nodes/ImapIngest/actions/find-messages';
import { SILENT_LOG } from '../../support/silent-log';
import { createActionAccount } from '../../../nodes/mail/action-account';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import { ScriptedStore } from '../../support/imap/scripted-store';
import type { Lies } from '../../support/imap/scripted-store';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const REFUSAL = 'TAG NO [BADCHARSET (US-ASCII)] The specified charset is not supported.';

const asExchange: NonNullable<Lies['instead']> = (command, line) =>
	command === 'UID SEARCH' && line.includes('CHARSET') ? [REFUSAL] : undefined;

/** What a search finds, unless said otherwise on a server that knows only ASCII (Exchange). */
async function search(wanted: MessageSearch, instead = asExchange): Promise<unknown> {
	const store = new ScriptedStore();
	for (const subject of ['=?utf-8?Q?St=C3=B6rung_eins?=', 'alert', '=?utf-8?Q?ST=C3=96RUNG?=']) {
		store.deliver(subject);
	}
	const from =
		'=?utf-8?Q?J=C3=BCrgen?= <juergen@zion.com>\r\nTo: =?utf-8?Q?B=C3=BCro?= <b@zion.com>';
	store.deliver('from him', { from });
	store.lies = { instead };
	const server = await startFakeImapServer({ answers: store.answers });
	try {
		const account = createActionAccount({
			account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
			signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
			log: SILENT_LOG,
			timeouts: { silence: 2_000, logout: 100 },
			shared: OWN_CONNECTIONS,
		});
		return await account.withConnection(async (connection) => {
			const mailbox = await connection.open('INBOX');
			const found = await findMessages(mailbox, wanted, 10);
			return found.map(({ json }) => (json['message'] as { subject: string }).subject);
		});
	} finally {
		await server.stop();
	}
}

it('finds subjects with words beyond ASCII where the server refuses to look for them', async () => {
	expect(await search({ subject: 'störung' })).toEqual(['STÖRUNG', 'Störung eins']);
});

it.each<[string, MessageSearch]>([
	['sender', { from: 'jürgen' }],
	['recipient', { to: 'BÜRO' }],
	['sender and subject', { from: 'Jürgen', subject: 'from' }],
	['sender and recipient', { from: 'Jürgen', to: 'Büro' }],
])('finds them in the %s, too', async (_, wanted) => {
	expect(await search(wanted)).toEqual(['from him']);
});

it('finds nothing where the words are not', async () => {
	expect(await search({ from: 'jürgen', subject: 'störung' })).toEqual([]);
});

it('says that the server cannot look for them in texts', async () => {
	const failure = await search({ body: 'störung' }).catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(IngestError);
	expect(failure).toMatchObject({
		field: 'Body',
		message: expect.stringContaining('charset') as unknown,
	});
});

it.each([
	['finds nothing at all (Mailutils imap4d)', ['* SEARCH', 'TAG OK']],
	['refuses to', ['TAG NO cannot search']],
])('compares the newest messages with a search where the server %s', async (_, answer) => {
	const instead = (command: string) => (command === 'UID SEARCH' ? answer : undefined);
	expect(await search({ subject: 'ALERT' }, instead)).toEqual(['alert']);
	expect(await search({ from: 'jürgen', unread: true, largerThan: 10 }, instead)).toEqual([
		'from him',
	]);
	expect(await search({ flagged: true }, instead)).toEqual([]);
	await expect(search({ body: 'alert' }, instead)).rejects.toMatchObject({
		code: 'refused-by-server',
	});
});

it('finds nothing where there is nothing', async () => {
	const nothing = ['* SEARCH', 'TAG OK'];
	const instead = (command: string, line: string) =>
		command === 'UID SEARCH' && line.includes('SUBJECT') ? nothing : undefined;
	expect(await search({ subject: 'alert' }, instead)).toEqual([]);
});
