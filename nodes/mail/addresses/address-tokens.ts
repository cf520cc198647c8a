/** What a list of addresses is made of (RFC 5322, 3.2 and 3.4); comments are left out. */
export interface AddressToken {
	readonly kind: 'atom' | 'quoted' | 'encodedWord' | '<' | '>' | ',' | ';' | ':';
	/** As it stands there; what is between the quotes of a quoted string. */
	readonly text: string;
	/** True where no blank and no comment stands before it. */
	readonly isAttached: boolean;
}

type Mark = Extract<AddressToken['kind'], '<' | '>' | ',' | ';' | ':'>;

const MARKS: ReadonlySet<string> = new Set<Mark>(['<', '>', ',', ';', ':']);
/** One character behind the other, so that nothing is looked at twice. */
const BLANKS = /\s+/y;
const ATOM = /[^\s"(),:;<>[\]]+/y;
/** The text of some programs has blanks and commas in it, which RFC 2047 forbids. */
const ENCODED_WORD = /=\?[^\s?]{1,80}\?[bq]\?[^?<>]{0,1000}\?=/iy;
/** The domain literal behind an `@` (RFC 5322, 3.4.1), colons included. */
const DOMAIN_LITERAL = /\[[^\s[\]<>,;"]{0,100}\]/y;

const isMark = (text: string): text is Mark => MARKS.has(text);

/** Splits a list of addresses on one line. A quote or bracket that is never closed counts as not there. */
export function toAddressTokens(value: string): readonly AddressToken[] {
	const tokens: AddressToken[] = [];
	const unclosed = new Set<string>();
	let isAttached = false;
	for (let at = 0; at < value.length;) {
		const { kind, text, end } = readToken(value, at, unclosed);
		if (kind !== undefined) tokens.push({ kind, text, isAttached });
		isAttached = kind !== undefined;
		at = Math.max(end, at + 1);
	}
	return tokens;
}

/** A token and where it ends; one without a kind is left out. */
interface Found {
	readonly kind?: AddressToken['kind'];
	readonly text: string;
	readonly end: number;
}

/** @param unclosed what was found not to be closed any more, so that it is looked for only once */
function readToken(value: string, at: number, unclosed: Set<string>): Found {
	const next = value.charAt(at);
	if (isMark(next)) return { kind: next, text: next, end: at + 1 };
	if (next === '"' || next === '(') return readEnclosed(value, at, unclosed);
	const word = next === '=' ? match(ENCODED_WORD, value, at) : undefined;
	if (word !== undefined) return { kind: 'encodedWord', text: word, end: at + word.length };
	const atom = readAtom(value, at);
	if (atom !== undefined) return { kind: 'atom', text: atom, end: at + atom.length };
	return { text: '', end: at + (match(BLANKS, value, at)?.length ?? 1) };
}

/** Square brackets belong to a domain; elsewhere they are signs like others. */
function readAtom(value: string, at: number): string | undefined {
	const next = value.charAt(at);
	const isDomain = next === '[' && value.charAt(at - 1) === '@';
	const literal = isDomain ? match(DOMAIN_LITERAL, value, at) : undefined;
	if (literal !== undefined) return literal;
	return next === '[' || next === ']' ? next : match(ATOM, value, at);
}

function readEnclosed(value: string, at: number, unclosed: Set<string>): Found {
	const isQuote = value.charAt(at) === '"';
	const end = findEnd(value, at, unclosed, isQuote ? findQuoteEnd : findCommentEnd);
	if (end === undefined) return { text: '', end: at + 1 };
	if (!isQuote) return { text: '', end: end + 1 };
	return { kind: 'quoted', text: value.slice(at + 1, end), end: end + 1 };
}

function findEnd(
	value: string,
	at: number,
	unclosed: Set<string>,
	find: (value: string, open: number) => number,
): number | undefined {
	const opening = value.charAt(at);
	const end = unclosed.has(opening) ? -1 : find(value, at);
	if (end < 0) unclosed.add(opening);
	return end < 0 ? undefined : end;
}

function match(pattern: RegExp, value: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(value)?.[0];
}

function findQuoteEnd(value: string, open: number): number {
	for (let at = open + 1; at < value.length; at += 1) {
		const next = value.charAt(at);
		if (next === '\\') at += 1;
		else if (next === '"') return at;
	}
	return -1;
}

function findCommentEnd(value: string, open: number): number {
	let depth = 0;
	for (let at = open; at < value.length; at += 1) {
		const next = value.charAt(at);
		if (next === '\\') at += 1;
		else if (next === '(') depth += 1;
		else if (next === ')') {
			depth -= 1;
			if (depth === 0) return at;
		}
	}
	return -1;
}
