import { clearTimeout, setTimeout } from 'node:timers';

/** A use that waits for a `Grant`. */
export interface Waiter<Request, Grant> {
	readonly request: Request;
	/** Ends the wait. */
	take(grant: Grant): void;
	/** Ends the wait with an error. */
	fail(error: unknown): void;
}

export interface WaitLimits {
	/** Milliseconds after which `toError` ends the wait. */
	readonly limit: number;
	readonly toError: () => Error;
	/** Milliseconds after which `onImpatient` is called once. */
	readonly patience?: number;
	readonly onImpatient?: () => void;
}

/** Waiting uses in order of arrival, each with a time limit. */
export class WaitingLine<Request, Grant> {
	private readonly waiters: Array<Waiter<Request, Grant>> = [];

	get length(): number {
		return this.waiters.length;
	}

	/** Whose turn it is. */
	first(): Waiter<Request, Grant> | undefined {
		return this.waiters[0];
	}

	/** Resolves with what somebody grants. */
	join(request: Request, limits: WaitLimits): Promise<Grant> {
		const { limit, toError, patience, onImpatient } = limits;
		return new Promise((resolve, reject) => {
			const timers = [
				setTimeout(() => {
					waiter.fail(toError());
				}, limit),
				...(patience === undefined || onImpatient === undefined
					? []
					: [setTimeout(onImpatient, patience)]),
			];
			for (const timer of timers) timer.unref();
			const leave = () => {
				for (const timer of timers) clearTimeout(timer);
				this.waiters.splice(this.waiters.indexOf(waiter), 1);
			};
			const waiter: Waiter<Request, Grant> = {
				request,
				take: (grant) => {
					leave();
					resolve(grant);
				},
				fail: (error) => {
					leave();
					reject(error instanceof Error ? error : new Error(String(error)));
				},
			};
			this.waiters.push(waiter);
		});
	}

	/** Ends all waits with an error. */
	failAll(error: unknown): void {
		for (const waiter of [...this.waiters]) waiter.fail(error);
	}
}
