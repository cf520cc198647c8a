import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import type { Cursor } from '../../../nodes/core/delivery/cursor';
import type {
	DeliveryItem,
	ExecutionEnd,
	ExecutionFailure,
	Outcome,
} from '../../../nodes/core/delivery/delivery';
import type { HealthEvent } from '../../../nodes/core/delivery/health';
import type { Log } from '../../../nodes/core/log';
import { DELIVERY_RETRY } from '../../../nodes/core/delivery/retry';
import type { RetentionMarks } from '../../../nodes/core/delivery/retention';
import { toExpectations } from '../../../nodes/core/expected/expectation';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { parseStored, toStored } from '../../../nodes/core/delivery/stored-cursor';
import type { Ingest, IngestSettings } from '../../../nodes/ingest/ingest';
import { poll } from '../../../nodes/ingest/poll';
import { lookForPreview } from '../../../nodes/ingest/preview';
import type { Preview } from '../../../nodes/ingest/preview';
import { TriggerRuntime } from '../../../nodes/ingest/runtime';
import type { MailAccount } from '../../../nodes/mail/ports';
import { MemoryAccount } from './memory-mailbox';
import type { StoredMessage } from './memory-mailbox';

/** An execution a test ends when and how it likes. */
export interface StartedExecution {
	readonly items: readonly DeliveryItem[];
	end(outcome: Outcome, failure?: ExecutionFailure): void;
}

const MINUTE_MS = 60_000;
/** The keyword of the trigger under test. */
export const KEYWORD = '$IngestDone_test';

/** The pipeline on a mailbox in memory, with a clock and executions in the hands of the test. */
export class IngestBench {
	readonly account = new MemoryAccount();
	readonly started: StartedExecution[] = [];
	/** Subjects of all that was handed over, in order. */
	readonly subjects: string[] = [];
	/** How many items each execution got so far. */
	readonly sizes: number[] = [];
	/** Delivery ids by subject. */
	readonly ids = new Map<string, Set<string>>();
	readonly logged: string[] = [];
	readonly reported: HealthEvent[] = [];
	now = Date.parse('2026-11-23T03:00:00.000Z');
	/** Has every execution end as it starts: in success, or as said. */
	endAtOnce: boolean | Outcome = false;
	/** Whether executions run in the process of the trigger, as far as n8n tells. */
	ranHere: boolean | undefined;
	private runtime = new TriggerRuntime();
	stored: object | undefined;
	private retention: ReadonlyMap<string, RetentionMarks> = new Map();

	constructor(
		private rules: readonly unknown[],
		private readonly settings: Partial<IngestSettings> = {},
		/** In place of the mailbox in memory. */
		private readonly server?: MailAccount,
	) {}

	/** Executions started so far. */
	get handOvers(): number {
		return this.sizes.length;
	}

	/** One poll, `minutes` after the last one. */
	async poll(minutes = 1): Promise<boolean> {
		this.now += minutes * MINUTE_MS;
		return await poll(this.ingest(), this.now + MINUTE_MS);
	}

	/** Puts a message into INBOX that is received now, and returns its UID. */
	deliver(subject: string, more: Partial<StoredMessage> = {}): number {
		const receivedAt = new Date(this.now + this.account.calls.length).toISOString();
		return this.account.deliver(subject, { receivedAt, ...more });
	}

	/** What a test run shows. */
	async preview(): Promise<Preview> {
		return await lookForPreview(this.ingest());
	}

	/** Ends every execution that runs and lets the clean-up finish. */
	async endAll(outcome: Outcome): Promise<void> {
		for (const execution of this.started.splice(0)) execution.end(outcome);
		await this.settled();
	}

	/** Ends what runs, and what is started meanwhile: what holds one of these subjects fails, or all of it while `isDown`. */
	async endPoisoned(poisons: readonly string[], isDown = false): Promise<void> {
		const failure = { message: 'Bad request', node: 'HTTP Request' };
		while (this.started.length > 0) {
			for (const execution of this.started.splice(0)) {
				const isBad = execution.items.some(({ message }) => poisons.includes(message.subject));
				if (isBad || isDown) execution.end('failure', failure);
				else execution.end('success');
			}
			await this.settled();
		}
	}

	/** Resolves when no clean-up runs any more. */
	async settled(): Promise<void> {
		for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
		await this.runtime.exclusively(() => Promise.resolve());
	}

	/** Has the mailbox of `other` belong to the same trigger. */
	shareWorkflow(other: IngestBench): void {
		other.runtime = new TriggerRuntime(this.runtime.flow);
	}

	/** Forgets all that n8n does not store, as after kill -9; `saved` may be older than what was saved last. */
	crash(saved: object | undefined = this.stored): void {
		this.stored = saved;
		this.runtime = new TriggerRuntime();
		this.started.splice(0);
	}

	/** The user publishes other rules. */
	changeRules(...rules: readonly unknown[]): void {
		this.rules = rules;
	}

	get cursor(): Cursor | undefined {
		return parseStored(this.stored);
	}

	/** Subjects handed over and not ended, by execution. */
	get running(): string[][] {
		return this.started.map(({ items }) => items.map(({ message }) => message.subject));
	}

	/** What the trigger works with. */
	ingest(): Ingest {
		const log = (message: string): void => void this.logged.push(message);
		return {
			settings: {
				accountName: 'neo@example.com@localhost',
				mailbox: 'INBOX',
				rules: compileRules(parseRules(this.rules)),
				rulesKey: JSON.stringify(this.rules),
				whenRulesChange: 'newMail',
				acknowledge: 'executionSucceeded',
				replayUnread: false,
				keyword: KEYWORD,
				expectations: toExpectations(parseRules(this.rules), () => 'Europe/Berlin'),
				which: 'first',
				unmatched: false,
				startAt: 'everything',
				quarantine: 'Ingest Quarantine',
				batchSize: 50,
				retry: DELIVERY_RETRY,
				waitingExecutions: 'delivered',
				executionLimitMs: 24 * 3_600_000,
				auditEveryMs: 3_600_000,
				cannotMove: 'leave',
				oversized: 'match',
				unauthenticated: 'unmatched',
				messageText: false,
				...this.settings,
			},
			account: this.server ?? this.account,
			memory: {
				loadCursor: () => parseStored(this.stored),
				saveCursor: (cursor) => {
					this.stored = JSON.parse(JSON.stringify(toStored(cursor))) as object;
				},
				loadRetention: () => this.retention,
				saveRetention: (marks) => {
					this.retention = marks;
				},
				loadReminders: () => ({}),
				saveReminders: () => undefined,
			},
			workflow: {
				handOver: async (items) => {
					this.subjects.push(...items.map(({ message }) => message.subject));
					this.sizes.push(items.length);
					for (const { id, message } of items) {
						this.ids.set(message.subject, (this.ids.get(message.subject) ?? new Set()).add(id));
					}
					if (this.endAtOnce !== false)
						return { outcome: this.endAtOnce === true ? 'success' : this.endAtOnce };
					return await new Promise<ExecutionEnd>((resolve) => {
						this.started.push({
							items,
							end: (outcome, failure) => {
								const { ranHere } = this;
								resolve({
									outcome,
									...(failure !== undefined && { failure }),
									...(ranHere !== undefined && { ranHere }),
								});
							},
						});
					});
				},
				report: (event) => {
					this.reported.push(event);
				},
			},
			runtime: this.runtime,
			clock: {
				now: () => this.now,
				random: () => 0,
				pause: () => Promise.resolve(),
				sleep: (ms) => {
					this.now += ms;
					return Promise.resolve();
				},
				matchBudget: () => new MatchBudget(),
			},
			log: { debug: log, info: log, warn: log, error: log } satisfies Log,
		};
	}
}
