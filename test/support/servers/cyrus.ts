import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import path from 'node:path';
import { endGroup, stopChild, waitForGreeting } from './dovecot-process';
import { findFreePort } from './free-port';
import {
	createBackup,
	createMailAccess,
	createServerFolder,
	SERVER_PASSWORD,
	shareOfTrinity,
} from './mail-server';
import type { MailServer, ServerFolder } from './mail-server';
import { createTestCa } from './tls';

/** Cyrus as Debian sets it up: all mailboxes below INBOX, levels divided by dots. */
const toImapdConfig = ({ folder, owner }: ServerFolder) => `configdirectory: ${folder}/config
partition-default: ${folder}/spool
defaultpartition: default
cyrus_user: ${owner.user}
admins: cyrus
altnamespace: no
unixhierarchysep: no
autocreate_quota: 0
allowplaintext: yes
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: ${folder}/mux
sasl_mech_list: PLAIN LOGIN
tls_server_cert: ${folder}/cert.pem
tls_server_key: ${folder}/key.pem
tls_versions: tls1_2 tls1_3
lock_path: ${folder}/config/lock
proc_path: ${folder}/config/proc
mboxname_lockpath: ${folder}/config/lock
idlesocket: ${folder}/config/socket/idle
sievedir: ${folder}/sieve
maxlogins_per_user: 50
expunge_mode: immediate
delete_mode: immediate
`;

const toCyrusConfig = ({ folder, root }: ServerFolder, port: number) => `START {
  recover cmd="${root}/usr/lib/cyrus/bin/ctl_cyrusdb -C ${folder}/imapd.conf -r"
}
SERVICES {
  imaps cmd="${root}/usr/lib/cyrus/bin/imapd -C ${folder}/imapd.conf -s" listen="127.0.0.1:${String(port)}" prefork=1
}
DAEMON {
  idled cmd="${root}/usr/lib/cyrus/bin/idled -C ${folder}/imapd.conf"
}
`;

/** Answers as saslauthd does: four counted words (user, password, service, realm), then `OK` or `NO`. */
async function startPasswordCheck(file: string): Promise<Server> {
	const server = createServer((socket: Socket) => {
		let received = Buffer.alloc(0);
		socket.on('error', () => socket.destroy());
		socket.on('data', (chunk: Buffer) => {
			received = Buffer.concat([received, chunk]);
			const words = readWords(received);
			if (words.length < 4) return;
			const answer = words[1] === SERVER_PASSWORD ? 'OK' : 'NO';
			socket.end(Buffer.concat([Buffer.from([0, answer.length]), Buffer.from(answer)]));
		});
	});
	await new Promise<void>((resolve) => server.listen({ path: file, writableAll: true }, resolve));
	return server;
}

function readWords(bytes: Buffer): string[] {
	const words: string[] = [];
	for (let at = 0; at + 2 <= bytes.length;) {
		const end = at + 2 + bytes.readUInt16BE(at);
		if (end > bytes.length) break;
		words.push(bytes.toString('utf8', at + 2, end));
		at = end;
	}
	return words;
}

/** Starts Cyrus IMAP on a free port of 127.0.0.1, with mail in a temporary folder. */
export async function startCyrus(): Promise<MailServer> {
	const { ensureCyrus } = await import('../../../scripts/toolchain.mjs');
	const tls = await createTestCa();
	const port = await findFreePort();
	const place = await createServerFolder('cyrus-imapd', await ensureCyrus());
	const { folder } = place;
	for (const part of [
		'config/db',
		'config/proc',
		'config/lock',
		'config/socket',
		'spool',
		'sieve',
	]) {
		await mkdir(path.join(folder, part), { recursive: true });
	}
	await writeFile(path.join(folder, 'imapd.conf'), toImapdConfig(place));
	await writeFile(path.join(folder, 'cyrus.conf'), toCyrusConfig(place, port));
	await writeFile(path.join(folder, 'cert.pem'), tls.cert);
	await writeFile(path.join(folder, 'key.pem'), tls.key);
	const passwords = await startPasswordCheck(path.join(folder, 'mux'));
	await place.own();
	let running = await start(place, port);
	const pause = () => running.stop();
	const access = createMailAccess({ port, ca: tls.ca });
	return {
		...access,
		share: (name) => shareOfTrinity(access, `INBOX.${name}`, `user.trinity.${name}`),
		...createBackup(place, ['config', 'spool']),
		pause,
		resume: async () => {
			running = await start(place, port);
		},
		stop: async () => {
			await pause();
			passwords.close();
			await place.remove();
		},
	};
}

async function start(place: ServerFolder, port: number): Promise<{ stop(): Promise<void> }> {
	const { folder, program, env, owner } = place;
	const files = ['-C', `${folder}/imapd.conf`, '-M', `${folder}/cyrus.conf`];
	const output: string[] = [];
	const child = spawn(program, [...files, '-p', `${folder}/master.pid`], {
		cwd: folder,
		env: { ...env, CYRUS_USER: owner.user },
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
		...owner.ids,
	});
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	}
	const killAtExit = () => {
		endGroup(child);
	};
	process.once('exit', killAtExit);
	const stop = async () => {
		await stopChild(child);
		endGroup(child);
		process.off('exit', killAtExit);
	};
	try {
		await waitForGreeting(port, child, () =>
			Promise.resolve(new Error(`Cyrus did not start:\n${output.join('')}`)),
		);
	} catch (error) {
		await stop();
		throw error;
	}
	return { stop };
}
