import type { SecureContext } from 'node:tls';
import type { Login } from '../../core/account/account';
import { IngestError } from '../../core/errors';
import type { ClientOptions, ConnectionSource } from './client';
import { toConnectionKey } from './connection-key';
import { ConnectionPool } from './connection-pool';
import { toSecureContext } from './driver-options';
import { DEFAULT_CONNECTION_LIMITS } from '../limits';
import type { ConnectionLimits } from '../limits';
import type { ApartConnection } from './pool-request';
import { WaitingLine } from './waiting-line';

/** How an account shares the connections of a registry. */
export interface SharedUse {
	readonly registry: ConnectionRegistry;
	/** How the account signs in: who signs in otherwise gets other connections. */
	readonly login: Login;
	/** True when a person waits for the answer: a pause after failed attempts is not kept then. */
	readonly eager?: boolean;
}

/** What a registry of connections needs of the world; all optional. */
export interface ConnectionRegistryOptions {
	readonly limits?: Partial<ConnectionLimits>;
	/** Epoch milliseconds. */
	readonly now?: () => number;
	/** A number in [0, 1). */
	readonly random?: () => number;
}

const MAX_SECURE_CONTEXTS = 20;

/** Connections by account, so many in all. */
export class ConnectionRegistry {
	private readonly pools = new Map<string, ConnectionPool>();
	private readonly limits: ConnectionLimits;
	private readonly line = new WaitingLine<undefined, undefined>();
	private readonly secureContexts = new Map<string | undefined, SecureContext>();
	private taken = 0;

	constructor(private readonly options: ConnectionRegistryOptions = {}) {
		this.limits = { ...DEFAULT_CONNECTION_LIMITS, ...options.limits };
	}

	/** The connections of an account as one use sees them. */
	connectionsOf(options: ClientOptions, { login, eager = false }: SharedUse): ConnectionSource {
		const { identity, proof } = toConnectionKey(options.account, login);
		const request = { options: this.withSecureContexts(options), proof, eager };
		return this.poolOf(identity).sourceFor(request);
	}

	/** A connection that is not shared; it counts for the process only. */
	async openApart(
		options: ClientOptions,
		{ login, eager = false }: SharedUse,
		idle: number,
	): Promise<ApartConnection> {
		const { identity, proof } = toConnectionKey(options.account, login);
		const request = { options: this.withSecureContexts(options), proof, eager };
		return await this.poolOf(identity).openApart(request, idle);
	}

	/** Connections that are open, being opened or being closed. */
	get size(): number {
		return this.taken;
	}

	/** Closes every connection that nobody uses. */
	async closeIdle(): Promise<void> {
		await Promise.all([...this.pools.values()].map((pool) => pool.closeIdle()));
	}

	private withSecureContexts(options: ClientOptions): ClientOptions {
		return {
			...options,
			secureContextFor: (caCertificate) => this.secureContextFor(caCertificate),
		};
	}

	private secureContextFor(caCertificate: string | undefined): SecureContext {
		const known = this.secureContexts.get(caCertificate);
		if (known !== undefined) return known;
		// Few differ at a time; those of credentials that were changed are not kept for ever.
		if (this.secureContexts.size >= MAX_SECURE_CONTEXTS) this.secureContexts.clear();
		const made = toSecureContext(caCertificate);
		this.secureContexts.set(caCertificate, made);
		return made;
	}

	private poolOf(identity: string): ConnectionPool {
		const known = this.pools.get(identity);
		if (known !== undefined) return known;
		// Accounts that were changed or removed are never asked for again.
		for (const [other, pool] of this.pools) if (pool.isSpent) this.pools.delete(other);
		const { now = Date.now, random = Math.random } = this.options;
		const pool = new ConnectionPool({
			limits: this.limits,
			now,
			random,
			takeSlot: (limitMs) => this.takeSlot(limitMs),
			giveSlot: () => {
				this.giveSlot();
			},
			isCrowded: () => this.line.length > 0,
		});
		this.pools.set(identity, pool);
		return pool;
	}

	private async takeSlot(limitMs: number): Promise<void> {
		const { inAll } = this.limits;
		if (this.taken < inAll) {
			this.taken += 1;
			return;
		}
		const turn = this.line.join(undefined, { limit: limitMs, toError: () => toCrowded(inAll) });
		this.closeOldest();
		await turn;
	}

	private giveSlot(): void {
		const next = this.line.first();
		if (next === undefined) this.taken -= 1;
		else next.take(undefined);
	}

	/** Makes room: the connection of whichever account has not used it for longest. */
	private closeOldest(): void {
		const since = ({ idleSince }: ConnectionPool) => idleSince ?? Number.POSITIVE_INFINITY;
		const [oldest] = [...this.pools.values()].sort((left, right) => since(left) - since(right));
		oldest?.closeOldest();
	}
}

function toCrowded(inAll: number): IngestError {
	return new IngestError(
		'time-out',
		`All ${String(inAll)} connections that this n8n process opens to mail servers are busy`,
		{ remedy: 'This is tried again; longer intervals, or polling at different times, help.' },
	);
}

/**
 * The connections of this n8n process (documented module state): all nodes that use an account share its connections, as
 * servers allow few of them and a sign-in costs more than a poll. They end with the process and hold no other up.
 */
export const PROCESS_CONNECTIONS = new ConnectionRegistry();
