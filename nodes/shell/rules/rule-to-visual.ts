import type { Rule } from '../../core/rules/rule';
import { fieldsOf, headerSpelling } from '../../core/rules/text-field';
import type { TextField } from '../../core/rules/text-field';
import type { HeaderPatternRow, TypeRow, VisualRule, VisualRuleOptions } from './visual-rule';

/** A rule -> the row of the form that says the same; what has its default is left out. */
export function toVisualRule(rule: Rule): VisualRule {
	const { name, filter, captures, whenMissing } = rule;
	const options = toOptions(rule);
	return {
		name,
		...given('fromFilter', filter.from),
		...given('subjectFilter', filter.subject),
		...given('bodyFilter', filter.body),
		...listed('fromCaptures', captures.from),
		...listed('subjectCaptures', captures.subject),
		...listed('bodyCaptures', captures.body),
		...(whenMissing !== 'leaveOut' && { whenMissing }),
		...toCleanUpFields(rule.cleanUp),
		...(Object.keys(options).length > 0 && { options }),
	};
}

function toCleanUpFields(cleanUp: Rule['cleanUp']): VisualRule {
	if (cleanUp.action === 'none') return {};
	if (cleanUp.action !== 'moveToFolder') return { cleanUpAction: cleanUp.action };
	const { action, folder, deleteAfterDays } = cleanUp;
	return {
		cleanUpAction: action,
		cleanUpFolder: folder,
		...(deleteAfterDays !== undefined && { deleteAfterDays }),
	};
}

function toOptions({ filter, captures, types, fixed, ...rule }: Rule): VisualRuleOptions {
	const filterRows = headerEntries(filter).map(([name, pattern]) => ({ name, pattern }));
	const captureRows = headerEntries(captures).flatMap(([name, patterns]) =>
		patterns.map((pattern) => ({ name, pattern })),
	);
	return {
		...(rule.match !== undefined && { match: rule.match }),
		...(rule.ignoreCase !== undefined && { ignoreCase: rule.ignoreCase }),
		...(rule.continue !== undefined && { continue: rule.continue }),
		...(rule.matches !== undefined && { matches: rule.matches }),
		...given('toFilter', filter.to),
		...given('ccFilter', filter.cc),
		...headers('headerFilters', filterRows),
		...given('attachmentNameFilter', filter.attachmentName),
		...listed('toCaptures', captures.to),
		...listed('ccCaptures', captures.cc),
		...headers('headerCaptures', captureRows),
		...listed('attachmentNameCaptures', captures.attachmentName),
		...(types !== undefined && {
			types: { value: Object.entries(types).map(([name, type]) => toTypeRow(name, type)) },
		}),
		...(fixed !== undefined && {
			fixed: { value: Object.entries(fixed).map(([name, value]) => ({ name, value })) },
		}),
	};
}

function given<Key extends string>(
	key: Key,
	pattern: string | undefined,
): Partial<Record<Key, string>>;
function given(key: string, pattern: string | undefined): Partial<Record<string, string>> {
	return pattern === undefined ? {} : { [key]: pattern };
}

function listed<Key extends string>(
	key: Key,
	patterns: readonly string[] | undefined,
): Partial<Record<Key, string[]>>;
function listed(key: string, patterns: readonly string[] = []): Partial<Record<string, string[]>> {
	return patterns.length === 0 ? {} : { [key]: [...patterns] };
}

function headers(
	key: 'headerFilters' | 'headerCaptures',
	header: HeaderPatternRow[],
): VisualRuleOptions {
	return header.length === 0 ? {} : { [key]: { header } };
}

/** The entries of header fields, by their names in the spelling of the rule. */
function headerEntries<Value>(
	values: Readonly<Partial<Record<TextField, Value>>>,
): ReadonlyArray<readonly [string, Value]> {
	return fieldsOf(values).flatMap((field) => {
		const [name, value] = [headerSpelling(field), values[field]];
		return name === undefined || value === undefined ? [] : [[name, value] as const];
	});
}

function toTypeRow(name: string, type: NonNullable<Rule['types']>[string]): TypeRow {
	if (type.kind === 'number') {
		return {
			name,
			type: type.kind,
			...(type.format !== undefined && { numberFormat: type.format }),
		};
	}
	if (type.kind === 'date') {
		return { name, type: type.kind, ...(type.format !== undefined && { dateFormat: type.format }) };
	}
	return { name, type: type.kind };
}
