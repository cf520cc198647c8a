import { connect, createServer } from 'node:tls';
import { Relay, type Way } from './relay';
import type { TestCa } from '../servers/tls';

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
export interface ImapMeter extends Way {
	readonly traffic: ImapTraffic;
	reset(): void;
}

/** `A1 UID FETCH 1:* ...`; the lines in between are the continuation of a log-in. */
const COMMAND = /^[A-Z0-9]+ (?<verb>(?:UID )?[A-Z]+)/i;

/** Opens a meter in front of a server on this machine. */
export async function openImapMeter(server: { port: number; tls: TestCa }): Promise<ImapMeter> {
	const { ca, cert, key } = server.tls;
	const relay = new Relay();
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
		let rest = '';
		client.on('data', (chunk: Buffer) => {
			const lines = (rest + chunk.toString('latin1')).split('\r\n');
			rest = lines.pop() ?? '';
			for (const line of lines) note(line);
		});
		inner.on('data', (chunk: Buffer) => {
			received += chunk.length;
		});
		relay.join(client, inner);
	});
	listener.on('tlsClientError', () => undefined);
	const way = await relay.open(listener);
	return {
		...way,
		get traffic() {
			return { commands: [...commands], longestCommand, received };
		},
		reset: () => {
			commands = [];
			longestCommand = 0;
			received = 0;
		},
	};
}
