import { clearTimeout, setTimeout } from 'node:timers';
import { Connector } from './connector';
import type { ConnectorSurroundings, SharedPause } from './connector';
import type { ClientOptions, Connection } from './connection';
import type { ConnectionLimits } from '../limits';
import { queueLimitOf, toBusyError } from './pool-request';
import type { ApartConnection, PoolRequest } from './pool-request';
import { WaitingLine } from './waiting-line';

/** What the pools of a process have in common. */
export interface PoolSurroundings extends ConnectorSurroundings {
	readonly limits: ConnectionLimits;
	/** Waits until this process may open one more connection. */
	takeSlot(limitMs: number): Promise<void>;
	giveSlot(): void;
	/** True when another account waits for a slot. */
	isCrowded(): boolean;
}

/** What the pools of one identity have in common: the server counts their connections together. */
export interface AccountShare extends SharedPause {
	/** Whether `pool` may open one more connection; where not, one that lies idle is closed for those who wait. */
	hasRoom(pool: ConnectionPool): boolean;
	/** Whether a use with another proof needs the place of a connection more than the uses of this pool. */
	mustGiveWay(pool: ConnectionPool): boolean;
	/** Lets those open connections for whom there was no room. */
	placeFreed(): void;
}

interface Member {
	readonly connection: Connection;
	/** Set while nobody uses it. */
	idle?: { readonly since: number; readonly timer: NodeJS.Timeout };
}

/**
 * The connections of one account that were opened with one proof. One is enough mostly: uses take turns on it. A use
 * that has waited for a while gets one more opened, up to the limit; all are closed when nobody has used them for a while.
 */
export class ConnectionPool {
	private readonly members = new Set<Member>();
	private readonly line = new WaitingLine<PoolRequest, Member>();
	/** True when there was no room for the connection that somebody waits for. */
	isCramped = false;
	/** Grows with each place that a pool of the account got: whose is lower has waited longer. */
	turn = 0;
	private opening = 0;
	/** Connections that are nobody else's; they do not count for the limit of the account. */
	private apart = 0;
	private readonly connector: Connector;

	constructor(
		private readonly around: PoolSurroundings,
		private readonly share: AccountShare,
	) {
		this.connector = new Connector(around, share);
	}

	/** Epoch milliseconds since when a connection has lain idle; undefined when none does. */
	get idleSince(): number | undefined {
		return this.oldestIdle()?.idle?.since;
	}

	/** Connections that are open or being opened. */
	get size(): number {
		return this.members.size + this.opening;
	}

	/** True when somebody waits for a connection. */
	get isAwaited(): boolean {
		return this.line.length > 0;
	}

	/** True when nothing would be lost with this pool. */
	get isSpent(): boolean {
		const { remembersFailure } = this.connector;
		return this.size + this.apart + this.line.length === 0 && !remembersFailure;
	}

	/** A connection for one use; `used` tells that it has served before and may be gone without anybody having noticed. */
	async acquire(
		request: PoolRequest,
	): Promise<{ readonly connection: Connection; readonly used: boolean }> {
		const { connection } = await this.takeOrWait(request);
		return { connection, used: connection.isUsed };
	}

	/** Gives a broken connection back and gets a new one in its place. */
	async replace(connection: Connection, request: PoolRequest): Promise<Connection> {
		try {
			const member = await this.openInPlaceOf(this.memberOf(connection), request);
			return member.connection;
		} catch (error) {
			this.giveUp(error);
			this.share.placeFreed();
			throw error;
		}
	}

	/** Ends a use. */
	async release(connection: Connection): Promise<void> {
		const member = this.memberOf(connection);
		if (member !== undefined) await this.giveBack(member);
	}

	/** Opens a connection that is not shared and may lie idle for `idle` milliseconds. */
	async openApart(request: PoolRequest, idle: number): Promise<ApartConnection> {
		// A watcher paces itself while the server is away; refused sign-ins pause it like any poll.
		this.connector.assertOpen(request.eager || this.connector.isServerAway);
		this.apart += 1;
		const leave = () => {
			this.apart -= 1;
		};
		try {
			await this.around.takeSlot(queueLimitOf(request));
			const connection = await this.connect(request.options, idle);
			return { connection, close: () => this.end(connection).finally(leave) };
		} catch (error) {
			leave();
			throw error;
		}
	}

	/** Closes the connection that has lain idle longest. */
	closeOldest(): void {
		this.drop(this.oldestIdle());
	}

	/** Closes what lies idle. */
	async closeIdle(): Promise<void> {
		const idle = [...this.members].filter((member) => member.idle !== undefined);
		await Promise.all(idle.map((member) => this.discard(member)));
	}

	private async takeOrWait(request: PoolRequest): Promise<Member> {
		const { now, limits } = this.around;
		this.connector.assertOpen(true);
		const free = this.takeIdle(now());
		if (free !== undefined) return free;
		if (this.size === 0) this.connector.assertOpen(request.eager);
		const limit = queueLimitOf(request);
		const member = this.line.join(request, {
			limit,
			toError: () => toBusyError(request),
			patience: limits.patience,
			onImpatient: () => {
				this.grow();
			},
		});
		if (this.size === 0) this.grow();
		return await member;
	}

	private takeIdle(now: number): Member | undefined {
		// The one used last is the likeliest to be there still, and lets the others end.
		for (const member of [...this.members].reverse()) {
			if (member.idle === undefined) continue;
			if (member.connection.isReusable(now)) {
				clearTimeout(member.idle.timer);
				delete member.idle;
				return member;
			}
			this.drop(member);
		}
		return undefined;
	}

	/** Opens one more connection for those who wait, where the limits allow it. */
	grow(): void {
		const request = this.line.first()?.request;
		if (request === undefined) return;
		// Said before it is asked, since making room lets the cramped ones grow.
		this.isCramped = true;
		if (!this.share.hasRoom(this)) return;
		this.isCramped = false;
		const refusal = this.connector.refusal(this.size === 0 || request.eager);
		if (refusal !== undefined) {
			this.giveUp(refusal);
			return;
		}
		this.open(request)
			// Serves at least one use of those it was opened for, whoever else waits.
			.then((member) => (this.isAwaited ? this.hand(member) : this.giveBack(member)))
			.catch((error: unknown) => {
				this.giveUp(error);
				this.share.placeFreed();
			});
	}

	/** Connections that are busy will be free again; without any there is nothing to wait for. */
	private giveUp(error: unknown): void {
		if (this.size === 0) this.line.failAll(error);
	}

	private async open(request: PoolRequest): Promise<Member> {
		const { around } = this;
		const { options } = request;
		this.opening += 1;
		try {
			await around.takeSlot(queueLimitOf(request));
			const connection = await this.connect(options, around.limits.idle);
			const member: Member = { connection };
			this.members.add(member);
			connection.onClosed(() => {
				if (member.idle !== undefined) this.drop(member);
			});
			return member;
		} finally {
			this.opening -= 1;
		}
	}

	private async connect(options: ClientOptions, idle: number): Promise<Connection> {
		try {
			return await this.connector.connect(options, idle);
		} catch (error) {
			this.around.giveSlot();
			throw error;
		}
	}

	private async openInPlaceOf(member: Member | undefined, request: PoolRequest): Promise<Member> {
		// Counted as opening from now on, so that nobody who waits takes the place of the old one.
		this.opening += 1;
		try {
			await this.discard(member);
			this.connector.assertOpen(true);
			return await this.open(request);
		} finally {
			this.opening -= 1;
		}
	}

	/** To the next use, unless another one needs its place more. */
	private async giveBack(member: Member): Promise<void> {
		const isWanted = !this.share.mustGiveWay(this) && (this.isAwaited || !this.around.isCrowded());
		if (isWanted && member.connection.isReusable(this.around.now())) this.hand(member);
		else await this.discard(member);
	}

	/** To the first who waits for it, else aside. */
	private hand(member: Member): void {
		const waiter = this.line.first();
		if (waiter !== undefined) {
			waiter.take(member);
			return;
		}
		const timer = setTimeout(() => {
			this.drop(member);
		}, this.around.limits.idle);
		timer.unref();
		member.connection.lieIdle();
		member.idle = { since: this.around.now(), timer };
	}

	/** Closes a connection that nobody waits to see closed: it ends in any case, whatever comes of the farewell. */
	private drop(member: Member | undefined): void {
		this.discard(member).catch(() => undefined);
	}

	private async discard(member: Member | undefined): Promise<void> {
		if (member === undefined || !this.members.delete(member)) return;
		const { connection, idle } = member;
		if (idle !== undefined) clearTimeout(idle.timer);
		const ended = this.end(connection);
		this.share.placeFreed();
		this.grow();
		await ended;
	}

	/** Closes a connection and remembers what it was told. */
	private async end(connection: Connection): Promise<void> {
		this.connector.learnFrom(connection);
		await connection.close().finally(() => {
			this.around.giveSlot();
		});
	}

	private oldestIdle(): Member | undefined {
		const since = ({ idle }: Member) => idle?.since ?? Number.POSITIVE_INFINITY;
		return [...this.members]
			.filter(({ idle }) => idle !== undefined)
			.sort((left, right) => since(left) - since(right))[0];
	}

	private memberOf(connection: Connection): Member | undefined {
		return [...this.members].find((member) => member.connection === connection);
	}
}
