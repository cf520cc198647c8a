import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { deliver, list, listMailboxes, withMailClient } from './dovecot-mailbox';
import type { Dovecot } from './dovecot';
import type { ImapFlow } from 'imapflow';
import { findOwner } from './dovecot-process';
import type { Owner } from './dovecot-process';

const run = promisify(execFile);

/** A real IMAP server with users `neo` and `trinity`, for tests that run on several of them. */
export type MailServer = Pick<
	Dovecot,
	'host' | 'port' | 'ca' | 'deliver' | 'list' | 'listMailboxes' | 'withClient'
> & {
	/** Ends all sessions and stops listening; mail stays. */
	pause(): Promise<void>;
	/** Starts again on the same port. */
	resume(): Promise<void>;
	/** Keeps a copy of all mail; between `pause` and `resume`. */
	backUp(): Promise<void>;
	/** Puts the copy back, as an administrator does after a crash; between `pause` and `resume`. */
	restore(): Promise<void>;
	/** A mailbox of this name that another user, or everybody, shares with `neo`; made when it is missing. */
	share(name: string): Promise<SharedMailbox>;
	stop(): Promise<void>;
};

/** A mailbox that does not belong to `neo`. */
export interface SharedMailbox {
	/** As the server lists it for `neo`. */
	readonly path: string;
	deliver(raw: string): Promise<unknown>;
}

/** Of every user. */
export const SERVER_PASSWORD = 'white-rabbit';
export const SERVER_USERS = ['neo', 'trinity'] as const;

type ServerTool =
	{ path: string; env: Record<string, string>; root?: string } | { unavailable: string };

/** The folder that holds everything of one server, owned by who it runs as. */
export interface ServerFolder {
	readonly folder: string;
	readonly owner: Owner;
	/** The program, and the environment to run it with. */
	readonly program: string;
	/** The folder that stands for `/`. */
	readonly root: string;
	readonly env: NodeJS.ProcessEnv;
	/** Gives all of it to the owner. */
	own(): Promise<void>;
	remove(): Promise<void>;
}

/** Copies an unpacked server into a folder of its own, since who it runs as need not be able to read the project's. */
export async function createServerFolder(name: string, tool: ServerTool): Promise<ServerFolder> {
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const { root: unpacked, path: file, env } = tool;
	if (unpacked === undefined) throw new Error(`${name} is not unpacked`);
	const folder = await mkdtemp(path.join(tmpdir(), `${name}-`));
	const root = path.join(folder, 'root');
	await cp(unpacked, root, { recursive: true, verbatimSymlinks: true });
	const owner = await findOwner();
	const libraryPath = env['LD_LIBRARY_PATH']?.replaceAll(unpacked, root);
	return {
		folder,
		owner,
		root,
		program: path.join(root, path.relative(unpacked, file)),
		env: { PATH: process.env.PATH, LD_LIBRARY_PATH: libraryPath },
		own: async () => {
			await chmod(folder, 0o755);
			if (owner.ids !== undefined) {
				await run('chown', ['-R', '-h', `${owner.user}:${owner.group}`, folder]);
			}
		},
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

/** Copies of the parts of a server that hold mail. */
export function createBackup(
	{ folder, own }: Pick<ServerFolder, 'folder' | 'own'>,
	parts: readonly string[],
) {
	const copy = async (from: string, to: string) => {
		for (const part of parts) {
			await rm(path.join(to, part), { recursive: true, force: true });
			await cp(path.join(from, part), path.join(to, part), {
				recursive: true,
				preserveTimestamps: true,
			});
		}
		await own();
	};
	const kept = path.join(folder, 'backup');
	return { backUp: () => copy(folder, kept), restore: () => copy(kept, folder) };
}

/** The mailboxes of the users. */
export function createMailAccess(server: { readonly port: number; readonly ca: string }) {
	const toLogin = (user: string) => ({
		host: '127.0.0.1',
		...server,
		user,
		password: SERVER_PASSWORD,
	});
	return {
		host: '127.0.0.1' as const,
		...server,
		deliver: (user: string, raw: string | Buffer, options = {}) =>
			deliver(toLogin(user), raw, options),
		list: (user: string, mailbox = 'INBOX') => list(toLogin(user), mailbox),
		listMailboxes: (user: string) => listMailboxes(toLogin(user)),
		withClient: <Result>(
			user: string,
			act: Parameters<typeof withMailClient<Result>>[1],
		): Promise<Result> => withMailClient(toLogin(user), act),
	};
}

/** What the driver's commands are built on; not among its types. */
interface CommandRunner {
	exec(
		command: string,
		words: ReadonlyArray<{ readonly type: 'STRING'; readonly value: string }>,
	): Promise<{ next(): void }>;
}

function isCommandRunner(client: ImapFlow): client is ImapFlow & CommandRunner {
	return 'exec' in client && typeof client.exec === 'function';
}

/** Lets `neo` do everything in a mailbox of `trinity`'s (RFC 4314). */
export async function shareOfTrinity(
	{ withClient, deliver: put }: Pick<MailServer, 'withClient' | 'deliver'>,
	mailbox: string,
	path: string,
): Promise<SharedMailbox> {
	await withClient('trinity', async (client) => {
		await client.mailboxCreate(mailbox);
		if (!isCommandRunner(client)) throw new Error('The driver has changed');
		const words = [mailbox, 'neo', 'lrswite'].map((value) => ({ type: 'STRING' as const, value }));
		(await client.exec('SETACL', words)).next();
	});
	return { path, deliver: (raw) => put('trinity', raw, { mailbox }) };
}
