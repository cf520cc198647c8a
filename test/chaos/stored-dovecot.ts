import { execFile } from 'node:child_process';
import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { startDovecot, type Dovecot, type DovecotOptions } from '../support/servers/dovecot';
import { findOwner } from '../support/servers/dovecot-process';
import { createBackup } from '../support/servers/mail-server';

const run = promisify(execFile);

/** A Dovecot whose mail can be put back to an earlier state, and whose files can be damaged. */
export interface StoredDovecot extends Dovecot {
	/** Keeps the mail of all users as it is. */
	backUp(): Promise<void>;
	/** Puts back what was kept. */
	restore(): Promise<void>;
	/** Makes the file of a mail unreadable. */
	damage(user: string, mailbox: string, token: string): Promise<void>;
	/** Makes it readable again, wherever it lies now. */
	mend(): Promise<void>;
}

/** Starts Dovecot; see startDovecot. */
export async function startStoredDovecot(options: DovecotOptions): Promise<StoredDovecot> {
	let folder = '';
	let damaged: string | undefined;
	const dovecot = await startDovecot({
		...options,
		config: (place) => {
			folder = place;
			return '';
		},
	});
	const own = async () => {
		const { user, group, ids } = await findOwner();
		if (ids !== undefined) await run('chown', ['-R', '-h', `${user}:${group}`, folder]);
	};
	const { backUp, restore } = createBackup({ folder, own }, ['mail']);
	const whileStopped = async (act: () => Promise<void>) => {
		await dovecot.pause();
		await act();
		await dovecot.resume();
	};
	return {
		...dovecot,
		backUp: () => whileStopped(backUp),
		restore: () => whileStopped(restore),
		damage: (user, mailbox, token) =>
			// Nothing of the mail may be known from its delivery.
			whileStopped(async () => {
				const file = await findFile(path.join(folder, 'mail', user), mailbox, token);
				await chmod(file, 0);
				damaged = path.basename(file).replace(/:.*$/, '');
			}),
		mend: async () => {
			if (damaged === undefined) return;
			await run('find', [folder, '-name', `${damaged}*`, '-exec', 'chmod', '600', '{}', '+']);
			damaged = undefined;
		},
	};
}

async function findFile(home: string, mailbox: string, token: string): Promise<string> {
	for (const part of ['cur', 'new']) {
		const place = path.join(home, 'Maildir', `.${mailbox}`, part);
		for (const name of await readdir(place)) {
			const file = path.join(place, name);
			if ((await readFile(file, 'utf8')).includes(token)) return file;
		}
	}
	throw new Error(`No file has the mail ${token}`);
}
