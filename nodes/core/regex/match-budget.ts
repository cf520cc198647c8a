import { PatternBudgetError } from './errors';
import { runGuarded } from './engines/guard';
import { TextTraits } from './cost/text-traits';

/** Runs a synchronous task and ends it with a GuardTimeoutError after `timeoutMs`. */
export type Guard = <T>(task: () => T, timeoutMs: number) => T;

/** Limits of one message; all patterns of the message share them. */
export interface MatchBudgetOptions {
	/** The clock in milliseconds, monotonic: `() => performance.now()`. */
	readonly clock: () => number;
	/** Milliseconds for all patterns of the message together; 1,000 unless given. */
	readonly totalMs?: number;
	/** Longest time in milliseconds that matches may block the event loop between two yields; 200 unless given. */
	readonly stretchMs?: number;
	/** Longest text in UTF-16 units; 1 MiB unless given. */
	readonly textLength?: number;
	/** What ends a run-away match; node:vm unless given. */
	readonly guard?: Guard;
}

/** Time without yielding after which {@link MatchBudget.shouldYield} asks for it, in milliseconds. */
const YIELD_AFTER_MS = 40;

/** What is left for the patterns of one message, and what is known about its texts. */
export class MatchBudget {
	readonly textLength: number;
	private readonly clock: () => number;
	private readonly guard: Guard;
	private readonly totalMs: number;
	private readonly stretchMs: number;
	private readonly traits = new Map<string, TextTraits>();
	private spentMs = 0;
	private spentAtYieldMs = 0;
	private matchStart = 0;

	constructor(options: MatchBudgetOptions) {
		this.clock = options.clock;
		this.guard = options.guard ?? runGuarded;
		this.totalMs = options.totalMs ?? 1000;
		this.stretchMs = options.stretchMs ?? 200;
		this.textLength = options.textLength ?? 1024 * 1024;
	}

	/** Milliseconds that the patterns of the message may still take. */
	get remainingMs(): number {
		return Math.max(0, this.totalMs - this.spentMs);
	}

	/** Whether to let the event loop run (and then call {@link yielded}) before the next match. */
	get shouldYield(): boolean {
		return this.spentMs - this.spentAtYieldMs >= YIELD_AFTER_MS;
	}

	/** Notes that the event loop has run since the last match. */
	yielded(): void {
		this.spentAtYieldMs = this.spentMs;
	}

	/**
	 * Runs one match and charges its time to the message.
	 *
	 * @throws PatternBudgetError when the text is too long or the message's time is used up
	 */
	charge<T>(source: string, text: string, match: () => T): T {
		if (text.length > this.textLength) {
			throw new PatternBudgetError(source, 'textLength', this.textLength, text.length);
		}
		if (this.remainingMs === 0) {
			throw new PatternBudgetError(source, 'time', this.totalMs, text.length);
		}
		this.matchStart = this.clock();
		try {
			return match();
		} finally {
			this.spentMs += this.matchElapsedMs;
		}
	}

	/** Milliseconds that the match being charged may go on for; at least 1. */
	get matchMs(): number {
		const allowed = Math.min(
			this.remainingMs,
			this.stretchMs - (this.spentMs - this.spentAtYieldMs),
		);
		return Math.max(1, Math.floor(allowed - this.matchElapsedMs));
	}

	private get matchElapsedMs(): number {
		return Math.max(0, this.clock() - this.matchStart);
	}

	/** Runs a task that may run away, for `timeoutMs` at the most. */
	guarded<T>(task: () => T, timeoutMs: number): T {
		return this.guard(task, timeoutMs);
	}

	/** What is known about a text; looked at once for each message. */
	traitsOf(text: string): TextTraits {
		const known = this.traits.get(text);
		if (known !== undefined) return known;
		const traits = new TextTraits(text);
		this.traits.set(text, traits);
		return traits;
	}
}
