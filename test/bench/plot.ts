import type { Bar } from './bench-case';
import { isMet, toNumber } from './report';

const WIDTH = 760;
const ROW = 34;
const TOP = 40;
const NAMES = 330;
const SCALE = 300;
/** A bar that is this many times better than its limit fills the half on that side. */
const DECADES = 2;

/**
 * Bars against their limits as an SVG, readable on light and on dark ground: the line in the middle is the limit, what
 * is better goes to the right, tenfold a quarter of the width.
 */
export function toPlot(bars: readonly Bar[]): string {
	const height = TOP + bars.length * ROW + 10;
	const middle = NAMES + SCALE / 2;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="Each measured value against its limit">`,
		'<style>',
		'text { font: 12px system-ui, sans-serif; fill: #24292f } .met { fill: #1a7f37 } .missed { fill: #cf222e } line { stroke: #57606a }',
		'@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .met { fill: #3fb950 } .missed { fill: #f85149 } line { stroke: #8b949e } }',
		'</style>',
		`<text x="${String(middle)}" y="16" text-anchor="middle">limit</text>`,
		`<text x="${String(NAMES)}" y="32">100 x worse</text>`,
		`<text x="${String(NAMES + SCALE)}" y="32" text-anchor="end">100 x better</text>`,
		...bars.map((bar, index) => toRow(bar, TOP + index * ROW, middle)),
		`<line x1="${String(middle)}" x2="${String(middle)}" y1="20" y2="${String(height - 6)}"/>`,
		'</svg>',
		'',
	].join('\n');
}

function toRow(bar: Bar, top: number, middle: number): string {
	const { name, measured, limit, sense, unit } = bar;
	const ratio = sense === 'atMost' ? limit / measured : measured / limit;
	// Nothing, of at most nothing, lies on the line.
	const better = Number.isNaN(ratio) ? 1 : ratio;
	const decades = Math.max(-DECADES, Math.min(DECADES, Math.log10(better)));
	const length = (Math.abs(decades) / DECADES) * (SCALE / 2);
	const from = decades < 0 ? middle - length : middle;
	const baseline = String(top + 17);
	return [
		`<text x="${String(NAMES - 10)}" y="${baseline}" text-anchor="end">${escape(name)}</text>`,
		`<rect class="${isMet(bar) ? 'met' : 'missed'}" x="${from.toFixed(1)}" y="${String(top + 4)}" width="${Math.max(1, length).toFixed(1)}" height="18" rx="2"/>`,
		`<text x="${String(NAMES + SCALE + 10)}" y="${baseline}">${escape(`${toNumber(measured)} ${unit}`)}</text>`,
	].join('\n');
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
