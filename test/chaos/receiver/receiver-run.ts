import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import type { Cursor } from '../../../nodes/core/delivery/cursor';
import type { ExecutionEnd } from '../../../nodes/core/delivery/delivery';
import type { HealthEvent } from '../../../nodes/core/delivery/health';
import { DELIVERY_RETRY } from '../../../nodes/core/delivery/retry';
import { parseStored, toStored } from '../../../nodes/core/delivery/stored-cursor';
import { SILENT_LOG } from '../../support/silent-log';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import type { Ingest, IngestSettings } from '../../../nodes/ingest/ingest';
import { poll } from '../../../nodes/ingest/poll';
import { TriggerRuntime } from '../../../nodes/ingest/runtime';
import { SeededChoice } from '../seeded-choice';
import { ACCOUNT, SimulatedMailbox } from './simulated-mailbox';
import { VirtualTime } from './virtual-time';

/** What befalls the receiver. */
export interface Receiver {
	readonly alertsPerMinute: number;
	/** Minutes for which every call fails. */
	readonly downMinutes: number;
	/** Part of the calls that fail, from 0 to 1. */
	readonly flaky: number;
	/** One alert in so many fails always; 0 for none. */
	readonly poisonEvery: number;
	readonly seed: number;
	/** Minutes for which mail comes once the receiver is back. */
	readonly tailMinutes: number;
	readonly settings?: Partial<IngestSettings>;
}

/** What came of it. */
export interface ReceiverResult {
	readonly alerts: number;
	readonly executions: number;
	/** Alerts in quarantine that are no poison. */
	readonly wronglyQuarantined: number;
	/** Poisons that are not in quarantine. */
	readonly poisonsLeft: number;
	/** Minutes after the return of the receiver until all that had come by then were through, but for the poisons. */
	readonly minutesBehind: number;
	/** Alerts that were waiting when it came back. */
	readonly waiting: number;
	/** Most deliveries of one alert that is no poison. */
	readonly mostAttempts: number;
	readonly lost: number;
	readonly differentIds: number;
	readonly events: readonly HealthEvent[];
}

const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-11-23T03:00:00.000Z');
const WARM_UP_MINUTES = 10;
const LONGEST_MINUTES = 48 * 60;
/** What n8n takes for an execution, and for each message in it; a receiver that is down takes longer. */
const EXECUTION_MS = 30;
const MESSAGE_MS = 5;
const FAILURE_MS = 1_000;

/** A trigger that polls each minute, and the receiver behind it, as fast as they can be computed. */
export async function runReceiver(receiver: Receiver): Promise<ReceiverResult> {
	const { alertsPerMinute, downMinutes, tailMinutes } = receiver;
	const time = new VirtualTime(BEGIN);
	const downFrom = BEGIN + WARM_UP_MINUTES * MINUTE_MS;
	const backAt = downFrom + downMinutes * MINUTE_MS;
	const until = backAt + tailMinutes * MINUTE_MS;
	const mailbox = new SimulatedMailbox(() => time.now, BEGIN, MINUTE_MS / alertsPerMinute);
	const scene = new Scene(receiver, time, mailbox, { from: downFrom, to: backAt });
	scene.begin();
	await time.run(() => time.now >= until);
	const [alerts, executions] = [mailbox.count, scene.executions];
	// Mail goes on coming until what came by then is settled.
	await time.run(() => scene.isSettled(alerts) || time.now > until + LONGEST_MINUTES * MINUTE_MS);
	const waiting = [...mailbox.doneAt].filter(
		([uid, at]) => mailbox.arrivalOf(uid) <= backAt && at > backAt && !scene.isPoison(uid),
	);
	const last = waiting.reduce((latest, [, at]) => Math.max(latest, at), backAt);
	const quarantined = new Set(mailbox.quarantined);
	const poisons = scene.poisonsUpTo(alerts);
	return {
		alerts,
		executions,
		wronglyQuarantined: [...quarantined].filter((uid) => !scene.isPoison(uid)).length,
		poisonsLeft: poisons.filter((uid) => !quarantined.has(uid)).length,
		minutesBehind: (last - backAt) / MINUTE_MS,
		waiting: waiting.length,
		...scene.tally(alerts, quarantined),
		events: scene.events,
	};
}

class Scene {
	executions = 0;
	readonly events: HealthEvent[] = [];
	private readonly ids = new Map<number, string>();
	private readonly delivered = new Set<number>();
	private readonly attempts = new Map<number, number>();
	private readonly changed = new Set<number>();
	private readonly choice: SeededChoice;
	private readonly runtime = new TriggerRuntime();
	private stored: object | undefined;
	private readonly ingest: Ingest;

	constructor(
		private readonly receiver: Receiver,
		private readonly time: VirtualTime,
		private readonly mailbox: SimulatedMailbox,
		private readonly down: { readonly from: number; readonly to: number },
	) {
		this.choice = new SeededChoice(receiver.seed);
		this.ingest = this.toIngest();
	}

	begin(): void {
		const tick = () => {
			this.time.after(MINUTE_MS, tick);
			poll(this.ingest, this.time.now + 0.6 * 5 * MINUTE_MS).catch((error: unknown) => {
				throw error;
			});
		};
		tick();
	}

	/** Whether none of the first `count` alerts is there any more. */
	isSettled(count: number): boolean {
		const [oldest = Number.POSITIVE_INFINITY] = this.mailbox.there;
		return oldest > count;
	}

	isPoison(uid: number): boolean {
		const { poisonEvery } = this.receiver;
		return poisonEvery > 0 && uid % poisonEvery === Math.floor(poisonEvery / 2);
	}

	poisonsUpTo(count: number): readonly number[] {
		return Array.from({ length: count }, (_, index) => index + 1).filter((uid) =>
			this.isPoison(uid),
		);
	}

	tally(count: number, quarantined: ReadonlySet<number>) {
		const uids = Array.from({ length: count }, (_, index) => index + 1);
		const lost = uids.filter(
			(uid) => !this.delivered.has(uid) && !quarantined.has(uid) && !this.mailbox.there.has(uid),
		);
		const attempts = uids
			.filter((uid) => !this.isPoison(uid))
			.map((uid) => this.attempts.get(uid) ?? 0);
		return {
			lost: lost.length,
			differentIds: this.changed.size,
			mostAttempts: attempts.reduce((most, count) => Math.max(most, count), 0),
		};
	}

	private async execute(
		items: Parameters<Ingest['workflow']['handOver']>[0],
	): Promise<ExecutionEnd> {
		this.executions += 1;
		let took = EXECUTION_MS;
		let failed = false;
		for (const { id, message, attempt } of items) {
			this.note(message.uid, id, attempt);
			took += MESSAGE_MS;
			failed = this.fails(message.uid);
			if (failed) break;
		}
		if (failed) took += FAILURE_MS;
		await new Promise<void>((resolve) => {
			this.time.after(took, resolve);
		});
		if (failed)
			return {
				outcome: 'failure',
				failure: { message: 'The service refused', node: 'HTTP Request' },
			};
		for (const { message } of items) this.delivered.add(message.uid);
		return { outcome: 'success' };
	}

	private fails(uid: number): boolean {
		const { from, to } = this.down;
		if (this.time.now >= from && this.time.now < to) return true;
		return this.isPoison(uid) || this.choice.next() < this.receiver.flaky;
	}

	private note(uid: number, id: string, attempt: number): void {
		if ((this.ids.get(uid) ?? id) !== id) this.changed.add(uid);
		this.ids.set(uid, id);
		this.attempts.set(uid, Math.max(attempt, this.attempts.get(uid) ?? 0));
	}

	private toIngest(): Ingest {
		const rules = [
			{ Name: 'Alerts', Filter: { Subject: '^alert' }, CleanUp: { Action: 'Delete' } },
		];
		return {
			settings: {
				accountName: ACCOUNT,
				mailbox: 'INBOX',
				rules: compileRules(parseRules(rules)),
				expectations: [],
				rulesKey: 'simulation',
				whenRulesChange: 'newMail',
				acknowledge: 'executionSucceeded',
				replayUnread: false,
				keyword: '$IngestDone_test',
				which: 'first',
				unmatched: false,
				startAt: 'everything',
				quarantine: 'Quarantine',
				batchSize: 0,
				retry: DELIVERY_RETRY,
				waitingExecutions: 'delivered',
				executionLimitMs: 24 * 60 * MINUTE_MS,
				auditEveryMs: Number.MAX_SAFE_INTEGER,
				oversized: 'match',
				unauthenticated: 'unmatched',
				cannotMove: 'leave',
				messageText: false,
				...this.receiver.settings,
			},
			account: this.mailbox,
			memory: {
				loadCursor: (): Cursor | undefined => parseStored(this.stored),
				saveCursor: (cursor) => {
					this.stored = toStored(cursor);
				},
				loadRetention: () => new Map(),
				saveRetention: () => undefined,
				loadReminders: () => ({}),
				saveReminders: () => undefined,
			},
			workflow: {
				handOver: async (items) => await this.execute(items),
				report: (event) => {
					this.events.push(event);
				},
			},
			runtime: this.runtime,
			clock: {
				now: () => this.time.now,
				random: () => this.choice.next(),
				pause: () => Promise.resolve(),
				sleep: async (ms, signal) => {
					await this.time.sleep(ms, signal);
				},
				matchBudget: () => new MatchBudget(),
			},
			log: SILENT_LOG,
		};
	}
}
