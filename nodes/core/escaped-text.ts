/** A text with its escapes undone, in lower case. */
export interface ReadText {
	readonly text: string;
	/** The part of the original that `length` units from `first` on were read from. */
	rangeOf(first: number, length: number): Range;
}

export interface Range {
	readonly from: number;
	/** Behind the last unit. */
	readonly to: number;
}

/** Names of HTML for characters that are often escaped. */
const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	sol: '/',
	plus: ' ',
	equals: '=',
	percnt: '%',
	num: '#',
	dollar: '$',
	excl: '!',
	quest: '?',
	colon: ':',
	semi: ';',
	comma: ',',
	period: '.',
	lpar: '(',
	rpar: ')',
	ast: '*',
	commat: '@',
	lsqb: '[',
	rsqb: ']',
	hat: '^',
	lowbar: '_',
	grave: '`',
	lcub: '{',
	verbar: '|',
	rcub: '}',
	bsol: '',
};

/** A way to undo escapes: what stands for what. Two texts that say the same are read as the same text. */
export interface Reading {
	readonly escape: RegExp;
	readonly undo: (found: RegExpExecArray) => string;
}

/** Folds, soft line breaks (RFC 2045, 6.7) and what nobody sees. */
const UNSEEN = String.raw`(?<unseen>=?\r?\n[ \t]*|[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]+)`;
const BLANKS = String.raw`(?<blanks>[+ \t\u00a0]+)`;
const ESCAPES = [
	String.raw`(?<unit>(?:\\+u[0-9a-f]{4})+)`,
	String.raw`(?<bytes>(?:\\+x[0-9a-f]{2})+|(?:%(?:25)*[0-9a-f]{2})+)`,
	String.raw`(?<octal>(?:\\+[0-3][0-7]{2})+)`,
	String.raw`&(?:amp;)*(?:#0*(?<decimal>\d{1,7})|#x0*(?<point>[0-9a-f]{1,6})|(?<name>[a-z]{2,6}));`,
];
/** A run of them escapes what stands behind it, at some depth. */
const BACKSLASHES = String.raw`(?<backslashes>\\+)`;
const QUOTED_PRINTABLE = String.raw`(?<quoted>(?:=[0-9a-f]{2})+)`;

const toReading = (...ways: readonly string[]): Reading => ({
	escape: new RegExp([UNSEEN, ...ways, BLANKS].join('|'), 'giu'),
	undo: ({ 0: found, groups = {} }) => undoEscape(found, groups),
});

/** As it stands; with escapes undone; in quoted-printable, whose `=` means something else in addresses and forms. */
export const READINGS: readonly Reading[] = [
	toReading(),
	toReading(...ESCAPES, BACKSLASHES),
	toReading(QUOTED_PRINTABLE, BACKSLASHES),
];

/** A run of units, each of which came from one unit of the original, or all of them from the same escape. */
interface Piece extends Range {
	/** Where it begins in what was read. */
	readonly start: number;
	readonly isEscape: boolean;
}

/** Undoes the escapes of a text. */
export function read(text: string, { escape, undo }: Reading): ReadText {
	const pieces: Piece[] = [];
	let shown = '';
	const add = (plain: string, from: number, to: number, isEscape: boolean) => {
		if (plain === '') return;
		pieces.push({ start: shown.length, from, to, isEscape });
		shown += plain;
	};
	let done = 0;
	for (const found of text.matchAll(escape)) {
		add(lowerCase(text.slice(done, found.index)), done, found.index, false);
		done = found.index + found[0].length;
		add(undo(found).toLowerCase(), found.index, done, true);
	}
	add(lowerCase(text.slice(done)), done, text.length, false);
	return {
		text: shown,
		rangeOf: (first, length) => {
			const { from } = placeOf(pieces, first);
			return { from, to: placeOf(pieces, first + length - 1).to };
		},
	};
}

function placeOf(pieces: readonly Piece[], at: number): Range {
	const piece = pieces.findLast(({ start }) => start <= at);
	if (piece === undefined) return { from: 0, to: 0 };
	if (piece.isEscape) return piece;
	const from = piece.from + at - piece.start;
	return { from, to: from + 1 };
}

/** In lower case where that keeps the length, which it does not for a few letters (U+0130). */
function lowerCase(text: string): string {
	const lower = text.toLowerCase();
	if (lower.length === text.length) return lower;
	return [...text]
		.map((character) => {
			const small = character.toLowerCase();
			return small.length === character.length ? small : character;
		})
		.join('');
}

function undoEscape(found: string, groups: Readonly<Record<string, string | undefined>>): string {
	if (groups['unseen'] !== undefined || groups['backslashes'] !== undefined) return '';
	if (groups['blanks'] !== undefined) return ' ';
	if (groups['unit'] !== undefined) return fromUnits(found);
	if (groups['octal'] !== undefined) return fromBytes(found.match(/[0-7]{3}/gu) ?? [], 8);
	if (groups['bytes'] !== undefined) {
		return fromBytes(
			found.replace(/%(?:25)*(?=[0-9a-f]{2})/giu, '%').match(/[0-9a-f]{2}/giu) ?? [],
			16,
		);
	}
	if (groups['quoted'] !== undefined) return fromBytes(found.match(/[0-9a-f]{2}/giu) ?? [], 16);
	return fromEntity(found, groups);
}

function fromUnits(found: string): string {
	const units = found.match(/[0-9a-f]{4}/giu) ?? [];
	return withoutEscapes(String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
}

function fromBytes(numbers: readonly string[], radix: number): string {
	const bytes = Buffer.from(numbers.map((number) => Number.parseInt(number, radix)));
	const text = bytes.toString('utf8');
	return withoutEscapes(text.includes('\ufffd') ? bytes.toString('latin1') : text);
}

function fromEntity(found: string, groups: Readonly<Record<string, string | undefined>>): string {
	const { decimal, point, name } = groups;
	if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? found;
	const code = point === undefined ? Number(decimal) : Number.parseInt(point, 16);
	return code <= 0x10ffff ? withoutEscapes(String.fromCodePoint(code)) : found;
}

/** What stands for itself nowhere must not do so here: see BLANKS, UNSEEN and the backslashes. */
const withoutEscapes = (text: string): string =>
	text.replace(/[+ \t\u00a0]+/gu, ' ').replace(/[\\\p{Cc}\u00ad\u200b-\u200f\u2060\ufeff]+/gu, '');
