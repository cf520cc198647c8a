import { allConditions } from '../plain/all-conditions';
import type { Condition } from '../plain/conditions';
import { filterPlace } from '../text-field';
import type { NamedField } from '../text-field';
import { ofHeaders, toHeaderFields } from './header-fields';
import { CONDITION_COLUMNS } from './columns';
import { choice, choiceOf, emptyToNothing, FLAG, PATTERN_BY_HEADER, TEXT } from './kinds';
import { beyondAlertMagic, defineKey, propertyKey } from './rule-key';
import type { KeyTexts, RuleKey } from './rule-key';
import { rowsOf } from './rows';

const BEYOND = beyondAlertMagic('the rule takes more messages', 'Filter on From, Subject or Body.');
/** What is about other fields. */
export const { gap: FILTER_GAP } = BEYOND;

const filter = (field: NamedField, about: KeyTexts): RuleKey =>
	defineKey({
		json: filterPlace(field).join('.'),
		form: `${field}Filter`,
		only: 1,
		...about,
		kind: TEXT,
		set: (pattern) => ({ filter: { [field]: pattern } }),
		get: (rule) => rule.filter[field],
	});

/** The keys of `Filter`: which messages a rule is for. */
export const FILTER_KEYS: readonly RuleKey[] = [
	filter('from', {
		label: 'From Filter',
		description:
			'Pattern the bare address of a sender has to match. Leave empty to take any sender.',
		placeholder: 'e.g. ^tri.+@zion.com$',
	}),
	filter('to', {
		label: 'To Filter',
		description: 'Pattern the bare address of a recipient has to match',
		placeholder: 'e.g. ^alerts@',
		...BEYOND,
	}),
	filter('cc', {
		label: 'Cc Filter',
		description: 'Pattern the bare address of a Cc recipient has to match',
		placeholder: 'e.g. @example\\.com$',
		...BEYOND,
	}),
	filter('subject', {
		label: 'Subject Filter',
		description: 'Pattern the subject has to match. Leave empty to take any subject.',
		placeholder: 'e.g. ^alert',
	}),
	defineKey({
		json: 'Filter.Headers',
		form: 'headerFilters',
		label: 'Header Filters',
		description: 'Patterns that header fields have to match, one for each field',
		placeholder: 'e.g. ^[12]\\b',
		only: 1,
		...BEYOND,
		kind: PATTERN_BY_HEADER,
		set: (patterns) => ({ filter: toHeaderFields(patterns) }),
		get: (rule) => ofHeaders(rule.filter),
	}),
	filter('attachmentName', {
		label: 'Attachment Filter',
		description: 'Pattern the name of an attachment has to match',
		placeholder: 'e.g. \\.pdf$',
		...BEYOND,
	}),
	filter('body', {
		label: 'Body Filter',
		description:
			'Pattern the plain text has to match. An HTML-only message is turned into text first.',
		placeholder: 'e.g. white.+rabbit',
	}),
	propertyKey({
		json: 'Filter.Conditions',
		form: 'conditions',
		label: 'Conditions',
		description: 'Which messages the rule is for; without one it is for every message',
		placeholder: 'Add Condition',
		only: 2,
		kind: rowsOf<Condition>(CONDITION_COLUMNS),
		getAll: (rule) => emptyToNothing(allConditions(rule)),
	}),
	propertyKey({
		json: 'Filter.Authenticated',
		form: 'authenticated',
		label: 'Sender Authentication',
		description: 'What the receiving host has to have found out of the sender',
		...BEYOND,
		kind: choiceOf(
			{ json: 'NotChecked', value: 'none', label: 'Not Checked' },
			choice('Dmarc', 'Pass DMARC'),
			choice(
				'Aligned',
				'Pass SPF or DKIM Aligned With From',
				'Also where the domain of the sender publishes no DMARC policy',
			),
		),
	}),
	defineKey({
		json: 'Filter.TrustedBy',
		form: 'trustedBy',
		label: 'Trusted By',
		description:
			'Name of the receiving host in its Authentication-Results, or "exchange". Known for mailboxes at Google and Microsoft 365.',
		placeholder: 'e.g. mx.example.com',
		...BEYOND,
		kind: TEXT,
		set: (trustedBy) => ({ trustedBy: trustedBy.trim() }),
		get: ({ trustedBy }) => trustedBy,
	}),
	propertyKey({
		json: 'Filter.AnySender',
		form: 'anySender',
		label: 'Any Sender Is Enough',
		description:
			'Whether it is enough that one of several senders matches. Anybody can add a genuine one beside their own.',
		...BEYOND,
		kind: FLAG,
	}),
	propertyKey({
		json: 'Filter.Match',
		form: 'match',
		label: 'Match',
		description: 'How many of the filters have to match',
		second: { description: 'How many of the conditions have to match' },
		...beyondAlertMagic(
			'all of its filters have to match',
			'Make a rule of its own of each filter.',
			// With one filter there is no difference between any and all.
			(rule) => allConditions(rule).length !== 1,
		),
		kind: choiceOf(
			choice('All', 'All', 'Every one has to match'),
			choice('Any', 'Any', 'One that matches is enough'),
		),
	}),
];
