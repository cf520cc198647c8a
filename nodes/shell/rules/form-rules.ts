import { Faults, IngestError } from '../../core/errors';
import { groupBy } from '../../core/group-by';
import { isRecord } from '../../core/is-record';
import { readRulesOf } from '../../core/rules/json/alertmagic';
import type { Column, Kind } from '../../core/rules/keys/kinds';
import { isShown } from '../../core/rules/keys/rows';
import type { FormVersion, RuleKey } from '../../core/rules/keys/rule-key';
import { keysOfForm } from '../../core/rules/keys/rule-keys';
import type { Rule } from '../../core/rules/rule';
import { formWords } from './form-words';

/** A rule as a form saves it: part of saved workflows, so a change needs a new typeVersion. */
export type FormRule = Readonly<Record<string, unknown>>;

/** Under which name a form saves its rules in `rules`, by which the two are told apart. */
export const FORM_GROUPS: Readonly<Record<FormVersion, string>> = { 1: 'rule', 2: 'row' };

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the rows of a form: each in the shape of the JSON rule, so that both go through the same parser.
 *
 * @throws ConfigurationError with all faults, in the words of the form
 */
export function readFormRules(rows: readonly unknown[], version: FormVersion): readonly Rule[] {
	const faults = new Faults();
	const words = formWords(version);
	const value = {
		Ingests: rows.map((row, index) =>
			toJsonRule(row, keysOfForm(version), ({ json }, problem, remedy) => {
				const place = json.split('.');
				const field = words({ index, name: nameOf(row), place });
				const details = { field, place: ['Ingests', index, ...place], remedy };
				faults.add(() => new IngestError('configuration', `${field} ${problem}.`, details));
			}),
		),
	};
	faults.assertNone();
	return readRulesOf({
		value,
		describe: ([, index, ...place]) =>
			words({ index: Number(index), name: nameOf(rows[Number(index)]), place }),
		locate: () => '',
	});
}

/** A rule -> the row of form 2 that says the same; what has its default is left out. */
export function toFormRule(rule: Rule): FormRule {
	const pick = (isOption: boolean): Row =>
		Object.fromEntries(
			keysOfForm(2)
				.filter((key) => (key.isOption === true) === isOption)
				.flatMap((key) => {
					const value = key.formValueOf(rule);
					return value === undefined ? [] : [[key.form, toFormValue(key.kind, value)] as const];
				}),
		);
	const options = pick(true);
	return { ...pick(false), ...(Object.keys(options).length > 0 && { options }) };
}

/** Anything that is not a row is left for the parser to refuse. */
function toJsonRule(
	row: unknown,
	keys: readonly RuleKey[],
	refuse: (key: RuleKey, problem: string, remedy: string) => void,
): unknown {
	if (!isRecord(row)) return row;
	const options = isRecord(row['options']) ? row['options'] : {};
	const rule: Record<string, unknown> = {};
	for (const key of keys) {
		if (!isShown(key, row)) continue;
		const value = (key.isOption === true ? options : row)[key.form];
		put(
			rule,
			key,
			toJsonValue(key.kind, value, (problem, remedy) => {
				refuse(key, problem, remedy);
			}),
		);
	}
	return rule;
}

function put(rule: Record<string, unknown>, { group, key }: RuleKey, value: unknown): void {
	if (value === undefined) return;
	if (group === undefined) rule[key] = value;
	else rule[group] = { ...(isRecord(rule[group]) && rule[group]), [key]: value };
}

type Refuse = (problem: string, remedy: string) => void;
type KindAbout = Pick<Kind<unknown>, 'type' | 'columns'>;

function toJsonValue({ type, columns = [] }: KindAbout, value: unknown, refuse: Refuse): unknown {
	switch (type) {
		case 'rows':
			return rowsOf(value, 'row').map((row) => toJsonRow(row, columns));
		case 'patternByHeader':
			return toObject(rowsOf(value, 'header'), refuse, ({ pattern }) => pattern);
		case 'patternsByHeader':
			return toLists(rowsOf(value, 'header'));
		case 'types':
			return toObject(rowsOf(value, 'value'), refuse, toJsonType);
		case 'scalars':
			return toObject(rowsOf(value, 'value'), refuse, (row) => row['value'] ?? '');
		default:
			return value;
	}
}

function toFormValue({ type }: KindAbout, value: unknown): unknown {
	const entries = isRecord(value) ? Object.entries(value) : [];
	switch (type) {
		case 'rows':
			return { row: value };
		case 'patternByHeader':
			return { header: entries.map(([name, pattern]) => ({ name, pattern })) };
		case 'patternsByHeader':
			return {
				header: entries.flatMap(([name, patterns]) =>
					[patterns].flat().map((pattern) => ({ name, pattern })),
				),
			};
		case 'types':
			return { value: entries.map(([name, valueType]) => ({ name, ...toFormType(valueType) })) };
		case 'scalars':
			return { value: entries.map(([name, scalar]) => ({ name, value: scalar })) };
		default:
			return value;
	}
}

/** What a row hides does not count, and what n8n leaves out has its default. */
function toJsonRow(row: Row, columns: readonly Column[]): Row {
	const values = Object.fromEntries(
		columns.map(({ form, kind }) => [form, row[form] ?? kind.choices?.[0]?.value] as const),
	);
	return Object.fromEntries(
		columns
			.filter((column) => isShown(column, values))
			.map(({ json, form }) => [json, values[form]] as const),
	);
}

function rowsOf(value: unknown, group: string): readonly Row[] {
	const rows = isRecord(value) ? value[group] : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

function nameOf(row: unknown): string {
	const name = isRecord(row) ? row['name'] : undefined;
	return typeof name === 'string' ? name.trim() : '';
}

function toObject(rows: readonly Row[], refuse: Refuse, toValue: (row: Row) => unknown): unknown {
	const names = rows.map(nameOf);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (names.includes('')) refuse('has a row without a name', 'Write a name, or remove the row.');
	else if (twice !== undefined) refuse(`has the name "${twice}" twice`, 'Keep one of them.');
	return rows.length === 0
		? undefined
		: Object.fromEntries(rows.map((row) => [nameOf(row), toValue(row)]));
}

/** Rows of the same name are the patterns of one list. */
function toLists(rows: readonly Row[]): unknown {
	const lists = [...groupBy(rows, nameOf)].map(
		([name, alike]) => [name, alike.map(({ pattern }) => pattern)] as const,
	);
	return rows.length === 0 ? undefined : Object.fromEntries(lists);
}

/** The form hides the format of the other type, so what is left in it does not count; its defaults are not saved. */
function toJsonType({ type = 'number', numberFormat, dateFormat }: Row): unknown {
	if (type === 'number') return { Type: type, Format: numberFormat };
	return type === 'date' ? { Type: type, Format: dateFormat } : { Type: type };
}

function toFormType(type: unknown): Row {
	const { kind, format } = isRecord(type) ? type : {};
	return { type: kind, ...(format !== undefined && { [`${String(kind)}Format`]: format }) };
}
