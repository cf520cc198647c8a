import type { SecureContext } from 'node:tls';
import type { Login } from '../../core/account/account';
import { IngestError } from '../../core/errors';
import { AccountConnections } from './account-connections';
import type { ClientOptions } from './connection';
import { toConnectionKey } from './connection-key';
import type { ConnectionPool } from './connection-pool';
import { toSecureContext } from './driver-options';
import { DEFAULT_CONNECTION_LIMITS } from '../limits';
import type { ConnectionLimits } from '../limits';
import type { ApartConnection, ConnectionSource } from './pool-request';
import { WaitingLine } from './waiting-line';

/** How an account shares the connections of a registry. */
export interface SharedUse {
	readonly registry: Pick<ConnectionRegistry, 'connectionsOf' | 'openApart'>;
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

/** Connections by account, up to a limit for the process. */
export class ConnectionRegistry {
	private readonly accounts = new Map<string, AccountConnections>();
	private readonly limits: ConnectionLimits;
	private readonly line = new WaitingLine<undefined, undefined>();
	private readonly secureContexts = new Map<string | undefined, SecureContext>();
	private taken = 0;

	constructor(private readonly options: ConnectionRegistryOptions = {}) {
		this.limits = { ...DEFAULT_CONNECTION_LIMITS, ...options.limits };
	}

	/** The connections of an account as one use sees them. */
	connectionsOf(options: ClientOptions, { login, eager = false }: SharedUse): ConnectionSource {
		const request = { options: this.withSecureContexts(options), eager };
		// A pool of which nothing is left may have been dropped since the last use.
		const pool = () => this.poolOf(options, login);
		return {
			acquire: () => pool().acquire(request),
			replace: (connection) => pool().replace(connection, request),
			release: (connection) => pool().release(connection),
		};
	}

	/** A connection that is not shared; it counts for the process only. */
	async openApart(
		options: ClientOptions,
		{ login, eager = false }: SharedUse,
		idle: number,
	): Promise<ApartConnection> {
		const request = { options: this.withSecureContexts(options), eager };
		return await this.poolOf(options, login).openApart(request, idle);
	}

	/** Connections that are open, being opened or being closed. */
	get size(): number {
		return this.taken;
	}

	/** Closes every connection that nobody uses. */
	async closeIdle(): Promise<void> {
		await Promise.all([...this.accounts.values()].map((account) => account.closeIdle()));
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
		// Few differ at a time; those of changed credentials must not pile up.
		if (this.secureContexts.size >= MAX_SECURE_CONTEXTS) this.secureContexts.clear();
		const made = toSecureContext(caCertificate);
		this.secureContexts.set(caCertificate, made);
		return made;
	}

	private poolOf({ account }: ClientOptions, login: Login): ConnectionPool {
		const { identity, proof } = toConnectionKey(account, login);
		return this.connectionsOfIdentity(identity).poolOf(proof);
	}

	private connectionsOfIdentity(identity: string): AccountConnections {
		const known = this.accounts.get(identity);
		if (known !== undefined) return known;
		// Accounts that were changed or removed are never asked for again.
		for (const [other, account] of this.accounts) {
			if (account.isSpent) this.accounts.delete(other);
		}
		const { now = Date.now, random = Math.random } = this.options;
		const made = new AccountConnections({
			limits: this.limits,
			now,
			random,
			takeSlot: (limitMs) => this.takeSlot(limitMs),
			giveSlot: () => {
				this.giveSlot();
			},
			isCrowded: () => this.line.length > 0,
		});
		this.accounts.set(identity, made);
		return made;
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
		const since = ({ idleSince }: AccountConnections) => idleSince ?? Number.POSITIVE_INFINITY;
		const [oldest] = [...this.accounts.values()].sort((left, right) => since(left) - since(right));
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
