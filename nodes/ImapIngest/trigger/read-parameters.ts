import type { RetryPolicy } from '../../core/delivery/retry';
import { wrongSetting } from '../../core/errors';
import type { Rule } from '../../core/rules/rule';
import { isRecord } from '../../core/is-record';
import { isSameMailbox, readMailboxName } from '../../core/message/mailbox-name';
import { readOptions } from '../../shell/node-options';
import type { OptionValues } from '../../shell/node-options';
import { readRules } from '../../shell/rules/read-rules';
import { INSTANT_OPTIONS, TRIGGER_OPTIONS } from './options';

/** Reads a parameter of the node; `fallback` is what an absent option counts as. */
export type ReadTriggerParameter = (name: string, fallback?: unknown) => unknown;

type Options = OptionValues<typeof TRIGGER_OPTIONS>;

export interface TriggerParameters extends Omit<Options, 'retries' | 'executionLimit'> {
	readonly mailbox: string;
	readonly rules: readonly Rule[];
	readonly retry: RetryPolicy;
	readonly executionLimitMs: number;
}

/** How often the output "Health" shows that the trigger is alive. */
export type Heartbeat = Options['heartbeat'];

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
	const rules = readRules(read, accountConfiguration);
	const collection = read('options', {});
	const given = isRecord(collection) ? collection : {};
	const batchSize = given['batchSize'] ?? (version < 2 ? FIRST_BATCH_SIZE : undefined);
	const { retries, executionLimit, ...options } = readOptions(TRIGGER_OPTIONS, {
		...given,
		batchSize,
	});
	if (options.replayUnread) requireMarkAsRead(rules, options.unmatched);
	refuseWatched(options.quarantine, mailbox);
	return {
		...options,
		mailbox,
		rules,
		retry: retries,
		executionLimitMs: executionLimit * 3_600_000,
	};
}

/** A message that nobody marks as read would be delivered again with every poll. */
function requireMarkAsRead(rules: readonly Rule[], unmatched: boolean): void {
	const field = 'Replay When Marked Unread';
	const other = rules.find(({ cleanUp }) => cleanUp.action !== 'markAsRead');
	if (other !== undefined) {
		throw wrongSetting(
			field,
			`is on, but rule "${other.name}" does not mark messages as read`,
			'Choose the clean-up Mark as Read for every rule, or switch the option off.',
		);
	}
	if (!unmatched) return;
	throw wrongSetting(
		field,
		'and Unmatched Output are both on, but unmatched messages are not marked as read',
		'Switch one of them off, or add a last rule without filters that marks as read.',
	);
}

function refuseWatched(quarantine: string, mailbox: string): void {
	if (!isSameMailbox(quarantine, mailbox)) return;
	throw wrongSetting(
		'Quarantine Mailbox',
		`is "${quarantine}", the mailbox that is watched`,
		'Name another mailbox; it is created when it does not exist.',
	);
}

/**
 * Reads how often the instant trigger looks whether it missed something, in milliseconds.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function readSafetyScan(read: ReadTriggerParameter): number {
	return readOptions(INSTANT_OPTIONS, read('options', {})).safetyScan * 60_000;
}
