import type { AcknowledgeMode } from '../../core/delivery/acknowledgement';
import { AUTOMATIC } from '../../core/delivery/flow';
import { DELIVERY_RETRY } from '../../core/delivery/retry';
import type { RetryPolicy } from '../../core/delivery/retry';
import { IngestError } from '../../core/errors';
import type { Rule } from '../../core/rules/rule';
import { isRecord } from '../../core/is-record';
import { isSameMailbox, readMailboxName } from '../../core/message/mailbox-name';
import { readWholeNumber } from '../../core/whole-number';
import { parseUsers } from '../../core/account/users';
import type { CannotMove } from '../../mail/ports';
import { readRules } from '../../shell/rules/read-rules';

/** Reads a parameter of the node; `fallback` is what an absent option counts as. */
export type ReadTriggerParameter = (name: string, fallback?: unknown) => unknown;

/** The parameters of a trigger, checked. */
export interface TriggerParameters {
	readonly mailbox: string;
	readonly rules: readonly Rule[];
	readonly which: 'first' | 'all';
	readonly startAt: 'newMail' | 'everything';
	readonly whenRulesChange: 'newMail' | 'everything';
	readonly acknowledge: AcknowledgeMode;
	readonly replayUnread: boolean;
	readonly quarantine: string;
	readonly batchSize: number;
	/** What to do where the server cannot move single messages. */
	readonly cannotMove: CannotMove;
	readonly retry: RetryPolicy;
	readonly waitingExecutions: 'delivered' | 'again';
	readonly executionLimitMs: number;
	/** What becomes of a message whose text was read only in part. */
	readonly oversized: 'match' | 'quarantine';
	/** What becomes of a message that a rule refuses only because its sender is not authenticated. */
	readonly unauthenticated: 'unmatched' | 'quarantine';
	/** Users whose mailboxes are watched; none for that of the account. */
	readonly users: readonly string[];
	readonly outputs: 'single' | 'onePerRule';
	/** Whether the node has an output for messages that no rule matches. */
	readonly unmatched: boolean;
	/** Whether the node has an output "Health". */
	readonly health: boolean;
	readonly heartbeat: Heartbeat;
	/** Whether items have the text of their message. */
	readonly messageText: boolean;
	/** Whether a test run tells what each pattern found. */
	readonly explain: boolean;
}

/** How often the output "Health" shows that the trigger is alive. */
export type Heartbeat = 'never' | 'hourly' | 'daily';

/** Defaults of the options; the description of the node shows the same ones. */
export const TRIGGER_DEFAULTS = {
	acknowledge: 'executionSucceeded',
	explain: true,
	health: false,
	heartbeat: 'never',
	messageText: false,
	which: 'first',
	outputs: 'single',
	unmatched: false,
	replayUnread: false,
	startAt: 'newMail',
	whenRulesChange: 'newMail',
	quarantine: 'Ingest Quarantine',
	batchSize: AUTOMATIC,
	cannotMove: 'leave',
	retries: {},
	waitingExecutions: 'delivered',
	executionLimit: 24,
	oversized: 'match',
	unauthenticated: 'unmatched',
	users: [],
} as const;

/** What workflows of version 1 were saved with. */
const FIRST_BATCH_SIZE = 50;

/**
 * Reads the parameters of a trigger node.
 *
 * @param accountConfiguration the Configuration field of the account, for rules that come from there
 * @param version typeVersion of the node
 * @throws ConfigurationError or IngestError `configuration` with field, value and remedy
 */
export function readTriggerParameters(
	read: ReadTriggerParameter,
	accountConfiguration: string,
	version: number,
): TriggerParameters {
	const mailbox = readMailboxName(read('mailbox'), 'Mailbox');
	const options = read('options', {});
	const option = (name: string): unknown => (isRecord(options) ? options[name] : undefined);
	const rules = readRules(read, accountConfiguration);
	const replayUnread = option('replayUnread') === true;
	const unmatched = option('unmatched') === true;
	if (replayUnread) requireMarkAsRead(rules, unmatched);
	return {
		mailbox,
		rules,
		replayUnread,
		acknowledge: readChoice(option('acknowledge'), ACKNOWLEDGE_MODES, TRIGGER_DEFAULTS.acknowledge),
		heartbeat: readChoice(option('heartbeat'), HEARTBEATS, TRIGGER_DEFAULTS.heartbeat),
		health: option('health') === true,
		explain: option('explain') !== false,
		messageText: option('messageText') === true,
		outputs: option('outputs') === 'onePerRule' ? 'onePerRule' : TRIGGER_DEFAULTS.outputs,
		unmatched,
		whenRulesChange: option('whenRulesChange') === 'everything' ? 'everything' : 'newMail',
		which: option('which') === 'all' ? 'all' : TRIGGER_DEFAULTS.which,
		startAt: option('startAt') === 'everything' ? 'everything' : TRIGGER_DEFAULTS.startAt,
		quarantine: readQuarantine(option('quarantine'), mailbox),
		batchSize: readWholeNumber(
			option('batchSize') ?? (version < 2 ? FIRST_BATCH_SIZE : TRIGGER_DEFAULTS.batchSize),
			'Messages per Execution',
			BATCH_SIZE,
		),
		retry: readRetries(option('retries')),
		waitingExecutions: option('waitingExecutions') === 'again' ? 'again' : 'delivered',
		executionLimitMs:
			readWholeNumber(
				option('executionLimit') ?? TRIGGER_DEFAULTS.executionLimit,
				'Execution Limit',
				EXECUTION_LIMIT,
			) * HOUR_MS,
		oversized: option('oversized') === 'quarantine' ? 'quarantine' : TRIGGER_DEFAULTS.oversized,
		unauthenticated:
			option('unauthenticated') === 'quarantine' ? 'quarantine' : TRIGGER_DEFAULTS.unauthenticated,
		users: parseUsers(option('users')),
		cannotMove: readChoice(option('cannotMove'), CANNOT_MOVE, TRIGGER_DEFAULTS.cannotMove),
	};
}

const ACKNOWLEDGE_MODES = ['executionSucceeded', 'handOff', 'actionNode'] as const;
const CANNOT_MOVE = ['leave', 'copy', 'expunge'] as const;
const HEARTBEATS = ['never', 'hourly', 'daily'] as const;

function readChoice<Choice extends string>(
	value: unknown,
	choices: readonly Choice[],
	fallback: Choice,
): Choice {
	return choices.find((choice) => choice === value) ?? fallback;
}

/** A message that nobody marks as read would be delivered again with every poll. */
function requireMarkAsRead(rules: readonly Rule[], unmatched: boolean): void {
	const field = 'Replay When Marked Unread';
	const other = rules.find(({ cleanUp }) => cleanUp.action !== 'markAsRead');
	if (other !== undefined) {
		throw new IngestError(
			'configuration',
			`${field} is on, but rule "${other.name}" does not mark messages as read.`,
			{
				field,
				remedy: 'Choose the clean-up Mark as Read for every rule, or switch the option off.',
			},
		);
	}
	if (!unmatched) return;
	throw new IngestError(
		'configuration',
		`${field} and Unmatched Output are both on, but unmatched messages are not marked as read.`,
		{
			field,
			remedy: 'Switch one of them off, or add a last rule without filters that marks as read.',
		},
	);
}

function readQuarantine(value: unknown, mailbox: string): string {
	const isGiven = typeof value !== 'string' || value.trim() !== '';
	const name = readMailboxName(
		isGiven ? (value ?? TRIGGER_DEFAULTS.quarantine) : TRIGGER_DEFAULTS.quarantine,
		'Quarantine Mailbox',
	);
	if (!isSameMailbox(name, mailbox)) return name;
	throw new IngestError(
		'configuration',
		`Quarantine Mailbox is "${name}", the mailbox that is watched.`,
		{
			field: 'Quarantine Mailbox',
			remedy: 'Name another mailbox; it is created when it does not exist.',
		},
	);
}

/** Messages of one execution; the description of the node shows the same. */
export const BATCH_SIZE = { min: AUTOMATIC, max: 500 } as const;

/** Hours an execution may run; the description of the node shows the same. */
export const EXECUTION_LIMIT = { min: 1, max: 720, unit: 'hours' } as const;

/** The option Retries; the description of the node shows the same. */
export const RETRIES = {
	attempts: { fallback: DELIVERY_RETRY.maxAttempts, min: 1, max: 100 },
	firstPause: {
		fallback: DELIVERY_RETRY.firstDelayMs / 1_000,
		min: 1,
		max: 3_600,
		unit: 'seconds',
	},
	longestPause: {
		fallback: DELIVERY_RETRY.maxDelayMs / 60_000,
		min: 1,
		max: 1_440,
		unit: 'minutes',
	},
} as const;

function readRetries(value: unknown): RetryPolicy {
	const values = isRecord(value) ? value['values'] : undefined;
	const read = (name: keyof typeof RETRIES, label: string): number => {
		const given = isRecord(values) ? values[name] : undefined;
		return readWholeNumber(given ?? RETRIES[name].fallback, label, RETRIES[name]);
	};
	return {
		...DELIVERY_RETRY,
		maxAttempts: read('attempts', 'Attempts'),
		firstDelayMs: read('firstPause', 'First Pause') * 1_000,
		maxDelayMs: read('longestPause', 'Longest Pause') * MINUTE_MS,
	};
}

/** Minutes between two safety scans; the description of the node shows the same default. */
export const SAFETY_SCAN = { fallback: 5, min: 1, max: 60 } as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Reads how often the instant trigger looks whether it missed something, in milliseconds.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function readSafetyScan(read: ReadTriggerParameter): number {
	const options = read('options', {});
	const value = isRecord(options) ? (options['safetyScan'] ?? SAFETY_SCAN.fallback) : 0;
	return readWholeNumber(value, 'Safety Scan', { ...SAFETY_SCAN, unit: 'minutes' }) * MINUTE_MS;
}
