import { isRecord } from '../../is-record';
import type { Fields } from '../../json/fields';
import type { Column, Kind } from './kinds';

/** What is in the cells of a row, by the names of the form. */
export type RowValues = Readonly<Record<string, unknown>>;

/**
 * A list of rows, each an object in JSON. A row is what the table of its columns says, so that its type has to be made of
 * the same names.
 */
export function rowsOf<Row extends RowValues>(columns: readonly Column[]): Kind<readonly Row[]> {
	const keys = columns.map(({ json }) => json);
	return {
		type: 'rows',
		columns,
		read: (fields, key) => {
			const rows = fields.objects(key, keys).map((row) => readRow(row, columns) as Row);
			return rows.length === 0 ? undefined : rows;
		},
		write: (rows) => rows.map((row) => writeRow(row, columns)),
	};
}

/** Whether a row has a use for a column, by what is in the others. */
export function isShown({ onlyWhen }: Pick<Column, 'onlyWhen'>, values: RowValues): boolean {
	if (onlyWhen === undefined) return true;
	const value = values[onlyWhen.form];
	return typeof value === 'string' && onlyWhen.is.includes(value);
}

function readRow(row: Fields, columns: readonly Column[]): RowValues {
	const written = Object.fromEntries(
		columns.map(({ json, form, kind }) => [form, kind.read(row, json)] as const),
	);
	const used = columns.filter((column) => {
		const isUsed = isShown(column, written);
		if (!isUsed && written[column.form] !== undefined)
			row.fault(column.json, ...nothingToDo(column, columns, written));
		return isUsed;
	});
	for (const column of used) {
		if (written[column.form] !== undefined || column.isOptional === true) continue;
		// A value of a wrong type has been refused already.
		if (!row.has(column.json) || isEmpty(row, column)) {
			row.fault(column.json, 'is missing', remedyOf(column));
		}
	}
	return Object.fromEntries(
		used.flatMap(({ form }) => (written[form] === undefined ? [] : [[form, written[form]]])),
	);
}

function isEmpty(row: Fields, { json, kind }: Column): boolean {
	return kind.type === 'texts' ? row.strings(json).length === 0 : row.string(json) === '';
}

function remedyOf({ kind: { choices }, placeholder }: Column): string {
	if (choices !== undefined) return `Use one of ${choices.map(({ json }) => json).join(', ')}.`;
	return `Write it${placeholder === undefined ? '' : `, ${placeholder}`}, or remove the row.`;
}

function nothingToDo(
	{ onlyWhen }: Column,
	columns: readonly Column[],
	values: RowValues,
): [problem: string, remedy: string] {
	const other = columns.find(({ form }) => form === onlyWhen?.form);
	const chosen = other?.kind.choices?.find(({ value }) => value === values[other.form])?.json;
	return [`is given, but ${other?.json ?? ''} is ${chosen ?? 'not'}`, 'Remove it.'];
}

function writeRow(row: unknown, columns: readonly Column[]): RowValues {
	const values = isRecord(row) ? row : {};
	return Object.fromEntries(
		columns.flatMap(({ json, form, kind }) => {
			const value = values[form];
			return value === undefined ? [] : [[json, kind.write?.(value) ?? value] as const];
		}),
	);
}
