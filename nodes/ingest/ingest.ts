/*
 * The life of a message, for both triggers. A poll (poll.ts) opens the mailbox and finds its place in the cursor; applies
 * what executions have said since (settle.ts); delivers again what is due (redelivery/); reads new mail page by page
 * (scan.ts), asks the rules (judge-messages.ts, item-texts.ts, verdicts.ts) and starts executions (hand-over.ts); and
 * empties folders of what is old (retain.ts). What an execution says reaches runtime.ts at any time; effects are done by perform-effects.ts.
 * ingest.ts names all that a poll works with.
 */
import type { CompiledRule } from '../core/rules/compile-rules';
import type { AcknowledgeMode } from '../core/delivery/acknowledgement';
import type { Cursor, CursorPolicy } from '../core/delivery/cursor';
import type { DeliveryItem, ExecutionEnd } from '../core/delivery/delivery';
import type { Expectation } from '../core/expected/expectation';
import type { HealthEvent } from '../core/delivery/health';
import type { Log } from '../core/log';
import type { ToldOutage } from '../core/delivery/outage';
import type { RetryPolicy } from '../core/delivery/retry';
import type { RetentionMarks } from '../core/delivery/retention';
import type { MatchBudget } from '../core/regex/pattern';
import type { CannotMove, MailAccount, OpenMailbox, RetentionMailbox } from '../mail/ports';
import type { TriggerRuntime } from './runtime';

export type Mailbox = OpenMailbox & RetentionMailbox;

/** What is remembered between polls, in n8n's static data: small, and read with suspicion. */
export interface Memory {
	loadCursor(): Cursor | undefined;
	saveCursor(cursor: Cursor): void;
	loadRetention(): ReadonlyMap<string, RetentionMarks>;
	saveRetention(marks: ReadonlyMap<string, RetentionMarks>): void;
	loadReminders(): Reminders;
	saveReminders(reminders: Reminders): void;
}

/** What was brought up already, so that it is not repeated. */
export interface Reminders {
	/** Key of the last reminder of the client secret. */
	readonly secret?: string;
	/** The setting of n8n that was brought up. */
	readonly setting?: string;
	/** Time of the last heartbeat, epoch milliseconds. */
	readonly heartbeatAt?: number;
	/** The outage that was raised and has not ended. */
	readonly outage?: ToldOutage;
}

/** The workflow behind the trigger. */
export interface Workflow {
	/** Starts an execution with these items at once; resolves when it has ended and never rejects. */
	handOver(items: readonly DeliveryItem[]): Promise<ExecutionEnd>;
	/** Tells of the trigger's own state. */
	report(event: HealthEvent): void;
}

/** Time as the pipeline sees it. */
export interface Clock {
	/** Epoch milliseconds. */
	now(): number;
	/** A number in [0, 1). */
	random(): number;
	/** Lets the event loop run. */
	pause(): Promise<void>;
	/** Resolves after so many milliseconds, or at once when the signal is aborted. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
	/** A fresh budget for the patterns of one message. */
	matchBudget(): MatchBudget;
}

/** What the user chose on the node. */
export interface IngestSettings {
	/** `user@host`. */
	readonly accountName: string;
	readonly mailbox: string;
	readonly rules: readonly CompiledRule[];
	readonly expectations: readonly Expectation[];
	readonly which: 'first' | 'all';
	/** Deliver messages that no rule matches, too. */
	readonly unmatched: boolean;
	readonly startAt: CursorPolicy['startAt'];
	readonly whenRulesChange: CursorPolicy['whenRulesChange'];
	/** Tells a change of the rules. */
	readonly rulesKey: string;
	readonly acknowledge: AcknowledgeMode;
	/** Deliver a message again that its rule had marked as read and somebody marked unread. */
	readonly replayUnread: boolean;
	/** The keyword of this trigger, see `triggerKeyword`. */
	readonly keyword: string;
	/** Folder for messages whose last attempt failed. */
	readonly quarantine: string;
	/** Most messages in one execution; `AUTOMATIC` leaves it to the trigger. */
	readonly batchSize: number;
	/** What to do where the server cannot move single messages. */
	readonly cannotMove: CannotMove;
	/** Milliseconds between two audits. */
	readonly auditEveryMs: number;
	/** How often a message may fail alone while others succeed, and the pauses in between. */
	readonly retry: RetryPolicy;
	/** What an execution counts as that went to sleep in a Wait node. */
	readonly waitingExecutions: 'delivered' | 'again';
	/** How long an execution may run before its outcome is taken for lost, in milliseconds. */
	readonly executionLimitMs: number;
	/** What becomes of a message whose text a rule needs and that was read only in part. */
	readonly oversized: 'match' | 'quarantine';
	/** What becomes of a message that a rule refuses only because its sender is not authenticated. */
	readonly unauthenticated: 'unmatched' | 'quarantine';
	/** Whether items have the text of their message. */
	readonly messageText: boolean;
}

/** Everything a poll works with. */
export interface Ingest {
	readonly settings: IngestSettings;
	readonly account: MailAccount;
	readonly memory: Memory;
	readonly workflow: Workflow;
	readonly runtime: TriggerRuntime;
	readonly clock: Clock;
	readonly log: Log;
}
