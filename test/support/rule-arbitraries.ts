import fc from 'fast-check';

import type { AlertMagicIngest } from '../../nodes/core/rules/json/write-alertmagic';
import { NUMBER_FORMATS } from '../../nodes/core/rules/number-format';
import type { Condition } from '../../nodes/core/rules/plain/conditions';
import type { CapturedField } from '../../nodes/core/rules/plain/fields';
import type { RecordSource } from '../../nodes/core/rules/plain/records';
import type { ValueMap } from '../../nodes/core/rules/plain/values';
import type { ActionOfValue, Rule } from '../../nodes/core/rules/rule';

/** Texts as people write them into a rule; what has an empty value is left out instead. */
const text = fc.oneof(
	fc.string({ minLength: 1, unit: 'grapheme' }),
	fc.constantFrom('=+ALERT', '={{ 1 }}', '^tri.+@zion.com$', 'Spoon: (?<spoon>[^\n]+)', '\\d{2}}}'),
);
const pattern = text;
const patterns = fc.array(pattern, { minLength: 1, maxLength: 3 });
/** Without blanks at its ends, which do not count in a name. */
const name = text.map((value) => value.trim()).filter((value) => value !== '');
const folder = name.filter((value) => !/\p{Cc}/u.test(value));
const days = fc.integer({ min: 1, max: 36_500 });
const key = fc.constantFrom('team', 'level', 'a', 'B_1', 'constructor');
const headerName = fc.constantFrom('X-Priority', 'X-Host', 'List-Id');

/** Leaves out what fast-check left undefined. */
const partial = <Model extends object>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) =>
	fc.record(model, { requiredKeys: [] });
const filled = <Model extends object>(arbitrary: fc.Arbitrary<Partial<Model>>) =>
	arbitrary.filter((value) => Object.keys(value).length > 0);

const withDistinctNames = <Entry>(
	entry: fc.Arbitrary<Entry>,
	nameOf: (entry: Entry) => string,
): fc.Arbitrary<Entry[]> => fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: nameOf });

const moved = fc
	.tuple(folder, fc.option(days, { nil: undefined }))
	.map(([Folder, DeleteAfterDays]) => ({
		Action: 'MoveToFolder' as const,
		Folder,
		...(DeleteAfterDays !== undefined && { DeleteAfterDays }),
	}));

/** Everything that AlertMagic's guide knows of a rule, without destination. */
const ingest: fc.Arbitrary<AlertMagicIngest> = fc
	.record({
		Name: name,
		more: partial({
			Filter: filled(partial({ From: pattern, Subject: pattern, Body: pattern })),
			Payload: filled(
				partial({ FromCaptures: patterns, SubjectCaptures: patterns, BodyCaptures: patterns }),
			),
			CleanUp: moved,
		}),
	})
	.map(({ Name, more }) => ({ Name, ...more }));

export const ingests = withDistinctNames(ingest, ({ Name }) => Name);

const number = fc.option(fc.constantFrom(...NUMBER_FORMATS.slice(1)), { nil: undefined });
const date = fc.option(fc.constantFrom('dd.MM.yyyy', 'yyyy-MM-dd HH:mm'), { nil: undefined });
const type = fc.oneof(
	fc.constant({ kind: 'boolean' as const }),
	number.map((format) => ({ kind: 'number' as const, ...(format !== undefined && { format }) })),
	date.map((format) => ({ kind: 'date' as const, ...(format !== undefined && { format }) })),
);

const headerKey = headerName.map((header) => `header:${header}` as const);
const headerFilters = fc.dictionary(headerKey, pattern, { maxKeys: 2 });
const headerCaptures = fc.dictionary(headerKey, patterns, { maxKeys: 2 });

const field = fc.oneof(
	fc
		.constantFrom(
			'from' as const,
			'senderDomain' as const,
			'to' as const,
			'cc' as const,
			'subject' as const,
			'body' as const,
			'attachmentName' as const,
		)
		.map((value) => ({ field: value })),
	headerName.map((header) => ({ field: 'header' as const, header })),
);

const comparison = fc.oneof(
	fc.record({
		operator: fc.constantFrom(
			'contains' as const,
			'doesNotContain' as const,
			'equals' as const,
			'startsWith' as const,
			'endsWith' as const,
			'matches' as const,
		),
		value: text,
	}),
	fc.record({
		operator: fc.constant('isOneOf' as const),
		values: fc.array(text, { minLength: 1, maxLength: 3 }),
	}),
);

const condition: fc.Arbitrary<Condition> = fc
	.tuple(field, comparison)
	.map(([where, what]) => ({ ...where, ...what }));

const capturedBy = fc.oneof(
	fc.record({
		name: key,
		how: fc.constantFrom(
			'afterLabel' as const,
			'lineAfterLabel' as const,
			'cellRightOfLabel' as const,
		),
		label: text,
	}),
	fc.record({ name: key, how: fc.constant('between' as const), after: text, before: text }),
	fc.record({
		name: key,
		how: fc.constantFrom(
			'wholeField' as const,
			'firstNumber' as const,
			'firstIpAddress' as const,
			'firstHost' as const,
			'firstUrl' as const,
			'firstDate' as const,
		),
	}),
	fc.record({ how: fc.constant('pattern' as const), pattern }),
);

const capturedField: fc.Arbitrary<CapturedField> = fc
	.tuple(field, capturedBy)
	.map(([where, what]) => ({ ...where, ...what }));

const records: fc.Arbitrary<RecordSource> = fc.oneof(
	fc.record(
		{ name: key, how: fc.constant('table' as const), column: text },
		{ requiredKeys: ['name', 'how'] },
	),
	fc.record({ name: key, how: fc.constant('blocks' as const) }),
	fc.record({ name: key, how: fc.constant('pattern' as const), pattern }),
);

const valueMap: fc.Arbitrary<ValueMap> = fc.record(
	{ name: key, from: text, to: text },
	{ requiredKeys: ['name', 'to'] },
);

const actionOfValue: fc.Arbitrary<ActionOfValue> = fc.record({
	name: key,
	is: text,
	action: fc.constantFrom('open' as const, 'update' as const, 'resolve' as const),
});

const listOf = <Entry>(entry: fc.Arbitrary<Entry>) =>
	fc.array(entry, { minLength: 1, maxLength: 3 });
const scalars = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
	minKeys: 1,
	maxKeys: 2,
});

const rule: fc.Arbitrary<Rule> = fc
	.record({
		name,
		filter: partial({
			from: pattern,
			to: pattern,
			cc: pattern,
			subject: pattern,
			attachmentName: pattern,
			body: pattern,
		}),
		headerFilters,
		captures: partial({ to: patterns, cc: patterns, attachmentName: patterns }),
		own: fc.record({
			from: fc.array(pattern, { maxLength: 2 }),
			subject: fc.array(pattern, { maxLength: 2 }),
			body: fc.array(pattern, { maxLength: 2 }),
		}),
		headerCaptures,
		whenMissing: fc.constantFrom('leaveOut' as const, 'emptyString' as const, 'refuse' as const),
		more: partial({
			match: fc.constant('any' as const),
			matches: fc.constant('all' as const),
			ignoreCase: fc.constant(true as const),
			anySender: fc.constant(true as const),
			textFrom: fc.constant('html' as const),
			continue: fc.constant(true as const),
			types: fc.dictionary(key, type, { minKeys: 1, maxKeys: 2 }),
			fixed: scalars,
			conditions: listOf(condition),
			fields: listOf(capturedField),
			keyValueLines: fc.constant(true as const),
			records: listOf(records),
			maps: listOf(valueMap),
			defaults: scalars,
			texts: scalars,
			expectEvery: fc.constantFrom('24h', '7d'),
			expectBy: fc.constant('07:30'),
			expectOn: fc.subarray(['mon' as const, 'sat' as const, 'sun' as const], { minLength: 1 }),
			expectGrace: fc.constant('2h'),
			alertKey: listOf(key),
			alertAction: fc.constantFrom('update' as const, 'resolve' as const),
			alertActions: listOf(actionOfValue),
		}),
		cleanUp: fc.oneof(
			fc
				.constantFrom('none' as const, 'markAsRead' as const, 'flag' as const, 'delete' as const)
				.map((action) => ({ action })),
			moved.map(({ Folder, DeleteAfterDays }) => ({
				action: 'moveToFolder' as const,
				folder: Folder,
				...(DeleteAfterDays !== undefined && { deleteAfterDays: DeleteAfterDays }),
			})),
		),
	})
	.map(
		({ filter, headerFilters: filters, captures, own, headerCaptures: lists, more, ...rest }) => ({
			...rest,
			...more,
			filter: { ...filter, ...filters },
			captures: { ...own, ...captures, ...lists },
		}),
	);

/** Everything a rule can be. */
export const rules = withDistinctNames(rule, ({ name: ruleName }) => ruleName);
