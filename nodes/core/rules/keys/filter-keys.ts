import type { RequiredAuthentication } from '../../message/authentication';
import { allConditions } from '../plain/all-conditions';
import type { Condition } from '../plain/conditions';
import type { NamedField } from '../text-field';
import { ofHeaders, toHeaderFields } from './header-fields';
import { CONDITION_COLUMNS } from './columns';
import { choiceOf, FLAG, orNothing, PATTERN_BY_HEADER, TEXT } from './kinds';
import { beyondAlertMagic, defineKey } from './rule-key';
import type { Gap, KeyTexts, RuleKey } from './rule-key';
import { rowsOf } from './rows';

/** What is about other fields. */
export const FILTER_GAP: Gap = {
	effect: 'the rule takes more messages',
	remedy: 'Filter on From, Subject or Body.',
};
const BEYOND = beyondAlertMagic(FILTER_GAP);

const filter = (name: string, field: NamedField, about: KeyTexts): RuleKey =>
	defineKey({ json: `Filter.${name}`, form: `${field}Filter`, only: 1, ...about }, TEXT, {
		set: (pattern) => ({ filter: { [field]: pattern } }),
		get: (rule) => rule.filter[field],
	});

/** The keys of `Filter`: which messages a rule is for. */
export const FILTER_KEYS: readonly RuleKey[] = [
	filter('From', 'from', {
		label: 'From Filter',
		description:
			'Pattern the bare address of a sender has to match. Leave empty to take any sender.',
		placeholder: 'e.g. ^tri.+@zion.com$',
	}),
	filter('To', 'to', {
		label: 'To Filter',
		description: 'Pattern the bare address of a recipient has to match',
		placeholder: 'e.g. ^alerts@',
		...BEYOND,
	}),
	filter('Cc', 'cc', {
		label: 'Cc Filter',
		description: 'Pattern the bare address of a Cc recipient has to match',
		placeholder: 'e.g. @example\\.com$',
		...BEYOND,
	}),
	filter('Subject', 'subject', {
		label: 'Subject Filter',
		description: 'Pattern the subject has to match. Leave empty to take any subject.',
		placeholder: 'e.g. ^alert',
	}),
	defineKey(
		{
			json: 'Filter.Headers',
			form: 'headerFilters',
			label: 'Header Filters',
			description: 'Patterns that header fields have to match, one for each field',
			placeholder: 'e.g. ^[12]\\b',
			only: 1,
			...BEYOND,
		},
		PATTERN_BY_HEADER,
		{
			set: (patterns) => ({ filter: toHeaderFields(patterns) }),
			get: (rule) => ofHeaders(rule.filter),
		},
	),
	filter('AttachmentName', 'attachmentName', {
		label: 'Attachment Filter',
		description: 'Pattern the name of an attachment has to match',
		placeholder: 'e.g. \\.pdf$',
		...BEYOND,
	}),
	filter('Body', 'body', {
		label: 'Body Filter',
		description:
			'Pattern the plain text has to match. An HTML-only message is turned into text first.',
		placeholder: 'e.g. white.+rabbit',
	}),
	defineKey(
		{
			json: 'Filter.Conditions',
			form: 'conditions',
			label: 'Conditions',
			description: 'Which messages the rule is for; without one it is for every message',
			placeholder: 'Add Condition',
			only: 2,
		},
		rowsOf<Condition>(CONDITION_COLUMNS),
		{
			set: (conditions) => ({ conditions }),
			get: ({ conditions }) => conditions,
			getAll: (rule) => orNothing(allConditions(rule)),
		},
	),
	defineKey(
		{
			json: 'Filter.Authenticated',
			form: 'authenticated',
			label: 'Sender Authentication',
			description: 'What the receiving host has to have found out of the sender',
			...BEYOND,
		},
		choiceOf<'none' | RequiredAuthentication>([
			{ json: 'NotChecked', value: 'none', label: 'Not Checked' },
			{ json: 'Dmarc', value: 'dmarc', label: 'Pass DMARC' },
			{
				json: 'Aligned',
				value: 'aligned',
				label: 'Pass SPF or DKIM Aligned With From',
				description: 'Also where the domain of the sender publishes no DMARC policy',
			},
		]),
		{
			set: (authenticated) => (authenticated === 'none' ? {} : { authenticated }),
			get: ({ authenticated }) => authenticated,
		},
	),
	defineKey(
		{
			json: 'Filter.TrustedBy',
			form: 'trustedBy',
			label: 'Trusted By',
			description:
				'Name of the receiving host in its Authentication-Results, or "exchange". Known for mailboxes at Google and Microsoft 365.',
			placeholder: 'e.g. mx.example.com',
			...BEYOND,
		},
		TEXT,
		{
			set: (trustedBy) => ({ trustedBy: trustedBy.trim() }),
			get: ({ trustedBy }) => trustedBy,
		},
	),
	defineKey(
		{
			json: 'Filter.AnySender',
			form: 'anySender',
			label: 'Any Sender Is Enough',
			description:
				'Whether it is enough that one of several senders matches. Anybody can add a genuine one beside their own.',
			...BEYOND,
		},
		FLAG,
		{ set: (anySender) => ({ anySender }), get: ({ anySender }) => anySender },
	),
	defineKey(
		{
			json: 'Filter.Match',
			form: 'match',
			label: 'Match',
			description: 'How many of the filters have to match',
			second: { description: 'How many of the conditions have to match' },
			...beyondAlertMagic({
				effect: 'all of its filters have to match',
				remedy: 'Make a rule of its own of each filter.',
				// With one filter there is no difference between any and all.
				matters: (rule) => allConditions(rule).length !== 1,
			}),
		},
		choiceOf<'all' | 'any'>([
			{ json: 'All', value: 'all', label: 'All', description: 'Every one has to match' },
			{
				json: 'Any',
				value: 'any',
				label: 'Any',
				description: 'One that matches is enough',
			},
		]),
		{ set: (match) => (match === 'any' ? { match } : {}), get: ({ match }) => match },
	),
];
