import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import { verifyLogin } from '../support/imap/verify-login';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const PASSWORD = 'white-rabbit';
const users = ['read', 'raw', 'move', 'delete', 'large', 'many', 'names'];
const toUser = (name: string) => `${name}@example.com`;

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({
		users: Object.fromEntries(users.map((name) => [toUser(name), PASSWORD])),
	});
});
afterAll(() => dovecot.stop());

const toOptions = (name: string, password = PASSWORD) => ({
	account: {
		host: dovecot.host,
		port: dovecot.port,
		username: toUser(name),
		caCertificate: dovecot.ca,
	},
	signIn: () => Promise.resolve({ user: toUser(name), password }),
	log: SILENT_LOG,
});
const accountOf = (name: string) =>
	createMailAccount({ ...toOptions(name), shared: OWN_CONNECTIONS });
const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1');
const deliverAll = async (name: string, mails: readonly Buffer[]) => {
	for (const raw of mails) await dovecot.deliver(toUser(name), raw);
};
const readAll = (name: string) =>
	accountOf(name).withMailbox('INBOX', async (mailbox) => {
		const messages = await mailbox.heads(await mailbox.uidsAfter(0));
		const { texts: bodies } = await mailbox.bodies(messages);
		return messages.map(({ summary }) => ({ ...summary, body: bodies.get(summary.uid) }));
	});

it('signs in with the right password only', async () => {
	await expect(
		verifyLogin({ ...toOptions('read'), shared: OWN_CONNECTIONS }),
	).resolves.toBeUndefined();
	await expect(
		verifyLogin({ ...toOptions('read', 'red-pill'), shared: OWN_CONNECTIONS }),
	).rejects.toMatchObject({
		code: 'password-rejected',
	});
});

it('says which mailbox is missing', async () => {
	await expect(
		accountOf('read').withMailbox('No/Such', () => Promise.resolve()),
	).rejects.toMatchObject({
		code: 'mailbox-missing',
		message: expect.stringContaining('"No/Such"'),
	});
});

it('reads heads and texts and leaves the messages unread', async () => {
	await deliverAll('read', [
		mail(
			'From: Trinity <trinity@zion.com>, "Doe, John" <john@x.org>',
			'To: team: a@x.org, b@x.org;, <c@x.org>',
			'Subject: =?utf-8?Q?Caf=C3?=',
			' =?utf-8?Q?=A9_?= =?iso-8859-1?B?6Q==?=',
			'\tfolded',
			'Message-ID: <1@zion.com>',
			'Date: Mon, 23 Nov 2026 10:00:00 +0100',
			'Content-Type: multipart/mixed; boundary=b',
			'',
			'--b',
			'Content-Type: multipart/alternative; boundary=c',
			'',
			'--c',
			'Content-Type: text/plain; charset=windows-1252',
			'Content-Transfer-Encoding: quoted-printable',
			'',
			'Spoon: =93false=94',
			'--c',
			'Content-Type: text/html',
			'',
			'<b>Spoon</b>',
			'--c--',
			'--b',
			'Content-Type: application/pdf; name="=?utf-8?Q?=C3=A9.pdf?="',
			"Content-Disposition: attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf",
			'Content-Transfer-Encoding: base64',
			'',
			'AAAA',
			'--b--',
			'',
		),
	]);

	expect(await readAll('read')).toMatchObject([
		{
			account: `read@example.com@127.0.0.1`,
			mailbox: 'INBOX',
			from: ['trinity@zion.com', 'john@x.org'],
			to: ['a@x.org', 'b@x.org', 'c@x.org'],
			subject: 'Café é folded',
			messageId: '<1@zion.com>',
			date: '2026-11-23T09:00:00.000Z',
			attachments: [{ part: '2', fileName: 'été.pdf', contentType: 'application/pdf' }],
			body: { text: 'Spoon: “false”', source: 'text', truncated: false },
		},
	]);
	expect((await dovecot.list(toUser('read'))).map(({ flags }) => [...flags])).not.toContainEqual(
		expect.arrayContaining(['\\Seen']),
	);
});

it('reads what is not quite a mail', async () => {
	await deliverAll('raw', [
		mail('From: root (Cron Daemon)', 'Subject: caf\xe9', '', 'x'),
		mail(
			'From: <>',
			'Subject: \xcf\xf0\xe8',
			'Content-Type: text/plain; charset=windows-1251',
			'',
			'\xcf',
		),
		mail(
			'Subject: =?broken',
			'Date: yesterday',
			'Content-Type: multipart/mixed',
			'',
			'no parts',
			'',
		),
		mail('Content-Type: multipart/mixed; boundary=zz', '', 'no delimiter', ''),
		mail(
			'Content-Type: multipart/mixed; boundary=zz',
			'',
			'for old programs',
			'--zz',
			'',
			'--zz--',
			'',
		),
		mail('Content-Type: message/rfc822', '', 'Subject: inner', '', 'inner text', ''),
		mail(
			'Content-Type: text/html',
			'',
			'<table><tr><td>Spoon:</td><td>false</td></tr></table>',
			'',
		),
		mail('', ''),
	]);

	expect(await readAll('raw')).toMatchObject([
		{ from: ['root'], subject: 'café', body: { text: 'x', source: 'text' } },
		{ from: [], subject: 'При', body: { text: 'П' } },
		{ subject: '=?broken', date: null, body: { text: 'no parts\r\n', source: 'text' } },
		{ body: { text: 'no delimiter\r\n', source: 'text' } },
		{ body: { text: '', source: 'none' } },
		{ body: { text: '', source: 'none' }, attachments: [{ contentType: 'message/rfc822' }] },
		{ body: { text: 'Spoon: false', source: 'html' } },
		{ from: [], to: [], subject: '', messageId: null, body: { text: '' } },
	]);
});

it('leaves attachments and the rest of a long text on the server', async () => {
	const long = `${'a line of text\r\n'.repeat(40_000)}`;
	const attached = `${'QUFB'.repeat(18)}\r\n`.repeat(70_000);
	await deliverAll('large', [
		mail('Content-Type: text/plain', '', long),
		mail(
			'Content-Type: multipart/mixed; boundary=b',
			'',
			'--b',
			'',
			'short',
			'--b',
			'Content-Type: application/zip',
			'Content-Transfer-Encoding: base64',
			'',
			attached,
			'--b--',
			'',
		),
	]);
	const before = (await dovecot.readLog()).length;

	const [first, second] = await readAll('large');

	expect(first?.body).toMatchObject({ truncated: true, source: 'text' });
	expect(first?.body?.text).toMatch(/^(?:a line of text\r\n){16384}$/);
	expect(second?.body).toMatchObject({ text: 'short', truncated: false });
	const sent = async () => {
		const log = (await dovecot.readLog()).slice(before);
		return Math.max(0, ...[...log.matchAll(/ out=(\d+)/g)].map(([, bytes]) => Number(bytes)));
	};
	await expect.poll(sent, { timeout: 30_000 }).toBeGreaterThan(256 * 1024);
	expect(await sent()).toBeLessThan(300 * 1024);
});

describe('moving', () => {
	it('creates the folder, subscribes it, and takes a message that is gone for moved', async () => {
		await deliverAll('move', [mail('Subject: 1', '', ''), mail('Subject: 2', '', '')]);

		await accountOf('move').withMailbox('inbox', async (mailbox) => {
			await mailbox.addFlag([1, 77], '\\Flagged');
			await mailbox.move([1, 77], 'Alerts/Done é');
			await mailbox.move([2, 78], 'Alerts/Done é');
			expect(await mailbox.existing([1, 2])).toStrictEqual([]);
		});

		const moved = await dovecot.list(toUser('move'), 'Alerts/Done é');
		expect(moved).toHaveLength(2);
		const subscribed = await dovecot.withClient(toUser('move'), async (client) =>
			(await client.list()).filter((mailbox) => mailbox.subscribed).map(({ path }) => path),
		);
		expect(subscribed).toContain('Alerts/Done é');
	});
});

it('deletes the named messages and not those another program has marked', async () => {
	await deliverAll(
		'delete',
		[1, 2, 3].map((n) => mail(`Subject: ${String(n)}`, '', '')),
	);
	await dovecot.withClient(toUser('delete'), async (client) => {
		await client.mailboxOpen('INBOX');
		await client.messageFlagsAdd('1', ['\\Deleted'], { uid: true });
	});

	await accountOf('delete').withMailbox('INBOX', (mailbox) => mailbox.delete([2, 99]));

	expect((await dovecot.list(toUser('delete'))).map(({ uid }) => uid)).toStrictEqual([1, 3]);
});

it('finds its way among many messages and long lists of UIDs', async () => {
	await deliverAll(
		'many',
		Array.from({ length: 60 }, (_, n) =>
			mail(`Subject: ${String(n + 1)}`, '', `body ${String(n + 1)}`),
		),
	);
	const everyOther = Array.from({ length: 10_000 }, (_, n) => n * 2 + 1);

	await accountOf('many').withMailbox(
		'INBOX',
		async (mailbox) => {
			expect(await mailbox.uidsAfter(57)).toStrictEqual([58, 59, 60]);
			expect(await mailbox.uidsAfter(60)).toStrictEqual([]);
			expect(await mailbox.newestUids(3)).toStrictEqual([58, 59, 60]);
			expect(await mailbox.newestUids(999)).toHaveLength(60);
			expect(await mailbox.existing(everyOther)).toHaveLength(30);
			const heads = await mailbox.heads([60, 3, 999, 41]);
			expect(heads.map(({ summary }) => summary.subject)).toStrictEqual(['60', '3', '41']);
			const all = await mailbox.heads(await mailbox.uidsAfter(0));
			const { texts: bodies } = await mailbox.bodies(all);
			expect([...bodies.values()].map(({ text }) => text)).toContain('body 60');
			expect(bodies.size).toBe(60);
		},
		{ readOnly: true },
	);
});

it('lists what can be opened, and opens it', async () => {
	await dovecot.withClient(toUser('names'), async (client) => {
		await client.mailboxCreate('日本/Überwachung & Co');
	});

	const paths = (await accountOf('names').list()).map(({ path }) => path);

	expect(paths).toStrictEqual(expect.arrayContaining(['INBOX', '日本/Überwachung & Co']));
	await expect(
		accountOf('names').withMailbox('日本/Überwachung & Co', ({ state }) =>
			Promise.resolve(state.path),
		),
	).resolves.toBe('日本/Überwachung & Co');
});
