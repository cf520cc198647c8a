import type { Bar, BenchResult } from './bench-case';

/** Whether a bar is met. */
export function isMet({ measured, limit, sense }: Bar): boolean {
	return sense === 'atMost' ? measured <= limit : measured >= limit;
}

/** `MISSED  pipeline against imapflow alone: 1.62 times (at most 1.5)`. */
export function toVerdict(bar: Bar): string {
	const wanted = bar.sense === 'atMost' ? 'at most' : 'at least';
	const mark = isMet(bar) ? 'met   ' : 'MISSED';
	return `${mark}  ${bar.name}: ${toNumber(bar.measured)} ${bar.unit} (${wanted} ${toNumber(bar.limit)})`;
}

/** Three digits are as many as repeat. */
export function toNumber(value: number): string {
	return Number(value.toPrecision(3)).toString();
}

/** A result as a Markdown table under its title, and the bars below it. */
export function toMarkdown({ title, columns, rows, bars }: BenchResult): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escape).join(' | ')} |`;
	const rule = `| ${columns.map(() => '---').join(' | ')} |`;
	const held = bars.map((bar) => {
		const wanted = bar.sense === 'atMost' ? 'at most' : 'at least';
		const verdict = isMet(bar) ? 'met' : '**missed**';
		return `- ${bar.name}: ${toNumber(bar.measured)} ${bar.unit}, ${wanted} ${toNumber(bar.limit)}: ${verdict}`;
	});
	return [`### ${title}`, '', line(columns), rule, ...rows.map(line), '', ...held, ''].join('\n');
}

const BEGIN = '<!-- results: begin -->';
const END = '<!-- results: end -->';

/** Puts the tables between the two marks of the page. */
export function putResults(page: string, results: readonly BenchResult[]): string {
	const from = page.indexOf(BEGIN);
	const to = page.indexOf(END);
	if (from < 0 || to < from) throw new Error(`The page has no place between ${BEGIN} and ${END}`);
	const tables = results.map(toMarkdown).join('\n');
	return `${page.slice(0, from + BEGIN.length)}\n\n${tables}\n${page.slice(to)}`;
}

function escape(cell: string): string {
	return cell.replaceAll('|', '\\|');
}
