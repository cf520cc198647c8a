import { IngestError } from '../../core/errors';
import { LONGEST_PAUSE_MS } from '../../core/pause';
import { planPause, refusalOf } from './connect-gate';
import type { ConnectPause } from './connect-gate';
import { openConnection } from './connection';
import type { ClientOptions, Connection } from './connection';

/** What keeps time and spreads pauses. */
export interface ConnectorSurroundings {
	/** Epoch milliseconds. */
	now(): number;
	/** A number in [0, 1). */
	random(): number;
}

/** What all who sign in as one identity keep to. */
export interface SharedPause {
	/** The pause that the mail server asked for. */
	pause: ConnectPause | undefined;
}

/**
 * Opens connections with one proof, and leaves the server alone for a while when it failed. Only a pause that the mail
 * server asked for counts for other proofs of the same identity as well: a wrong password is nobody else's fault.
 */
export class Connector {
	private pause: ConnectPause | undefined;
	/** What the server no longer takes, until there is another. */
	private refusedToken: string | undefined;

	constructor(
		private readonly around: ConnectorSurroundings,
		private readonly share: SharedPause,
	) {}

	/** True while a new failure counts as another one in a row. */
	get remembersFailure(): boolean {
		return this.pause !== undefined && this.around.now() < this.pause.until + LONGEST_PAUSE_MS;
	}

	/** True while nothing but the way to the server has failed. */
	get isServerAway(): boolean {
		return this.pause?.error.kind === 'unavailable';
	}

	/** The error with which an attempt is refused without troubling the server; see `refusalOf`. */
	refusal(eager: boolean): IngestError | undefined {
		const now = this.around.now();
		return refusalOf(this.share.pause, now, eager) ?? refusalOf(this.pause, now, eager);
	}

	/** @throws IngestError while the account is to be left alone */
	assertOpen(eager: boolean): void {
		const refusal = this.refusal(eager);
		if (refusal !== undefined) throw refusal;
	}

	/** Connects and signs in; `idle` are the milliseconds for which the connection may lie idle. */
	async connect(options: ClientOptions, idle: number): Promise<Connection> {
		let ofToken: unknown;
		const signIn: ClientOptions['signIn'] = async (refusedToken) => {
			try {
				return await options.signIn(refusedToken);
			} catch (error) {
				ofToken = error;
				throw error;
			}
		};
		try {
			const connection = await openConnection({ ...options, signIn }, this.refusedToken, idle);
			this.pause = undefined;
			return connection;
		} catch (error) {
			// What a token endpoint asks for concerns those with this secret.
			this.note(error, error !== ofToken);
			throw error;
		}
	}

	/** Remembers what a connection was told, before it is closed. */
	learnFrom({ refusedToken, throttled }: Connection): void {
		this.refusedToken = refusedToken ?? this.refusedToken;
		if (throttled !== undefined) this.note(throttled, true);
	}

	private note(error: unknown, isOfServer: boolean): void {
		if (!(error instanceof IngestError)) return;
		const { now, random } = this.around;
		const pause = planPause(this.pause, error, { now: now(), random: random() });
		if (pause.asked && isOfServer) this.share.pause = pause;
		else this.pause = pause;
	}
}
