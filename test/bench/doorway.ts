import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Relay, type Way } from '../support/imap/relay';

/** A way into a mail server that opens nothing and notices who speaks when; times are `performance.now`. */
export interface Doorway extends Way {
	/** Resolves when the next bytes of a client come, with the time. */
	nextWord(): Promise<number>;
	/** Resolves once the server has been silent for so many milliseconds, with the time of its last bytes. */
	silence(milliseconds: number): Promise<number>;
}

/** Opens a doorway to the server at `port` of this machine. */
export async function openDoorway(port: number): Promise<Doorway> {
	const relay = new Relay();
	let listeners: Array<(at: number) => void> = [];
	let lastAnswer = 0;
	const listener = createServer((client) => {
		const server = connect(port, '127.0.0.1');
		client.on('data', () => {
			const at = performance.now();
			for (const resolve of listeners) resolve(at);
			listeners = [];
		});
		server.on('data', () => {
			lastAnswer = performance.now();
		});
		relay.join(client, server);
	});
	return {
		...(await relay.open(listener)),
		nextWord: () => new Promise((resolve) => void listeners.push(resolve)),
		silence: async (milliseconds) => {
			const since = performance.now();
			for (;;) {
				const left = Math.max(since, lastAnswer) + milliseconds - performance.now();
				if (left <= 0) return lastAnswer;
				await delay(left);
			}
		},
	};
}
