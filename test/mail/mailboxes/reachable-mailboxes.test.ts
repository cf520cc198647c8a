import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer } from '../../support/imap/fake-imap-server';
import { withMailboxes } from '../../support/imap/named-mailboxes';
import type { NamedMailboxes } from '../../support/imap/named-mailboxes';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

let tls: TestCa;
const running: FakeImapServer[] = [];

beforeAll(async () => {
	tls = await createTestCa();
});
afterEach(async () => {
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(mailboxes: NamedMailboxes) {
	const { script, names, moves } = withMailboxes(mailboxes);
	const server = await startFakeImapServer({ tls, ...script });
	running.push(server);
	const account = createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 2_000, logout: 200 },
		shared: OWN_CONNECTIONS,
	});
	const opened = (name: string) =>
		account.withMailbox(name, ({ state }) => Promise.resolve(state.path));
	const move = async (folder: string) => {
		await account.withMailbox('INBOX', (mailbox) => mailbox.move([1], folder));
		return moves.at(-1);
	};
	return { server, account, names, opened, move };
}

const PLAIN = '\\HasNoChildren';
const CYRUS: NamedMailboxes = {
	namespace: '(("INBOX." ".")) (("user." ".")) (("" "."))',
	delimiter: '.',
	mailboxes: {
		INBOX: PLAIN,
		'INBOX.Alerts': PLAIN,
		'INBOX.Backup 24.7': PLAIN,
		'user.trinity.Shared': PLAIN,
		'shared.on-call': PLAIN,
	},
};
const DOVECOT: NamedMailboxes = {
	namespace: '(("INBOX." ".")) NIL (("Public." "."))',
	delimiter: '.',
	mailboxes: { INBOX: PLAIN, 'INBOX.Alerts': PLAIN, 'Public.On Call': PLAIN },
	hidden: ['Public.'],
};
const RAW: NamedMailboxes = {
	namespace: '(("" "/")) NIL NIL',
	delimiter: '/',
	mailboxes: { INBOX: PLAIN, 'Störungen & mehr': PLAIN, 'Störungen & mehr/日本': PLAIN },
};
const DOTS: NamedMailboxes = {
	namespace: '(("" ".")) NIL NIL',
	delimiter: '.',
	mailboxes: { INBOX: PLAIN, 'Backup 24/7': PLAIN, 'Alerts.2026': PLAIN },
};

describe('the list of mailboxes', () => {
	it.each([
		['other users and shared ones', CYRUS, ['user.trinity.Shared', 'shared.on-call']],
		['a namespace that is listed only by name', DOVECOT, ['Public.On Call']],
		['names in UTF-8 as they are', RAW, ['Störungen & mehr']],
		['a name with a slash where that is no delimiter', DOTS, ['Backup 24/7']],
	])('holds %s', async (_name, mailboxes, wanted) => {
		const { account } = await start(mailboxes);

		const listed = (await account.list()).map(({ path }) => path);

		expect(listed).toEqual(expect.arrayContaining(['INBOX', ...wanted]));
		expect(listed.toSorted()).toStrictEqual(Object.keys(mailboxes.mailboxes).toSorted());
	});

	it.each(['\\Noselect', '\\NoSelect', '\\NOSELECT', '\\nonexistent'])(
		'holds none that is %s',
		async (flag) => {
			const { account } = await start({
				...DOTS,
				mailboxes: { INBOX: PLAIN, Folders: `\\HasChildren ${flag}`, 'Folders.In': PLAIN },
			});

			expect((await account.list()).map(({ path }) => path)).toStrictEqual(['INBOX', 'Folders.In']);
		},
	);
});

describe('a mailbox that was picked from the list', () => {
	it.each([
		[CYRUS, 'user.trinity.Shared'],
		[CYRUS, 'shared.on-call'],
		[CYRUS, 'INBOX.Alerts'],
		[DOVECOT, 'Public.On Call'],
		[DOTS, 'Backup 24/7'],
		[RAW, 'Störungen & mehr/日本'],
	])('is opened and moved into under its own name, %#', async (mailboxes, name) => {
		const { opened, move, names } = await start(mailboxes);
		const before = [...names.keys()];

		expect(await opened(name)).toBe(name);
		expect(await move(name)).toBe(name);

		expect([...names.keys()]).toStrictEqual(before);
	});
});

describe('a mailbox that was typed', () => {
	it.each([
		[CYRUS, 'Alerts', 'INBOX.Alerts'],
		[CYRUS, 'inbox/Alerts', 'INBOX.Alerts'],
		[CYRUS, 'Backup 24/7', 'INBOX.Backup 24.7'],
		[CYRUS, 'user/trinity/Shared', 'user.trinity.Shared'],
		[CYRUS, 'shared/on-call', 'shared.on-call'],
		[DOVECOT, 'Public/On Call', 'Public.On Call'],
		[DOTS, 'Alerts/2026', 'Alerts.2026'],
	])('is found where the server writes it otherwise, %#', async (mailboxes, typed, path) => {
		const { opened, move } = await start(mailboxes);

		expect(await opened(typed)).toBe(path);
		expect(await move(typed)).toBe(path);
	});

	it.each([
		[CYRUS, 'Alerts Done', 'INBOX.Alerts Done'],
		[CYRUS, 'user/trinity/Done', 'user.trinity.Done'],
		[DOVECOT, 'Public.Done', 'Public.Done'],
		[DOTS, 'Done/2026', 'Done.2026'],
	])('is created where it is missing, %#', async (mailboxes, typed, path) => {
		const { move, names } = await start(mailboxes);

		expect(await move(typed)).toBe(path);

		expect(names.has(path)).toBe(true);
	});

	it('costs a connection one question, whatever it is used for', async () => {
		const { account, server } = await start(CYRUS);

		await account.withMailbox('Alerts', async (mailbox) => {
			await mailbox.uidsAfter(0);
			await mailbox.status('Alerts');
		});

		expect(server.commands.filter((line) => line.startsWith('STATUS Alerts'))).toHaveLength(1);
	});
});
