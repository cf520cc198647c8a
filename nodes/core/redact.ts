/**
 * What others send is shown to people: a server's text, the answer of a token endpoint or a webhook, the words of a
 * foreign error. Any of them may repeat what it was sent, in one of the encodings on the way. So every such text passes
 * here, in full, before it is cut, and goes into an error, a log or an item only afterwards.
 */

import { read, READINGS } from './escaped-text';
import type { Range, ReadText } from './escaped-text';

/** Blanks out secrets of a text. */
export type Redact = (text: string) => string;

const BLANK = '***';
/** A shorter text turns up everywhere by chance. */
const MIN_WORD = 2;
/** From this length on a secret is found within words, and its beginning at the end of a text that was cut. */
const MIN_PART = 4;
/** Quotation marks, brackets, blanks and dots. */
const CLOSING: ReadonlySet<string> = new Set([...'"\')]}> \r\n.…']);
/** So much of the beginning of a secret is no chance. */
const CERTAIN_PART = 8;
const CUT = /^(?:…|\.{2}|["'`)\]}>]|$)/u;
/** Nobody reads more of a foreign text, and to look through it takes time. */
const MAX_TEXT = 32 * 1024;
/** Base64 of base64 is looked into. */
const MAX_DEPTH = 2;

const USER_INFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]+@/giu;
const AUTHORIZATION = /\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}/giu;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/gu;
const NAMED_SECRET =
	/((?:password|passwd|secret|token|assertion|private_?key)(?:["']\s*:|["']?\s*=)\s*["']?)[^\s"',;&]+/giu;

/** A run of base64 (RFC 4648, 4 and 5; folded or not, its signs percent-encoded or not) or of hexadecimal digits. */
const ENCODED = /(?:[A-Za-z0-9+/_-]|%2[bf]|\r?\n[ \t]?(?=[A-Za-z0-9+/])){6,}(?:=|%3d){0,2}/giu;

/**
 * Makes what blanks out these secrets, in whatever way they are written: as they stand, escaped for JSON, HTML, an
 * address, a form, a quoted string or quoted-printable, in base64 (also within a line of PLAIN, XOAUTH2 or Basic) or
 * hexadecimal, cut off at the end of the text. User-info of addresses, values of an Authorization header, JSON Web Tokens
 * and `password=`-like pairs are blanked out, too, whoever they belong to. What is beyond 32 KiB is left out.
 */
export function createRedactor(secrets: readonly string[]): Redact {
	const known = [...new Set(secrets)].filter((secret) => secret.length >= MIN_WORD);
	const words = known.filter((secret) => secret.length < MIN_PART);
	const parts = known.filter((secret) => secret.length >= MIN_PART).flatMap(toForms);
	const searches = READINGS.map((reading) => ({
		reading,
		forms: [...new Set(parts.map((form) => read(form, reading).text))],
	}));
	const blank = (text: string, depth: number): string => {
		const found = searches.flatMap(({ reading, forms }) => findForms(read(text, reading), forms));
		const plain = blankWords(blankRanges(text, found), words);
		if (depth === 0 || parts.length === 0) return plain;
		return plain.replace(ENCODED, (run) =>
			decodings(run).some((decoded) => blank(decoded, depth - 1) !== decoded) ? BLANK : run,
		);
	};
	return (text) =>
		blank(text.slice(0, MAX_TEXT), MAX_DEPTH)
			.replace(USER_INFO, `$1${BLANK}@`)
			.replace(AUTHORIZATION, `$1 ${BLANK}`)
			.replace(JSON_WEB_TOKEN, BLANK)
			.replace(NAMED_SECRET, `$1${BLANK}`);
}

/** Blanks out what is a secret by its looks, where none is known. */
export const redactUnknown: Redact = createRedactor([]);

/** Name, message, code and stack only: foreign errors carry their request, options or input as further properties. */
export function toBareError(error: unknown, redact: Redact): Error {
	const bare = new Error(redact(error instanceof Error ? error.message : String(error)));
	if (!(error instanceof Error)) return bare;
	bare.name = error.name;
	const { message, stack } = error;
	if (stack !== undefined) bare.stack = redact(stack.replace(message, () => bare.message));
	return 'code' in error ? Object.assign(bare, { code: error.code }) : bare;
}

/** A secret, also composed otherwise (Unicode TR 15), as Latin-1, and as UTF-8 that was read as Latin-1. */
function toForms(secret: string): readonly string[] {
	const bytes = Buffer.from(secret, 'utf8');
	return [
		...new Set([
			secret,
			secret.normalize('NFC'),
			secret.normalize('NFD'),
			bytes.toString('latin1'),
		]),
	];
}

function findForms({ text, rangeOf }: ReadText, forms: readonly string[]): readonly Range[] {
	return forms
		.filter((form) => form !== '')
		.flatMap((form) => [
			...placesOf(text, form).map((at) => rangeOf(at, form.length)),
			...findCut(text, form).map(({ at, length }) => rangeOf(at, length)),
		]);
}

function placesOf(text: string, part: string): readonly number[] {
	const places: number[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
		places.push(at);
	}
	return places;
}

/** Beginnings of a form that somebody has cut: before dots, a quotation mark or a bracket, or where the text ends. */
function findCut(
	text: string,
	form: string,
): ReadonlyArray<{ readonly at: number; readonly length: number }> {
	const long = placesOf(text, form.slice(0, CERTAIN_PART))
		.map((at) => ({ at, length: commonLength(text, at, form) }))
		.filter(({ at, length }) => CUT.test(text.slice(at + length, at + length + 8)));
	const end = endOf(text);
	const short = [7, 6, 5, MIN_PART].find(
		(length) =>
			length < form.length && length <= end && text.startsWith(form.slice(0, length), end - length),
	);
	return short === undefined ? long : [...long, { at: end - short, length: short }];
}

/** Where a text ends, without what stands around one that was cut. */
function endOf(text: string): number {
	let end = text.length;
	while (end > 0 && CLOSING.has(text.charAt(end - 1))) end -= 1;
	return end;
}

function commonLength(text: string, at: number, form: string): number {
	let length = 0;
	while (length < form.length && text[at + length] === form[length]) length += 1;
	return length;
}

function blankRanges(text: string, ranges: readonly Range[]): string {
	let shown = '';
	let done = 0;
	for (const { from, to } of [...ranges].sort((left, right) => left.from - right.from)) {
		if (from >= done) shown += text.slice(done, from) + BLANK;
		done = Math.max(done, to);
	}
	return shown + text.slice(done);
}

function blankWords(text: string, words: readonly string[]): string {
	return words.reduce((rest, word) => {
		const escaped = word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
		const alone = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
		return rest.replace(alone, BLANK);
	}, text);
}

/** What a run may stand for. It may be glued to what stands before it, so it is read from each place of a group. */
function decodings(run: string): readonly string[] {
	const digits = run
		.replace(/%2b/giu, '+')
		.replace(/%2f/giu, '/')
		.replace(/%3d|=|\s/giu, '');
	const hexadecimal = /^[0-9a-f]+$/iu.test(digits)
		? [0, 1].map((start) => Buffer.from(digits.slice(start), 'hex'))
		: [];
	const base64 = [0, 1, 2, 3].map((start) => Buffer.from(digits.slice(start), 'base64'));
	return [...hexadecimal, ...base64].map((bytes) => bytes.toString('utf8'));
}
