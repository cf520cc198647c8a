import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { TestCa } from './tls';

/** What went over all connections since the last reset. */
export interface ImapTraffic {
	/** Commands without their tags and arguments, in order: `SELECT`, `UID FETCH`. */
	readonly commands: readonly string[];
	/** Bytes of the longest command line. */
	readonly longestCommand: number;
	/** Bytes the server sent, without TLS. */
	readonly received: number;
}

/** A way into a mail server that opens the TLS of both sides and counts. */
export interface ImapMeter {
	readonly host: '127.0.0.1';
	readonly port: number;
	readonly traffic: ImapTraffic;
	reset(): void;
	stop(): Promise<void>;
}

/** `A1 UID FETCH 1:* ...`; the lines in between are the continuation of a log-in. */
const COMMAND = /^[A-Z0-9]+ (?<verb>(?:UID )?[A-Z]+)/i;

/** Opens a meter in front of a server on this machine. */
export async function openImapMeter(server: { port: number; tls: TestCa }): Promise<ImapMeter> {
	const { ca, cert, key } = server.tls;
	const sockets = new Set<Socket>();
	let commands: string[] = [];
	let longestCommand = 0;
	let received = 0;
	const note = (line: string): void => {
		const verb = COMMAND.exec(line)?.groups?.['verb'];
		if (verb === undefined) return;
		commands.push(verb.toUpperCase());
		longestCommand = Math.max(longestCommand, line.length);
	};
	const listener = createServer({ cert, key }, (client) => {
		const inner = connect({ host: '127.0.0.1', port: server.port, ca, servername: 'localhost' });
		for (const socket of [client, inner]) {
			sockets.add(socket);
			// Otherwise answers in several pieces wait 40 ms for each other, which no mail server lets them.
			socket.setNoDelay();
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				client.destroy();
				inner.destroy();
			});
		}
		let rest = '';
		client.on('data', (chunk: Buffer) => {
			const lines = (rest + chunk.toString('latin1')).split('\r\n');
			rest = lines.pop() ?? '';
			for (const line of lines) note(line);
		});
		inner.on('data', (chunk: Buffer) => {
			received += chunk.length;
		});
		// Pipes hold the sender back while the receiver is busy.
		client.pipe(inner);
		inner.pipe(client);
	});
	listener.on('tlsClientError', () => undefined);
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const address = listener.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		host: '127.0.0.1',
		port: address.port,
		get traffic() {
			return { commands: [...commands], longestCommand, received };
		},
		reset: () => {
			commands = [];
			longestCommand = 0;
			received = 0;
		},
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			const closed = once(listener, 'close');
			listener.close();
			await closed;
		},
	};
}
