import { readKeyValue, toLines } from './key-values';
import type { KeyValue } from './key-values';
import { toKey } from './names';

/** A list of objects in the payload, and where it comes from. */
export type RecordSource = {
	/** Key in the payload. */
	readonly name: string;
	readonly how: 'table' | 'blocks' | 'pattern';
	/** Of a table: a column that it has, where the mail has several tables. */
	readonly column?: string;
	/** Of a pattern: each match is a record. */
	readonly pattern?: string;
};

/** One object of the list: texts by name. */
export type TextRecord = Readonly<Record<string, string>>;

/** So many records, and columns of each, are taken. */
export const MAX_RECORDS = 1000;
const MAX_COLUMNS = 50;

/**
 * The rows of the first table of a text as records, named by its header: columns are divided by tabs (cells of HTML), by
 * `|`, or by two blanks or more.
 *
 * @param column a column that the table has
 */
export function readTable(text: string, column?: string): readonly TextRecord[] {
	const lines = toLines(text).filter((line) => !isRuler(line));
	for (const [index, line] of lines.entries()) {
		const header = toCells(line);
		if (header.length < 2 || !hasColumn(header, column)) continue;
		const names = toNames(header);
		const records: TextRecord[] = [];
		for (const row of lines.slice(index + 1, index + 1 + MAX_RECORDS)) {
			const cells = toRow(row, line, header);
			if (cells.length < 2) break;
			records.push(toRecord(names, cells));
		}
		if (records.length > 0) return records;
	}
	return [];
}

/** A line that only underlines: `---- ----`, `|---|:--|`, `====`. */
function isRuler(line: string): boolean {
	return /[-=_]{2}/.test(line) && /^[-=_+|: \t]*$/.test(line);
}

function toCells(line: string): readonly string[] {
	const inner = line.trim();
	if (inner === '') return [];
	return splitCells(line, inner).map((cell) => cell.trim());
}

function splitCells(line: string, inner: string): readonly string[] {
	if (line.includes('\t')) return line.split('\t');
	if (inner.startsWith('|')) return inner.replace(/^\||\|$/g, '').split('|');
	return inner.includes('|') ? inner.split('|') : inner.split(/ {2,}/);
}

/** A row that has another number of cells than its header, as blank ones do not show, is cut where the columns begin. */
function toRow(row: string, headerLine: string, header: readonly string[]): readonly string[] {
	const cells = toCells(row);
	if (cells.length === header.length || cells.length < 2 || /[\t|]/.test(row)) return cells;
	const starts = header.map((name) => headerLine.indexOf(name));
	return starts.map((start, index) => row.slice(start, starts[index + 1]).trim());
}

function hasColumn(header: readonly string[], column: string | undefined): boolean {
	const wanted = column?.trim().toLowerCase() ?? '';
	return wanted === '' || header.some((name) => name.toLowerCase() === wanted);
}

function toNames(header: readonly string[]): readonly string[] {
	const names: string[] = [];
	for (const [index, label] of header.slice(0, MAX_COLUMNS).entries()) {
		const name = toKey(label) ?? `column${String(index + 1)}`;
		names.push(names.includes(name) ? `${name}${String(index + 1)}` : name);
	}
	return names;
}

function toRecord(names: readonly string[], cells: readonly string[]): TextRecord {
	return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
}

/**
 * Repeated blocks of `Label: value` lines as records: a block ends with an empty line, or where a label comes again. Of
 * several kinds of blocks, told apart by their first label, those that come most often count.
 */
export function readBlocks(text: string): readonly TextRecord[] {
	const kinds = new Map<string, TextRecord[]>();
	for (const block of toBlocks(text)) {
		const [first] = block;
		if (first === undefined) continue;
		const kind = kinds.get(first.key) ?? [];
		if (kind.length < MAX_RECORDS) kind.push(toTextRecord(block));
		kinds.set(first.key, kind);
	}
	return [...kinds.values()].reduce<readonly TextRecord[]>(
		(most, kind) => (kind.length > most.length ? kind : most),
		[],
	);
}

function toBlocks(text: string): ReadonlyArray<readonly KeyValue[]> {
	let block: KeyValue[] = [];
	const blocks = [block];
	for (const line of toLines(text)) {
		const entry = readKeyValue(line);
		const isAgain = block.some(({ key }) => key === entry?.key);
		if (line.trim() === '' || isAgain) blocks.push((block = []));
		if (entry !== undefined && block.length < MAX_COLUMNS) block.push(entry);
	}
	return blocks;
}

function toTextRecord(block: readonly KeyValue[]): TextRecord {
	return Object.fromEntries(block.map(({ key, value }) => [key, value] as const));
}
