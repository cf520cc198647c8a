import type { ActionOfValue } from '../rule';
import { choice, choiceOf, column, oneOf, TEXT, TEXT_LIST } from './kinds';
import { beyondAlertMagic, defineKey, propertyKey } from './rule-key';
import type { RuleKey } from './rule-key';
import { rowsOf } from './rows';

const OPEN = choice('Open', 'Open');
const RESOLVE = choice('Resolve', 'Resolve');
const UPDATE = choice('Update', 'Update');

const ACTION_COLUMNS = [
	column('Name', TEXT, {
		description: 'Name of a value in the payload',
		placeholder: 'e.g. state',
	}),
	column('Is', TEXT, {
		description: 'The value, in any case',
		placeholder: 'e.g. OK',
	}),
	column('Action', oneOf([RESOLVE, UPDATE, OPEN])),
];

const BEYOND = {
	only: 2,
	...beyondAlertMagic(
		'nothing tells which mails are about the same alert',
		'Remove the alert key and its actions.',
	),
} as const;

/** The keys of `Alert`: which alert a message is about, and whether it opens or resolves it. */
export const ALERT_KEYS: readonly RuleKey[] = [
	defineKey({
		json: 'Alert.Key',
		form: 'alertKey',
		label: 'Alert Key',
		description:
			'Names of payload values that together tell which alert the mail is about, such as host and check. The item gets alert.key, the same for the same values.',
		placeholder: 'e.g. host',
		...BEYOND,
		kind: TEXT_LIST,
		set: (names) => ({ alertKey: names.map((name) => name.trim()) }),
		get: ({ alertKey }) => alertKey,
	}),
	propertyKey({
		json: 'Alert.Action',
		form: 'alertAction',
		label: 'Alert Action',
		description: 'What the mail means for its alert, where no value decides',
		...BEYOND,
		kind: choiceOf(OPEN, RESOLVE, UPDATE),
	}),
	propertyKey({
		json: 'Alert.Actions',
		form: 'alertActions',
		label: 'Alert Action by Value',
		description:
			'Values that decide the action, such as Resolve where state is OK. The first that applies counts.',
		placeholder: 'Add Value',
		...BEYOND,
		kind: rowsOf<ActionOfValue>(ACTION_COLUMNS),
	}),
];
