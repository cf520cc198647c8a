/*
 * The one table of rule fields (rule-keys.ts, made of the other *-keys.ts): what JSON and form call a key,
 * of which kind it is (kinds.ts, columns.ts, rows.ts), and what AlertMagic lacks. Reading, writing, forms and errors follow
 * from it.
 */
import type { Rule } from '../rule';
import { ALERT_KEYS } from './alert-keys';
import { EXPECT_KEYS } from './expect-keys';
import { FILTER_KEYS } from './filter-keys';
import { choice, choiceOf, FLAG, TEXT, WHOLE_NUMBER } from './kinds';
import { PAYLOAD_KEYS } from './payload-keys';
import { beyondAlertMagic, defineKey, propertyKey } from './rule-key';
import type { FormVersion, RuleKey } from './rule-key';

const WHEN_MOVED = { form: 'cleanUpAction', is: ['moveToFolder'] } as const;
const moving = ({ cleanUp }: Rule) => (cleanUp.action === 'moveToFolder' ? cleanUp : undefined);

/**
 * Every key of a rule, once: what JSON and form call it, how it is written, where a rule has it, and what an export to
 * AlertMagic makes of it. Form, JSON, export and the words of errors follow from here.
 */
export const RULE_KEYS: readonly RuleKey[] = [
	defineKey({
		json: 'Name',
		form: 'name',
		label: 'Name',
		description: 'Names the rule in items and errors; each rule needs a name of its own',
		placeholder: 'e.g. Knock Knock',
		kind: TEXT,
		set: (name) => ({ name: name.trim() }),
		get: ({ name }) => name,
	}),
	...FILTER_KEYS,
	...PAYLOAD_KEYS,
	...ALERT_KEYS,
	...EXPECT_KEYS,
	defineKey({
		json: 'CleanUp.Action',
		form: 'cleanUpAction',
		label: 'Clean Up',
		description: 'What happens to the message once the workflow has ended in success',
		gap: {
			effect: 'the message stays as it is',
			remedy: 'Choose Nothing or Move to Folder for Clean Up.',
			// AlertMagic's guide shows MoveToFolder only.
			matters: (rule) => moving(rule) === undefined,
		},
		// In the order of what they do to the message, the harmless ones first.
		kind: choiceOf(
			choice('None', 'Nothing'),
			choice('MarkAsRead', 'Mark as Read'),
			choice('Flag', 'Flag'),
			choice('MoveToFolder', 'Move to Folder'),
			choice('Delete', 'Delete'),
		),
		set: (action) => ({ cleanUp: { action } }),
		get: ({ cleanUp: { action } }) => (action === 'none' ? undefined : action),
	}),
	defineKey({
		json: 'CleanUp.Folder',
		form: 'cleanUpFolder',
		label: 'Folder',
		description: 'Where the message is moved to. Created when it does not exist.',
		placeholder: 'e.g. AlertMagic Processed',
		onlyWhen: WHEN_MOVED,
		kind: TEXT,
		set: (folder) => ({ cleanUp: { folder: folder.trim() } }),
		get: (rule) => moving(rule)?.folder,
	}),
	defineKey({
		json: 'CleanUp.DeleteAfterDays',
		form: 'deleteAfterDays',
		label: 'Delete After Days',
		description: 'Days a message stays in that folder before it is deleted; 0 keeps it for good',
		onlyWhen: WHEN_MOVED,
		kind: WHOLE_NUMBER,
		set: (deleteAfterDays) => ({ cleanUp: { deleteAfterDays } }),
		get: (rule) => moving(rule)?.deleteAfterDays,
	}),
	defineKey({
		json: 'TextFrom',
		form: 'textFrom',
		label: 'Text From',
		description: 'Which part of a message is its body when it has both plain text and HTML',
		...beyondAlertMagic('patterns see the plain text', 'Write its patterns for the plain text.'),
		kind: choiceOf(
			choice('PlainFirst', 'Plain Part First'),
			choice(
				'HtmlFirst',
				'HTML First',
				'For senders whose plain text only hints at what the HTML says',
			),
		),
		set: () => ({ textFrom: 'html' }),
		get: ({ textFrom }) => (textFrom === 'html' ? 'htmlFirst' : undefined),
	}),
	propertyKey({
		json: 'IgnoreCase',
		form: 'ignoreCase',
		label: 'Ignore Case',
		description: 'Whether all patterns of the rule take upper and lower case as the same',
		second: {
			description:
				'Whether patterns take upper and lower case as the same, as everything else of a rule does',
		},
		isOption: true,
		kind: FLAG,
	}),
	propertyKey({
		json: 'Continue',
		form: 'continue',
		label: 'Continue With Next Rules',
		description:
			'Whether the rules below are tried too after this one has matched, each of them giving an item of its own',
		...beyondAlertMagic(
			'AlertMagic decides whether the rules below are tried too',
			'Remove it from the rule.',
		),
		kind: FLAG,
	}),
];

/** The keys that a form has, with its words. */
export function keysOfForm(version: FormVersion): readonly RuleKey[] {
	return RULE_KEYS.filter(({ only }) => only === undefined || only === version).map((key) =>
		version === 1 ? key : { ...key, ...key.second },
	);
}
