import type { ImapFlow } from 'imapflow';
import { toDovecotConfig, toKeyPath, toOauthConfig, type DovecotOauth } from './dovecot-config';
import {
	deliver,
	list,
	listMailboxes,
	withMailClient,
	type DeliverOptions,
	type StoredMessage,
} from './dovecot-mailbox';
import { createDovecotFolder, startProcess, type DovecotFolder } from './dovecot-process';
import { findFreePort } from './free-port';
import { createTestCa, type TestCa } from './tls';

export interface DovecotOptions {
	/** Addresses with their passwords. */
	users: Record<string, string>;
	/** Leave out to offer no XOAUTH2. */
	oauth?: DovecotOauth;
	/** SASL mechanisms offered; as Exchange does (`plain login xoauth2`) when left out. */
	mechanisms?: string;
	/** The only capabilities advertised, to play a poorer server: `IMAP4rev1 SASL-IR LITERAL+`. */
	capability?: string;
	/** Further lines of dovecot.conf, from the path of the server's folder. */
	config?: string | ((folder: string) => string);
	/** Further files by path below the server's folder. */
	files?: Record<string, string>;
	/** Certificate to show; one for localhost and 127.0.0.1 is made when left out. */
	tls?: TestCa;
}

export interface Dovecot {
	host: '127.0.0.1';
	port: number;
	/** Authority to trust, PEM. */
	ca: string;
	/** Appends a message as it stands and returns its UID. */
	deliver(user: string, raw: string | Buffer, options?: DeliverOptions): Promise<number>;
	/** The messages of a mailbox; none when there is no such mailbox. */
	list(user: string, mailbox?: string): Promise<StoredMessage[]>;
	listMailboxes(user: string): Promise<string[]>;
	/** Whatever else a test needs of a user's mailboxes. */
	withClient<T>(user: string, act: (client: ImapFlow) => Promise<T>): Promise<T>;
	/** Writes a file below the server's folder anew, such as one of `files`. */
	setFile(name: string, content: string): Promise<void>;
	/** What Dovecot has logged so far. */
	readLog(): Promise<string>;
	/** Ends all sessions and stops listening; mail stays. */
	pause(): Promise<void>;
	/** Starts again on the same port after `pause`. */
	resume(): Promise<void>;
	/** `pause` and `resume`. */
	restart(): Promise<void>;
	/** Stops and removes everything. */
	stop(): Promise<void>;
}

/** Files by path below the server's folder; `keys/` is looked into as a token is checked. */
function toServerFiles(place: DovecotFolder, port: number, tls: TestCa, options: DovecotOptions) {
	const { oauth, users, config = '' } = options;
	const passwords = Object.entries(users).map(([user, password]) => `${user}:{PLAIN}${password}\n`);
	return {
		...options.files,
		'dovecot.conf': toDovecotConfig({
			...place,
			port,
			mechanisms: options.mechanisms ?? 'plain login xoauth2',
			capability: options.capability,
			config: typeof config === 'string' ? config : config(place.folder),
			oauth: oauth !== undefined,
		}),
		'cert.pem': tls.cert,
		'key.pem': tls.key,
		users: passwords.join(''),
		...(oauth !== undefined && {
			'oauth2.conf.ext': toOauthConfig(place.folder, oauth),
			[`keys/${toKeyPath(oauth)}`]: oauth.publicKeyPem,
		}),
	};
}

/** Mailboxes of the server's users, by the passwords that it was started with. */
function createMailboxAccess(server: { port: number; ca: string }, users: Record<string, string>) {
	const toLogin = (user: string) => {
		const password = users[user];
		if (password === undefined) throw new Error(`This Dovecot has no user ${user}`);
		return { host: '127.0.0.1', ...server, user, password };
	};
	return {
		deliver: (user: string, raw: string | Buffer, options: DeliverOptions = {}) =>
			deliver(toLogin(user), raw, options),
		list: (user: string, mailbox = 'INBOX') => list(toLogin(user), mailbox),
		listMailboxes: (user: string) => listMailboxes(toLogin(user)),
		withClient: <T>(user: string, act: (client: ImapFlow) => Promise<T>) =>
			withMailClient(toLogin(user), act),
	};
}

/**
 * Starts a real Dovecot on a free port of 127.0.0.1, with mail in a temporary folder and TLS only.
 * @throws When Dovecot cannot be had or does not start; the message ends with its log.
 */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
	const tls = options.tls ?? (await createTestCa());
	const port = await findFreePort();
	const place = await createDovecotFolder();
	await place.write(toServerFiles(place, port, tls, options));
	let running = await startProcess(place, port).catch(async (error: unknown) => {
		await place.remove();
		throw error;
	});
	const pause = () => running.stop();
	const resume = async () => {
		running = await startProcess(place, port);
	};
	return {
		host: '127.0.0.1',
		port,
		ca: tls.ca,
		...createMailboxAccess({ port, ca: tls.ca }, options.users),
		setFile: (name, content) => place.write({ [name]: content }),
		readLog: () => place.readLog(),
		pause,
		resume,
		restart: async () => {
			await pause();
			await resume();
		},
		stop: async () => {
			await pause();
			await place.remove();
		},
	};
}
