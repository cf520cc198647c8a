import type { RoundResult } from './round';

/** One line of the report. */
export interface ReportRow {
	readonly fault: string;
	readonly faults: number;
	readonly mails: number;
	readonly lost: number;
	readonly duplicates: number;
	readonly differentIds: number;
	readonly quarantined: number;
	readonly misplaced: number;
	readonly silent: number;
	/** Minutes, median and longest. */
	readonly recovery: readonly [number, number];
}

/** Sums rounds up by fault, in the order in which the faults came first. */
export function toRows(results: readonly RoundResult[]): readonly ReportRow[] {
	const names = [...new Set(results.map(({ fault }) => fault))];
	const rows = names.map((name) =>
		toRow(
			name,
			results.filter(({ fault }) => fault === name),
		),
	);
	return [...rows, toRow('**all**', results)];
}

function toRow(fault: string, results: readonly RoundResult[]): ReportRow {
	const sum = (count: (result: RoundResult) => number) =>
		results.reduce((total, result) => total + count(result), 0);
	const times = results
		.filter(({ struck }) => struck)
		.map(({ recovery }) => recovery)
		.sort((left, right) => left - right);
	return {
		fault,
		faults: sum(({ struck }) => (struck ? 1 : 0)),
		mails: sum(({ mails }) => mails),
		lost: sum(({ lost }) => lost.length),
		duplicates: sum(({ duplicates }) => duplicates),
		differentIds: sum(({ differentIds }) => differentIds.length),
		quarantined: sum(({ quarantined }) => quarantined),
		misplaced: sum(({ misplaced }) => misplaced.length),
		silent: sum(({ silent }) => silent),
		recovery: [times[Math.floor(times.length / 2)] ?? 0, times.at(-1) ?? 0],
	};
}

/** True when nothing was lost or given up in silence, no id differed and every mail lies where it should. */
export function isClean(results: readonly RoundResult[]): boolean {
	return results.every(
		({ lost, differentIds, misplaced, silent }) =>
			lost.length + differentIds.length + misplaced.length + silent === 0,
	);
}

/** The report as a Markdown table. */
export function toTable(results: readonly RoundResult[]): string {
	const head = [
		'Fault',
		'Faults',
		'Mails',
		'Lost',
		'In silence',
		'Duplicates',
		'Ids of duplicates',
		'Quarantined',
		'In the wrong place',
		'Minutes to recover: median, longest',
	];
	const lines = toRows(results).map((row) => [
		row.fault,
		row.faults,
		row.mails,
		row.lost,
		row.silent,
		row.duplicates,
		row.differentIds === 0 ? 'equal' : `${String(row.differentIds)} DIFFER`,
		row.quarantined,
		row.misplaced,
		row.recovery.join(', '),
	]);
	return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

const TABLE = /(<!-- results -->\n)[^]*(\n<!-- end of results -->)/;

/** Puts the table into a document in place of the last one. */
export function putTable(document: string, results: readonly RoundResult[]): string {
	if (!TABLE.test(document)) throw new Error('The document has no place for the results');
	return document.replace(TABLE, `$1\n${toTable(results)}\n$2`);
}
