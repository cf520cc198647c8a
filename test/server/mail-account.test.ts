import { afterAll, beforeAll, expect, it } from 'vitest';
import { SILENT_LOG } from '../../nodes/core/log';
import { createMailAccount } from '../../nodes/mail/account';
import { startDovecot } from '../support/dovecot';
import type { Dovecot } from '../support/dovecot';
let dovecot: Dovecot;
beforeAll(async () => {
	dovecot = await startDovecot({ users: { 'alice@example.com': 'pw' } });
});
afterAll(() => dovecot.stop());
it('works', async () => {
	const { host, port, ca } = dovecot;
	const raw = (s: string) => Buffer.from(s.replaceAll('\n', '\r\n'), 'latin1');
	const msgs = [
		'From: Trinity <trinity@zion.com>\nTo: neo@x.org\nSubject: Wake up Neo\nDate: Mon, 1 Jan 2024 10:00:00 +0100\nMessage-ID: <a@b>\n\nSpoon: false\n',
		'From: root (Cron Daemon)\nSubject: =?utf-8?Q?caf=C3?=\n =?utf-8?Q?=A9?=\n\tfolded\n\nx',
		'From: caf\xe9 <a@b.c>, undisclosed: c@d.e, f@g.h;, <i@j.k>\nSubject: caf\xe9 raw\nDate: yesterday\n\nx',
		'From: caf\xc3\xa9 <a@b.c>\nSubject: caf\xc3\xa9 raw utf8 =?iso-8859-1?Q?=E9?=\nContent-Type: multipart/mixed; boundary=x\n\nfoo\n--x\nContent-Type: text/html\n\n<b>hi</b>\n--x\nContent-Type: application/pdf; name="=?utf-8?Q?=C3=A9.pdf?="\n\nabc\n--x\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner text\n--x--\n',
		'From: <>\nSubject: multi\nContent-Type: multipart/mixed\n\nno boundary here\n',
		'From: a@b.c\nSubject: multi2\nContent-Type: multipart/mixed; boundary=zz\n\nno delimiter in here\n',
		'From: a@b.c\nSubject: rfc root\nContent-Type: message/rfc822\n\nSubject: inner\n\nbody\n',
		'From: "Doe, John" <john@x.y>\n\n',
		'Subject: nothing\n\nhi\0there\n',
	];
	for (const m of msgs) await dovecot.deliver('alice@example.com', raw(m));
	const account = createMailAccount({
		account: { host, port, username: 'alice@example.com', caCertificate: ca },
		signIn: async () => ({ user: 'alice@example.com', password: 'pw' }),
		log: { ...SILENT_LOG, debug: console.log },
	});
	await account.withMailbox('INBOX', async (m) => {
		console.log(m.state, await m.uidsAfter(0), await m.newestUids(2), await m.existing([1, 99]));
		const heads = await m.heads(await m.uidsAfter(0));
		for (const h of heads) console.log(JSON.stringify(h));
		console.log(await m.bodies(heads));
		await m.addFlag([1, 77], '\\Seen');
		await m.move([1, 2, 77], 'AlertMagic/Processed');
		console.log(await m.status('AlertMagic/Processed'), await m.isSpecial('AlertMagic/Processed'));
		console.log(await m.uidsAfter(0));
		console.log(
			await m.deleteSavedBefore('AlertMagic/Processed', new Date(Date.now() + 3 * 86400000)),
		);
		console.log(await m.status('AlertMagic/Processed'));
		await m.delete([3, 88]);
		console.log(await m.uidsAfter(0));
	});
	console.log(await account.list());
	expect(1).toBe(1);
});
