import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A proxy for https on this machine that leads the names it knows to stand-ins. */
export interface HttpsProxy {
	/** For HTTPS_PROXY. */
	readonly url: string;
	close(): Promise<void>;
}

const REFUSED = 'HTTP/1.1 502 Bad Gateway\r\n\r\n';
const CONNECTED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

function tunnel(socket: Socket, head: Buffer, port: number): void {
	const onward = connect(port, '127.0.0.1', () => {
		socket.write(CONNECTED);
		onward.write(head);
		socket.pipe(onward).pipe(socket);
	});
	onward.on('error', () => socket.destroy());
	socket.on('error', () => onward.destroy());
	socket.on('close', () => onward.destroy());
}

/**
 * Starts a proxy that takes CONNECT (RFC 9110, 9.3.6) to port 443 of the names given and leads it to a port of this
 * machine; every other name is refused, so that nothing leaves the machine.
 */
export async function startHttpsProxy(ports: ReadonlyMap<string, number>): Promise<HttpsProxy> {
	const sockets = new Set<Socket>();
	const server = createServer((_, response) => response.writeHead(502).end());
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
		const port = ports.get(url.replace(/:443$/, ''));
		if (port === undefined) socket.end(REFUSED);
		else tunnel(socket, head, port);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		url: `http://127.0.0.1:${String(address.port)}`,
		close: async () => {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, 'close');
		},
	};
}
