import type { ConnectPause } from './connect-gate';
import { ConnectionPool } from './connection-pool';
import type { AccountShare, PoolSurroundings } from './connection-pool';

/**
 * The connections of one identity: a pool for each proof, so that nobody is ever handed a connection that was opened
 * with another password or secret. The pools share the limit of the account and the pause that the server asked for.
 */
export class AccountConnections implements AccountShare {
	pause: ConnectPause | undefined;
	private readonly pools = new Map<string, ConnectionPool>();

	private turns = 0;

	constructor(private readonly around: PoolSurroundings) {}

	/** The pool of a proof. */
	poolOf(proof: string): ConnectionPool {
		const known = this.pools.get(proof);
		if (known !== undefined) return known;
		// A password that was changed is never shown again.
		for (const [other, pool] of this.pools) if (pool.isSpent) this.pools.delete(other);
		const pool = new ConnectionPool(this.around, this);
		this.pools.set(proof, pool);
		return pool;
	}

	/** Epoch milliseconds since when a connection has lain idle; undefined when none does. */
	get idleSince(): number | undefined {
		return this.idlest()?.idleSince;
	}

	/** True when nothing would be lost with these pools. */
	get isSpent(): boolean {
		const isPaused = (this.pause?.until ?? 0) > this.around.now();
		return !isPaused && [...this.pools.values()].every((pool) => pool.isSpent);
	}

	/** Closes the connection that has lain idle longest. */
	closeOldest(): void {
		this.idlest()?.closeOldest();
	}

	/** Closes what lies idle. */
	async closeIdle(): Promise<void> {
		await Promise.all([...this.pools.values()].map((pool) => pool.closeIdle()));
	}

	hasRoom(pool: ConnectionPool): boolean {
		if (this.isFull) {
			// The asking pool has nothing idle, so this one belongs to another proof; its place goes to the next in line.
			this.closeOldest();
			return false;
		}
		this.turns += 1;
		pool.turn = this.turns;
		return true;
	}

	mustGiveWay(pool: ConnectionPool): boolean {
		const rival = this.cramped().find((other) => other !== pool);
		if (rival === undefined || !this.isFull) return false;
		return !pool.isAwaited || comesFirst(rival, { size: pool.size - 1, turn: pool.turn });
	}

	placeFreed(): void {
		for (const pool of this.cramped()) pool.grow();
	}

	/** Pools that wait for a place, in the order they get one. */
	private cramped(): readonly ConnectionPool[] {
		return [...this.pools.values()]
			.filter(({ isCramped, isAwaited }) => isCramped && isAwaited)
			.sort((left, right) => (comesFirst(left, right) ? -1 : 1));
	}

	private get isFull(): boolean {
		const sizes = [...this.pools.values()].map(({ size }) => size);
		return sizes.reduce((sum, size) => sum + size, 0) >= this.around.limits.perAccount;
	}

	private idlest(): ConnectionPool | undefined {
		const since = ({ idleSince }: ConnectionPool) => idleSince ?? Number.POSITIVE_INFINITY;
		return [...this.pools.values()]
			.filter(({ idleSince }) => idleSince !== undefined)
			.sort((left, right) => since(left) - since(right))[0];
	}
}

/** The pool with fewer connections goes first, then the one that has waited longer: each proof gets its share. */
function comesFirst(
	one: Pick<ConnectionPool, 'size' | 'turn'>,
	other: Pick<ConnectionPool, 'size' | 'turn'>,
): boolean {
	return one.size < other.size || (one.size === other.size && one.turn < other.turn);
}
