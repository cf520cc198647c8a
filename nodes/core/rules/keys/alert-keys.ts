import type { ActionOfValue, AlertAction } from '../rule';
import { choiceOf, oneOf, TEXT, TEXT_LIST } from './kinds';
import type { Choice, Column } from './kinds';
import { beyondAlertMagic, defineKey } from './rule-key';
import type { RuleKey } from './rule-key';
import { rowsOf } from './rows';

const OPEN: Choice<AlertAction> = { json: 'Open', value: 'open', label: 'Open' };
const RESOLVE: Choice<AlertAction> = { json: 'Resolve', value: 'resolve', label: 'Resolve' };
const UPDATE: Choice<AlertAction> = { json: 'Update', value: 'update', label: 'Update' };

const ACTION_COLUMNS: readonly Column[] = [
	{
		json: 'Name',
		form: 'name',
		label: 'Name',
		description: 'Name of a value in the payload',
		placeholder: 'e.g. state',
		kind: TEXT,
	},
	{
		json: 'Is',
		form: 'is',
		label: 'Is',
		description: 'The value, in any case',
		placeholder: 'e.g. OK',
		kind: TEXT,
	},
	{ json: 'Action', form: 'action', label: 'Action', kind: oneOf([RESOLVE, UPDATE, OPEN]) },
];

const BEYOND = {
	only: 2,
	...beyondAlertMagic({
		effect: 'nothing tells which mails are about the same alert',
		remedy: 'Remove the alert key and its actions.',
	}),
} as const;

/** The keys of `Alert`: which alert a message is about, and whether it opens or resolves it. */
export const ALERT_KEYS: readonly RuleKey[] = [
	defineKey(
		{
			json: 'Alert.Key',
			form: 'alertKey',
			label: 'Alert Key',
			description:
				'Names of payload values that together tell which alert the mail is about, such as host and check. The item gets alert.key, the same for the same values.',
			placeholder: 'e.g. host',
			...BEYOND,
		},
		TEXT_LIST,
		{
			set: (names) => ({ alertKey: names.map((name) => name.trim()) }),
			get: ({ alertKey }) => alertKey,
		},
	),
	defineKey(
		{
			json: 'Alert.Action',
			form: 'alertAction',
			label: 'Alert Action',
			description: 'What the mail means for its alert, where no value decides',
			...BEYOND,
		},
		choiceOf<AlertAction>([OPEN, RESOLVE, UPDATE]),
		{
			set: (alertAction) => (alertAction === 'open' ? {} : { alertAction }),
			get: ({ alertAction }) => alertAction,
		},
	),
	defineKey(
		{
			json: 'Alert.Actions',
			form: 'alertActions',
			label: 'Alert Action by Value',
			description:
				'Values that decide the action, such as Resolve where state is OK. The first that applies counts.',
			placeholder: 'Add Value',
			...BEYOND,
		},
		rowsOf<ActionOfValue>(ACTION_COLUMNS),
		{ set: (alertActions) => ({ alertActions }), get: ({ alertActions }) => alertActions },
	),
];
