import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { endGroup } from './dovecot-process';
import { findFreePort } from './free-port';
import {
	createBackup,
	createMailAccess,
	createServerFolder,
	SERVER_PASSWORD,
	SERVER_USERS,
	shareOfTrinity,
} from './mail-server';
import type { MailServer, ServerFolder } from './mail-server';
import { createTestCa } from './tls';
import type { TestCa } from './tls';

/** What Debian's Courier-IMAP announces by default. */
const CAPABILITY =
	'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE ACL ACL2=UNION';
/** How often, in seconds, it looks for new mail during IDLE where no file monitor runs; a minute unless set. */
const IDLE_POLL_SECONDS = '2';

/** One connection, until it has signed in: then Courier's own imapd serves it. */
class Session {
	private rest = '';
	private imapd: ChildProcess | undefined;

	constructor(
		private readonly socket: TLSSocket,
		private readonly place: ServerFolder,
		private readonly children: Set<ChildProcess>,
	) {
		socket.on('error', () => socket.destroy());
		socket.on('data', (chunk: Buffer) => {
			if (this.imapd === undefined) this.take(chunk.toString('latin1'));
		});
		socket.write(`* OK [CAPABILITY ${CAPABILITY}] Courier-IMAP ready.\r\n`);
	}

	private take(text: string): void {
		const lines = (this.rest + text).split('\r\n');
		this.rest = lines.pop() ?? '';
		for (const line of lines) this.answer(line);
	}

	private answer(line: string): void {
		const [tag = '', command = '', user = '', password = ''] = line
			.split(' ')
			.map((word) => word.replace(/^"(.*)"$/, '$1'));
		if (command === 'CAPABILITY') {
			this.socket.write(`* CAPABILITY ${CAPABILITY}\r\n${tag} OK CAPABILITY completed\r\n`);
		} else if (command !== 'LOGIN') this.socket.write(`${tag} BAD Not now.\r\n`);
		else if (password === SERVER_PASSWORD && SERVER_USERS.some((name) => name === user)) {
			this.serve(tag, user);
		} else this.socket.write(`${tag} NO Login failed.\r\n`);
	}

	private serve(tag: string, user: string): void {
		const { folder, program, env, owner } = this.place;
		const home = path.join(folder, 'mail', user);
		const imapd = spawn(program, ['Maildir'], {
			cwd: home,
			env: {
				...env,
				HOME: home,
				AUTHENTICATED: user,
				IMAPLOGINTAG: tag,
				IMAP_CAPABILITY: CAPABILITY,
				IMAP_KEYWORDS: '1',
				// Locks are watched by a file monitor, which nobody has started: each SELECT would wait for it for seconds.
				IMAP_USELOCKS: '0',
				IMAP_IDLE_TIMEOUT: IDLE_POLL_SECONDS,
				IMAP_ACL: '1',
				IMAP_SHAREDINDEXFILE: path.join(folder, 'shared'),
				TCPREMOTEIP: '127.0.0.1',
				TCPREMOTEPORT: String(this.socket.remotePort),
				PROTOCOL: 'IMAP',
			},
			stdio: ['pipe', 'pipe', 'ignore'],
			detached: true,
			...owner.ids,
		});
		this.imapd = imapd;
		this.children.add(imapd);
		imapd.on('exit', () => this.children.delete(imapd));
		imapd.stdin.on('error', () => this.socket.destroy());
		this.socket.on('close', () => imapd.stdin.end());
		this.socket.pipe(imapd.stdin);
		imapd.stdout.pipe(this.socket);
	}
}

/** Whose mailboxes others may be let into: name, user and group of the system, home, Maildir (README.sharedfolders). */
function toSharedIndex({ folder, owner: { ids } }: ServerFolder): string {
	const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = ids ?? {};
	return SERVER_USERS.map((user) =>
		[user, String(uid), String(gid), path.join(folder, 'mail', user), 'Maildir'].join('\t'),
	)
		.map((line) => `${line}\n`)
		.join('');
}

/**
 * Starts Courier-IMAP on a free port of 127.0.0.1, with mail in a temporary folder. TLS and sign-in are the test's own,
 * everything after that is Courier's imapd.
 */
export async function startCourier(): Promise<MailServer> {
	const { ensureCourier } = await import('../../../scripts/toolchain.mjs');
	const tls = await createTestCa();
	const port = await findFreePort();
	const place = await createServerFolder('courier-imap', await ensureCourier());
	for (const user of SERVER_USERS) {
		for (const part of ['cur', 'new', 'tmp']) {
			await mkdir(path.join(place.folder, 'mail', user, 'Maildir', part), { recursive: true });
		}
	}
	await writeFile(path.join(place.folder, 'shared'), toSharedIndex(place));
	await place.own();
	const children = new Set<ChildProcess>();
	const killAtExit = () => {
		for (const child of children) endGroup(child);
	};
	process.once('exit', killAtExit);
	let front = await listen(place, tls, port, children);
	const pause = async () => {
		await front.close();
		for (const child of children) endGroup(child);
	};
	const access = createMailAccess({ port, ca: tls.ca });
	return {
		...access,
		share: (name) => shareOfTrinity(access, `INBOX.${name}`, `#shared.trinity.${name}`),
		...createBackup(place, ['mail']),
		pause,
		resume: async () => {
			front = await listen(place, tls, port, children);
		},
		stop: async () => {
			await pause();
			process.off('exit', killAtExit);
			await place.remove();
		},
	};
}

async function listen(
	place: ServerFolder,
	tls: TestCa,
	port: number,
	children: Set<ChildProcess>,
): Promise<{ close(): Promise<void> }> {
	const sockets = new Set<TLSSocket>();
	const server: Server = createServer({ key: tls.key, cert: tls.cert }, (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		new Session(socket, place, children);
	});
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	return {
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
			});
		},
	};
}
