import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * What goes wrong on a connection: a TCP reset, a clean end, silence for good, half of what the server says and then a
 * reset, or a pause of `ms`.
 */
export type FaultKind = 'reset' | 'end' | 'stall' | 'cut' | 'delay';

export const FAULT_KINDS: readonly FaultKind[] = ['reset', 'end', 'stall', 'cut', 'delay'];

export interface Fault {
	readonly kind: FaultKind;
	/**
	 * The moment: as the server begins its n-th answer (counted from 1; what it says until the client speaks again), or
	 * once it has sent n bytes. TLS is not opened here, so its handshake counts as well.
	 */
	readonly at: { readonly response: number } | { readonly bytes: number };
	/** Milliseconds of a delay. */
	readonly ms?: number;
}

/** What went from the server to the client of one connection. */
export interface Traffic {
	readonly responses: number;
	readonly bytes: number;
}

export interface FaultProxy {
	readonly host: '127.0.0.1';
	readonly port: number;
	/** Traffic of every connection so far, in the order they were made. */
	readonly traffic: readonly Traffic[];
	/** Connections that are open. */
	readonly openCount: number;
	/** Faults that have happened. */
	readonly faultCount: number;
	/** Has the next connection suffer this; several are taken one after the other. */
	inject(...faults: readonly Fault[]): void;
	/** Has every connection that is open suffer this at the server's next word. */
	strike(kind: FaultKind, ms?: number): void;
	stop(): Promise<void>;
}

export interface FaultProxyOptions {
	/** The server behind. */
	readonly target: { readonly host: string; readonly port: number };
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** One connection through the proxy: watches what the server says, and lets the fault happen when it is due. */
class ProxiedConnection {
	responses = 0;
	bytes = 0;
	private spoke = false;
	private over = false;

	constructor(
		private readonly client: Socket,
		private readonly server: Socket,
		private fault: Fault | undefined,
		private readonly onFault: () => void,
	) {
		client.on('data', (chunk: Buffer) => {
			this.spoke = false;
			if (!this.over) server.write(chunk);
		});
		server.on('data', (chunk: Buffer) => {
			this.pass(chunk);
		});
		client.on('close', () => server.destroy());
		server.on('end', () => {
			if (!this.over) client.end();
		});
		client.on('error', () => server.destroy());
		server.on('error', () => client.resetAndDestroy());
	}

	/** Replaces the fault by one that is due at the server's next word. */
	strike(kind: FaultKind, ms: number | undefined): void {
		this.fault = { kind, at: { bytes: 0 }, ...(ms !== undefined && { ms }) };
	}

	private pass(chunk: Buffer): void {
		if (this.over) return;
		if (!this.spoke) this.responses += 1;
		this.spoke = true;
		const { fault } = this;
		this.bytes += chunk.length;
		if (fault === undefined || !this.isDue(fault)) {
			this.client.write(chunk);
			return;
		}
		this.fault = undefined;
		this.onFault();
		this.suffer(fault, chunk);
	}

	private isDue({ at }: Fault): boolean {
		return 'bytes' in at ? this.bytes > at.bytes : this.responses >= at.response;
	}

	private suffer({ kind, ms = 100 }: Fault, chunk: Buffer): void {
		if (kind === 'delay') {
			this.server.pause();
			setTimeout(() => {
				if (this.client.destroyed) return;
				this.client.write(chunk);
				this.server.resume();
			}, ms);
			return;
		}
		this.over = true;
		if (kind === 'cut') {
			const half = chunk.subarray(0, Math.ceil(chunk.length / 2));
			this.client.write(half, () => this.client.resetAndDestroy());
		} else if (kind === 'reset') this.client.resetAndDestroy();
		else if (kind === 'end') this.client.end();
		// After a fault the server sees its client vanish, except in a stall, where nobody says a word any more.
		if (kind !== 'stall') this.server.destroy();
	}

	destroy(): void {
		this.over = true;
		this.client.destroy();
		this.server.destroy();
	}
}

/** Starts a TCP proxy on a free port of 127.0.0.1 that breaks connections on demand. */
export async function startFaultProxy({ target }: FaultProxyOptions): Promise<FaultProxy> {
	const connections: ProxiedConnection[] = [];
	const open = new Set<ProxiedConnection>();
	const injected: Fault[] = [];
	let faultCount = 0;
	const proxy = createServer((client) => {
		const server = connect(target);
		const connection = new ProxiedConnection(client, server, injected.shift(), () => {
			faultCount += 1;
		});
		connections.push(connection);
		open.add(connection);
		client.on('close', () => open.delete(connection));
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const address = proxy.address();
	if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port');
	return {
		host: '127.0.0.1',
		port: address.port,
		get traffic() {
			return connections.map(({ responses, bytes }) => ({ responses, bytes }));
		},
		get openCount() {
			return open.size;
		},
		get faultCount() {
			return faultCount;
		},
		inject: (...faults) => {
			injected.push(...faults);
		},
		strike: (kind, ms) => {
			for (const connection of open) connection.strike(kind, ms);
		},
		stop: async () => {
			for (const connection of connections) connection.destroy();
			await new Promise<void>((resolve) => {
				proxy.close(() => resolve());
			});
		},
	};
}
