import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { toMail } from './imap-ingest-run';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

let dovecot: Dovecot;
let folder = '';
beforeAll(async () => {
	dovecot = await startDovecot({
		users: { neo: 'white-rabbit' },
		config: (place) => {
			folder = place;
			return '';
		},
	});
});
afterAll(() => dovecot.stop());

it('a mail whose file Dovecot cannot open, at which it hangs up, does not stop the others', async () => {
	for (const name of ['one', 'two', 'three', 'four']) await dovecot.deliver('neo', toMail(name));
	const mails = path.join(folder, 'mail/neo/Maildir');
	await chmod(await findMail(mails, 'two'), 0);
	// Nothing of it may be known from its delivery.
	await dovecot.restart();
	const account = createMailAccount({
		account: { host: dovecot.host, port: dovecot.port, username: 'neo', caCertificate: dovecot.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		shared: OWN_CONNECTIONS,
	});
	const heads = await account.withMailbox('INBOX', async (mailbox) =>
		mailbox.heads(await mailbox.uidsAfter(0)),
	);
	const readable = heads.filter(({ failure }) => failure === undefined);
	expect(readable.map(({ summary }) => summary.subject)).toEqual(['one', 'three', 'four']);
	expect(heads.find(({ failure }) => failure !== undefined)?.summary.uid).toBe(2);
});

/** The names of the files say little: the microseconds in them have no leading zeros. */
async function findMail(maildir: string, subject: string): Promise<string> {
	for (const part of ['cur', 'new']) {
		for (const name of await readdir(path.join(maildir, part))) {
			const file = path.join(maildir, part, name);
			if ((await readFile(file, 'utf8')).includes(`Subject: ${subject}\n`)) return file;
		}
	}
	throw new Error(`No mail has the subject ${subject}.`);
}
