import { IngestError } from '../core/errors';
import type { Rule } from '../core/rule';
import { isRecord } from '../core/config/fields';
import { isSameMailbox } from '../core/mailbox-name';
import { readRules } from './read-rules';

/** Reads a parameter of the node; `fallback` is what an absent option counts as. */
export type ReadTriggerParameter = (name: string, fallback?: unknown) => unknown;

/** The parameters of a trigger, checked. */
export interface TriggerParameters {
	readonly mailbox: string;
	readonly rules: readonly Rule[];
	readonly which: 'first' | 'all';
	readonly startAt: 'newMail' | 'everything';
	readonly quarantine: string;
	readonly batchSize: number;
}

/** Defaults of the options; the description of the node shows the same ones. */
export const TRIGGER_DEFAULTS = {
	which: 'first',
	startAt: 'newMail',
	quarantine: 'Ingest Quarantine',
	batchSize: 50,
} as const;

/**
 * Reads the parameters of a trigger node.
 *
 * @param accountConfiguration the Configuration field of the account, for rules that come from there
 * @throws ConfigurationError or IngestError `configuration` with field, value and remedy
 */
export function readTriggerParameters(
	read: ReadTriggerParameter,
	accountConfiguration: string,
): TriggerParameters {
	const mailbox = readMailbox(read('mailbox'));
	const options = read('options', {});
	const option = (name: string): unknown => (isRecord(options) ? options[name] : undefined);
	return {
		mailbox,
		rules: readRules(read, accountConfiguration),
		which: option('which') === 'all' ? 'all' : TRIGGER_DEFAULTS.which,
		startAt: option('startAt') === 'everything' ? 'everything' : TRIGGER_DEFAULTS.startAt,
		quarantine: readQuarantine(option('quarantine'), mailbox),
		batchSize: readBatchSize(option('batchSize')),
	};
}

/** A resource locator, or the plain name an expression gives. */
function readMailbox(value: unknown): string {
	const name = isRecord(value) ? value['value'] : value;
	if (typeof name === 'string' && name.trim() !== '') return name;
	throw new IngestError('configuration', 'Mailbox is empty.', {
		field: 'Mailbox',
		remedy: 'Choose a mailbox from the list, or write its name, e.g. INBOX.',
	});
}

function readQuarantine(value: unknown, mailbox: string): string {
	const name =
		typeof value === 'string' && value.trim() !== '' ? value : TRIGGER_DEFAULTS.quarantine;
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

function readBatchSize(value: unknown): number {
	if (value === undefined) return TRIGGER_DEFAULTS.batchSize;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 500)
		return value;
	throw new IngestError('configuration', `Messages per Execution is ${JSON.stringify(value)}.`, {
		field: 'Messages per Execution',
		remedy: 'Write a whole number from 1 to 500.',
	});
}
