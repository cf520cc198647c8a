import { clearTimeout, setTimeout } from 'node:timers';
import { IngestError } from '../../core/errors';
import type { ClientOptions, ConnectionSource } from './client';
import { planPause, refusalOf } from './connect-gate';
import type { ConnectPause } from './connect-gate';
import { openConnection } from './connection';
import type { Connection } from './connection';
import type { ConnectionLimits } from '../limits';
import { queueLimitOf, toBusyError } from './pool-request';
import type { ApartConnection, PoolRequest } from './pool-request';
import { WaitingLine } from './waiting-line';

/** What the pools of a process have in common. */
export interface PoolSurroundings {
	readonly limits: ConnectionLimits;
	/** Epoch milliseconds. */
	now(): number;
	/** A number in [0, 1). */
	random(): number;
	/** Waits until this process may open one more connection. */
	takeSlot(limitMs: number): Promise<void>;
	giveSlot(): void;
	/** True when another account waits for a slot. */
	isCrowded(): boolean;
}

interface Member {
	readonly connection: Connection;
	readonly proof: string;
	/** Set while nobody uses it. */
	idle?: { readonly since: number; readonly timer: NodeJS.Timeout };
}

/**
 * The connections of one account. One is enough mostly: uses take turns on it. A use that has waited for a while gets
 * one more opened, up to the limit; all are closed when nobody has used them for a while.
 */
export class ConnectionPool {
	private readonly members = new Set<Member>();
	private readonly line = new WaitingLine<PoolRequest, Member>();
	private opening = 0;
	/** Connections that are nobody else's; they do not count for the limit of the account. */
	private apart = 0;
	private pause: ConnectPause | undefined;
	private proof: string | undefined;
	/** What the server no longer takes, until there is another. */
	private refusedToken: string | undefined;

	constructor(private readonly around: PoolSurroundings) {}

	/** The connections as one use sees them. */
	sourceFor(request: PoolRequest): ConnectionSource {
		return {
			acquire: async () => {
				const { connection } = await this.acquire(request);
				return { connection, used: connection.isUsed };
			},
			replace: async (connection) => {
				const member = await this.replace(this.memberOf(connection), request);
				return member.connection;
			},
			release: async (connection) => {
				await this.release(this.memberOf(connection));
			},
		};
	}

	/** Epoch milliseconds since when a connection has lain idle; undefined when none does. */
	get idleSince(): number | undefined {
		return this.oldestIdle()?.idle?.since;
	}

	/** True when nothing would be lost with this pool. */
	get isSpent(): boolean {
		const isPaused = (this.pause?.until ?? 0) > this.around.now();
		return this.size + this.apart + this.line.length === 0 && !isPaused;
	}

	/** Opens a connection that is not shared and may lie idle for `idle` milliseconds. */
	async openApart(request: PoolRequest, idle: number): Promise<ApartConnection> {
		this.adopt(request.proof);
		// Whoever watches has a pace of its own while the server is away; refused sign-ins count for all.
		this.assertOpen(request.eager || this.pause?.error.kind === 'unavailable');
		await this.around.takeSlot(queueLimitOf(request));
		const connection = await this.connect(request.options, idle);
		this.apart += 1;
		const close = async (): Promise<void> => {
			this.apart -= 1;
			await this.end(connection);
		};
		return { connection, close };
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

	/** Connections that are open or being opened. */
	private get size(): number {
		return this.members.size + this.opening;
	}

	private async acquire(request: PoolRequest): Promise<Member> {
		this.adopt(request.proof);
		const { now, limits } = this.around;
		this.assertOpen(true);
		const free = this.takeIdle(now());
		if (free !== undefined) return free;
		if (this.size === 0) this.assertOpen(request.eager);
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

	/** A changed password gets its chance at once, and what was opened with the old one goes. */
	private adopt(proof: string): void {
		if (proof === this.proof) return;
		if (this.pause?.asked !== true) this.pause = undefined;
		this.proof = proof;
		for (const member of [...this.members]) {
			if (member.idle !== undefined && member.proof !== proof) this.drop(member);
		}
	}

	/** @throws IngestError while the account is to be left alone */
	private assertOpen(eager: boolean): void {
		const refusal = refusalOf(this.pause, this.around.now(), eager);
		if (refusal !== undefined) throw refusal;
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
	private grow(): void {
		const request = this.line.first()?.request;
		if (request === undefined || this.size >= this.around.limits.perAccount) return;
		const refusal = refusalOf(this.pause, this.around.now(), this.size === 0 || request.eager);
		if (refusal !== undefined) {
			this.giveUp(refusal);
			return;
		}
		this.open(request).then(
			(member) => {
				this.hand(member);
			},
			(error: unknown) => {
				this.giveUp(error);
			},
		);
	}

	/** Connections that are busy will be free again; without any there is nothing to wait for. */
	private giveUp(error: unknown): void {
		if (this.size === 0) this.line.failAll(error);
	}

	private async open(request: PoolRequest): Promise<Member> {
		const { around } = this;
		const { options, proof } = request;
		this.opening += 1;
		try {
			await around.takeSlot(queueLimitOf(request));
			const connection = await this.connect(options, around.limits.idle);
			const member: Member = { connection, proof };
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
			const connection = await openConnection(options, this.refusedToken, idle);
			const { pause } = this;
			if (pause?.asked !== true || pause.until <= this.around.now()) this.pause = undefined;
			return connection;
		} catch (error) {
			this.around.giveSlot();
			this.note(error);
			throw error;
		}
	}

	private async replace(member: Member | undefined, request: PoolRequest): Promise<Member> {
		try {
			return await this.openInPlaceOf(member, request);
		} catch (error) {
			this.giveUp(error);
			throw error;
		}
	}

	private async openInPlaceOf(member: Member | undefined, request: PoolRequest): Promise<Member> {
		// Counted as opening from now on, so that nobody who waits takes the place of the old one.
		this.opening += 1;
		try {
			await this.discard(member);
			this.assertOpen(true);
			return await this.open(request);
		} finally {
			this.opening -= 1;
		}
	}

	private async release(member: Member | undefined): Promise<void> {
		if (member === undefined) return;
		const { connection, proof } = member;
		const isAwaited = this.line.first((request) => request.proof === proof) !== undefined;
		const isInTheWay = this.line.length > 0 || this.around.isCrowded();
		const isWanted = proof === this.proof && (isAwaited || !isInTheWay);
		if (isWanted && connection.isReusable(this.around.now())) this.hand(member);
		else await this.discard(member);
	}

	/** To the first who waits for it, else aside. */
	private hand(member: Member): void {
		const waiter = this.line.first((request) => request.proof === member.proof);
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
		this.grow();
		await ended;
	}

	/** Closes a connection and remembers what it was told. */
	private async end(connection: Connection): Promise<void> {
		this.refusedToken = connection.refusedToken ?? this.refusedToken;
		if (connection.throttled !== undefined) this.note(connection.throttled);
		await connection.close().finally(() => {
			this.around.giveSlot();
		});
	}

	private note(error: unknown): void {
		if (!(error instanceof IngestError)) return;
		const { now, random } = this.around;
		this.pause = planPause(this.pause, error, { now: now(), random: random() });
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
