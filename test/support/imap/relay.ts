import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

/** A way into a server of this machine through which connections pass. */
export interface Way {
	readonly host: '127.0.0.1';
	readonly port: number;
	/** Cuts the connections and listens no more. */
	stop(): Promise<void>;
}

/** Passes bytes between clients and a server; whoever made the connections may listen to both. */
export class Relay {
	private readonly sockets = new Set<Socket>();

	/** Ties the two ends of a connection together: the end of one is the end of both. */
	join(client: Socket, server: Socket): void {
		for (const socket of [client, server]) {
			this.sockets.add(socket);
			// Otherwise answers in several pieces wait 40 ms for each other, which no mail server lets them.
			socket.setNoDelay();
			socket.on('error', () => undefined);
			socket.on('close', () => {
				this.sockets.delete(socket);
				client.destroy();
				server.destroy();
			});
		}
		// Pipes hold the sender back while the receiver is busy.
		client.pipe(server);
		server.pipe(client);
	}

	/** Begins to listen with `listener`, whose connections are joined here. */
	async open(listener: Server): Promise<Way> {
		listener.listen(0, '127.0.0.1');
		await once(listener, 'listening');
		const address = listener.address();
		if (address === null || typeof address === 'string') throw new Error('not listening on a port');
		return {
			host: '127.0.0.1',
			port: address.port,
			stop: async () => {
				for (const socket of this.sockets) socket.destroy();
				const closed = once(listener, 'close');
				listener.close();
				await closed;
			},
		};
	}
}
