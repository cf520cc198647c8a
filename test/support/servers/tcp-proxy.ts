import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A proxy on this machine that leads every connection to one port of it, and keeps what it was asked. */
export interface TcpProxy {
	readonly port: number;
	/** The request of each connection: the head of an HTTP CONNECT, or `host:port` of a SOCKS5 request. */
	readonly requests: readonly string[];
	close(): Promise<void>;
}

/** Starts a proxy that speaks HTTP CONNECT (RFC 9110, 9.3.6) and SOCKS5 without a password (RFC 1928). */
export async function startTcpProxy(target: number, refusal?: string): Promise<TcpProxy> {
	const sockets = new Set<Socket>();
	const requests: string[] = [];
	const lead = (socket: Socket, answer: string | Buffer) => {
		const onward = connect(target, '127.0.0.1', () => {
			socket.write(answer);
			socket.pipe(onward).pipe(socket);
		});
		for (const [one, other] of [
			[socket, onward],
			[onward, socket],
		] as const) {
			one.on('error', () => other.destroy());
			one.on('close', () => other.destroy());
		}
	};
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		socket.once('data', (first: Buffer) => {
			if (first[0] !== 5) {
				requests.push(first.toString('latin1'));
				if (refusal === undefined) lead(socket, 'HTTP/1.1 200 Connection established\r\n\r\n');
				else socket.end(refusal);
				return;
			}
			socket.write(Buffer.from([5, 0]));
			socket.once('data', (request: Buffer) => {
				requests.push(readSocksTarget(request));
				lead(socket, Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
			});
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		port: address.port,
		requests,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}

function readSocksTarget(request: Buffer): string {
	const isName = request[3] === 3;
	const end = isName ? 5 + (request[4] ?? 0) : 8;
	const host = isName
		? request.subarray(5, end).toString()
		: [...request.subarray(4, end)].join('.');
	return `${host}:${String(request.readUInt16BE(end))}`;
}
