import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { longestWait } from '../../core/delivery/acknowledgement';
import type { Cursor } from '../../core/delivery/cursor';
import { IngestError } from '../../core/errors';
import { laterCursor } from '../../core/delivery/cursor';
import { restOfPause } from '../../core/pause';
import { holdUp, nextLook, RECONNECT, STEADY_PACE } from '../../core/delivery/look-schedule';
import { nextDeadline } from '../../core/expected/silence';
import { pauseAfter } from '../../core/delivery/retry';
import type { Clock, Ingest } from '../../ingest/ingest';
import { noteUnread } from '../../ingest/expected-mail';
import { poll } from '../../ingest/poll';
import { DEFAULT_TIMEOUTS } from '../../mail/limits';
import type { MailboxWatch, OpenMailbox } from '../../mail/ports';
import type { OpenTrigger, TriggerContext } from './open-trigger';
import { reportReminders } from './reminders';
import { endOutage, nameAccount, noteOutage } from './outage';
import type { AccountState } from './states';
import { toWatchedIngest } from './watched-ingest';

/** How long new pages are begun within one look, in milliseconds. */
const LOOK_BUDGET_MS = 180_000;
/** Where the server does not tell of new mail, or refused something, it is asked each minute. */
const POLL_MS = DEFAULT_TIMEOUTS.look;
/** An outage of a minute is no reason to wake somebody: a restart of the server takes no longer. */
const TOLERATED_OUTAGE_MS = 60_000;
/** A connection that lasted this long was good: the next one follows almost at once. */
const STEADY_MS = 60_000;
/** What runs gets this long to end before its connection is cut. */
const CLOSE_LIMIT_MS = 10_000;

/** How long publishing waits for the mailbox. */
const BEGIN_LIMIT_MS = 20_000;

export interface WatcherOptions {
	/** Reads credential and parameters anew. */
	readonly open: () => Promise<OpenTrigger>;
	readonly state: AccountState;
	readonly clock: Clock;
	readonly logger: TriggerContext['logger'];
	readonly safetyScanMs: number;
	/** Raises an error as a failed execution. */
	readonly raise: (error: unknown) => void;
	/** What a registration that ends just now knew. */
	readonly kept: Cursor | undefined;
}

/** Watches the mailbox of one account of a trigger until it is closed: connects, looks, waits for news, and connects again. */
export class TriggerWatcher {
	private readonly closing = new AbortController();
	private readonly over: Promise<void>;
	private watch: MailboxWatch | undefined;
	private memory: Ingest['memory'] | undefined;
	private failures = 0;
	private kept: Cursor | undefined;
	private isClosed = false;
	private toldOfPolling = false;
	private pace = STEADY_PACE;
	private refused: IngestError | undefined;
	/** Ends the wait before its time. */
	private hurry = new AbortController();
	private begin: () => void = () => undefined;
	/** Resolves once it is known where the mailbox ends, or that it cannot be reached for now. */
	private readonly begun = new Promise<void>((resolve) => {
		this.begin = resolve;
	});

	constructor(private readonly options: WatcherOptions) {
		this.kept = options.kept;
		const { state } = options;
		state.runtime.flow.onRecovery(state, () => {
			state.watcher?.lookSoon();
		});
		this.over = this.run();
	}

	/**
	 * Waits until every mail that comes counts as new. A server that cannot be reached, or takes too long, is not waited
	 * for: n8n awaits this while it activates the workflow.
	 */
	async begins(): Promise<void> {
		await within(BEGIN_LIMIT_MS, this.begun);
	}

	/** Why the mailbox could not be opened, when waiting alone does not help. */
	get refusal(): IngestError | undefined {
		return this.refused;
	}

	/** Ends the wait for news. */
	lookSoon(): void {
		this.hurry.abort();
	}

	/** Where it stands. */
	cursor(): Cursor | undefined {
		return this.memory?.loadCursor() ?? this.kept;
	}

	/** Ends within seconds; what runs may finish in that time. May be called more than once. */
	async close(): Promise<void> {
		this.closing.abort();
		await within(CLOSE_LIMIT_MS, this.over);
		this.isClosed = true;
		await this.watch?.close(0);
	}

	private get isClosing(): boolean {
		return this.closing.signal.aborted;
	}

	private async run(): Promise<void> {
		while (!this.isClosing) {
			const pause = await this.connectAndWatch();
			await this.options.clock.sleep(pause, this.closing.signal);
		}
	}

	/** @returns milliseconds to leave the server alone before the next connection */
	private async connectAndWatch(): Promise<number> {
		const { clock, state } = this.options;
		let trigger: OpenTrigger | undefined;
		const begun = clock.now();
		try {
			trigger = await this.open();
			this.watch = await trigger.watch();
			if (!this.isClosing) await this.watchOver(trigger, this.watch);
			// A token that is good for seconds only must not be asked for without a pause.
			return clock.now() - begun < STEADY_MS ? RECONNECT.firstDelayMs : 0;
		} catch (error) {
			if (this.isClosing) return 0;
			if (trigger !== undefined) noteUnread(trigger.ingest);
			this.note(error, trigger);
			this.failures = clock.now() - begun >= STEADY_MS ? 1 : this.failures + 1;
			const pause = pauseAfter(RECONNECT, this.failures, clock.random());
			return Math.max(pause, restOfPause(state.outage?.retryAt ?? 0, clock.now()));
		} finally {
			if (trigger !== undefined) reportReminders(trigger.ingest, trigger, false);
			const { watch } = this;
			this.watch = undefined;
			await watch?.close();
			this.begin();
		}
	}

	/** Looks at least once, so that a connection is never made for nothing. */
	private async watchOver(trigger: OpenTrigger, watch: MailboxWatch): Promise<void> {
		do {
			await this.lookAndWait(trigger, watch);
		} while (!this.isClosing && this.options.clock.now() < watch.usableUntil);
	}

	private async open(): Promise<OpenTrigger> {
		const trigger = await this.options.open();
		const { memory } = trigger.ingest;
		const later = laterCursor(memory.loadCursor(), this.kept);
		if (later !== undefined && this.kept !== undefined) memory.saveCursor(later);
		this.kept = undefined;
		this.memory = memory;
		return trigger;
	}

	private async lookAndWait(trigger: OpenTrigger, watch: MailboxWatch): Promise<void> {
		const { clock } = this.options;
		this.hurry = new AbortController();
		const begun = clock.now();
		const before = this.memory?.loadCursor();
		const rest = await this.look(trigger, watch);
		const isFruitful = !isDeepStrictEqual(before, this.memory?.loadCursor());
		reportReminders(trigger.ingest, trigger, this.options.state.outage === undefined);
		if (!watch.pushes) this.tellOfPolling(trigger);
		const limit = watch.pushes ? rest : Math.min(rest, POLL_MS);
		const signal = AbortSignal.any([this.closing.signal, this.hurry.signal]);
		const isAnnounced = await watch.wait(Math.min(limit, watch.usableUntil - clock.now()), signal);
		const elapsedMs = clock.now() - begun;
		const { pace, restMs, isAlarming } = holdUp(this.pace, { isFruitful, isAnnounced, elapsedMs });
		this.pace = pace;
		if (isAlarming) this.tellOfFalseNews(trigger);
		if (restMs > 0) await clock.sleep(restMs, this.closing.signal);
	}

	private tellOfFalseNews({ ingest: { settings, workflow } }: OpenTrigger): void {
		const { mailbox } = settings;
		this.options.logger.warn(
			`The mail server keeps telling of news in "${mailbox}" where there is none; it is asked once a second at most`,
		);
		workflow.report({ event: 'falseNews', mailbox });
	}

	/** @returns milliseconds until the next look */
	private async look(trigger: OpenTrigger, watch: MailboxWatch): Promise<number> {
		const { state, clock, logger, safetyScanMs } = this.options;
		let uidNext = 0;
		const ingest = this.toIngest(trigger, (mailbox) => {
			// The first to open it is the poll.
			if (uidNext === 0) watch.caughtUp();
			uidNext = mailbox.state.uidNext;
			this.begin();
		});
		try {
			const ran = await poll(ingest, clock.now() + LOOK_BUDGET_MS);
			if (!ran) return 1_000;
			this.refused = undefined;
			endOutage(state, trigger, logger);
		} catch (error) {
			// What the server refuses, such as a clean-up, does not keep new mail from being watched for.
			if (!(error instanceof IngestError) || !watch.isOpen) throw error;
			this.note(error, trigger);
			return Math.min(POLL_MS, safetyScanMs);
		}
		const { memory, runtime, settings } = ingest;
		const cursor = memory.loadCursor();
		if (cursor === undefined) return safetyScanMs;
		const pending = cursor.pending.filter(({ uid }) => !runtime.knows(uid));
		const longestWaitMs = longestWait(settings.acknowledge, settings.retry);
		const missingAt = nextDeadline(cursor.waiting ?? [], settings.expectations);
		const policy = {
			safetyScanMs,
			longestWaitMs,
			probeAt: runtime.flow.probeAt,
			...(missingAt !== undefined && { missingAt }),
		};
		return nextLook({ pending, position: cursor.position }, uidNext, clock.now(), policy);
	}

	private toIngest({ ingest }: OpenTrigger, onOpen: (mailbox: OpenMailbox) => void): Ingest {
		return toWatchedIngest(ingest, {
			watch: () => this.watch,
			safetyScanMs: this.options.safetyScanMs,
			isClosed: () => this.isClosed,
			onOpen,
			onChange: () => {
				// An execution may outlast the registration that has started it.
				(this.options.state.watcher ?? this).lookSoon();
			},
		});
	}

	private tellOfPolling({ ingest }: OpenTrigger): void {
		if (this.toldOfPolling) return;
		this.toldOfPolling = true;
		const intervalSeconds = POLL_MS / 1000;
		this.options.logger.warn(
			`The mail server does not tell of new mail (IDLE); "${ingest.settings.mailbox}" is polled every ${String(intervalSeconds)} seconds`,
		);
		ingest.workflow.report({ event: 'idleMissing', intervalSeconds });
	}

	private note(error: unknown, trigger: OpenTrigger | undefined): void {
		const { state, clock, logger, raise } = this.options;
		const isRefusal = error instanceof IngestError && error.kind !== 'unavailable';
		this.refused = isRefusal ? error : undefined;
		const failed = { starting: false, toleratedMs: TOLERATED_OUTAGE_MS, trigger, clock, logger };
		if (noteOutage(state, error, failed)) raise(nameAccount(error, trigger));
	}
}

/** Waits for what is expected to end, but no longer than `limitMs`. */
async function within(limitMs: number, expected: Promise<void>): Promise<void> {
	const over = new AbortController();
	const late = wait(limitMs, undefined, { signal: over.signal, ref: false });
	await Promise.race([expected, late.catch(() => undefined)]);
	over.abort();
}
