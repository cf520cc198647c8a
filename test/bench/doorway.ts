import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A way to a mail server, through which all passes as it is, that notices who speaks when; times are `performance.now`. */
export interface Doorway {
	readonly port: number;
	/** Resolves when the next bytes of a client come, with the time. */
	nextWord(): Promise<number>;
	/** Resolves once the server has been silent for so many milliseconds, with the time of its last bytes. */
	silence(milliseconds: number): Promise<number>;
	stop(): Promise<void>;
}

/** Opens a doorway on this machine to the server at `port`; TLS goes through unopened. */
export async function openDoorway(port: number): Promise<Doorway> {
	const sockets = new Set<Socket>();
	let listeners: Array<(at: number) => void> = [];
	let lastAnswer = 0;
	const doorway = createServer((client) => {
		const server = connect(port, '127.0.0.1');
		for (const socket of [client, server]) {
			sockets.add(socket);
			socket.setNoDelay();
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				client.destroy();
				server.destroy();
			});
		}
		client.on('data', () => {
			const at = performance.now();
			for (const listener of listeners) listener(at);
			listeners = [];
		});
		server.on('data', () => {
			lastAnswer = performance.now();
		});
		// Pipes hold the sender back while the receiver is busy.
		client.pipe(server);
		server.pipe(client);
	});
	doorway.listen(0, '127.0.0.1');
	await once(doorway, 'listening');
	const address = doorway.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		port: address.port,
		nextWord: () => new Promise((resolve) => void listeners.push(resolve)),
		silence: async (milliseconds) => {
			const since = performance.now();
			for (;;) {
				const left = Math.max(since, lastAnswer) + milliseconds - performance.now();
				if (left <= 0) return lastAnswer;
				await delay(left);
			}
		},
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			const closed = once(doorway, 'close');
			doorway.close();
			await closed;
		},
	};
}
