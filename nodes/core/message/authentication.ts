import { domainToASCII } from 'node:url';

/** What the receiving host has to have found out of a sender for a rule to take the message. */
export type RequiredAuthentication = 'dmarc' | 'aligned';

/** What is known of where a message comes from. */
export interface AuthenticationEvidence {
	/** Bare addresses of From. */
	readonly from: readonly string[];
	/** `Authentication-Results` fields (RFC 8601) as they stand, the topmost one first. */
	readonly results: readonly string[];
	/** The name by which the receiving host calls itself there, or EXCHANGE; nobody is trusted without it. */
	readonly trustedBy: string | undefined;
}

/** Exchange Online does not name itself. */
export const EXCHANGE = 'exchange';

/** Hosts of mailboxes, and how they call themselves when they receive mail. */
const KNOWN_HOSTS: Readonly<Record<string, string>> = {
	'imap.gmail.com': 'mx.google.com',
	'imap.googlemail.com': 'mx.google.com',
	'outlook.office365.com': EXCHANGE,
	'outlook.office.com': EXCHANGE,
	'outlook.office365.us': EXCHANGE,
	'partner.outlook.cn': EXCHANGE,
};

/** Who is trusted where nobody was named: what is plain from the host of the account. */
export function trustedByDefault(host: string | undefined): string | undefined {
	const name = (host ?? '').toLowerCase();
	return Object.hasOwn(KNOWN_HOSTS, name) ? KNOWN_HOSTS[name] : undefined;
}

/**
 * Whether the receiving host vouches for the only sender of a message. Only its own field counts, and only as the topmost one:
 * whoever sends a mail can write such fields too, and they stand further down.
 */
export function isAuthenticated(
	required: RequiredAuthentication,
	{ from, results, trustedBy }: AuthenticationEvidence,
): boolean {
	const [sender, ...others] = from;
	const [topmost] = results;
	const domain = sender?.includes('@') === true ? domainOf(sender) : '';
	if (topmost === undefined || domain === '' || others.length > 0) return false;
	const field = parseResults(topmost);
	if (field === undefined || field.server !== trustedBy?.trim().toLowerCase()) return false;
	const dmarc = field.results.filter(({ method }) => method === 'dmarc');
	const isDmarcPassed = dmarc.length > 0 && dmarc.every((one) => passesDmarc(one, domain));
	if (required === 'dmarc' || isDmarcPassed) return isDmarcPassed;
	return field.results.some((one) => isAligned(one, domain));
}

/** Results that the trusted host gives, as RFC 8601 and Exchange name them, and what they are worth. */
export interface AuthenticationSummary {
	/** The host whose word it is. */
	readonly by: string;
	readonly spf?: string;
	readonly dkim?: string;
	readonly dmarc?: string;
	readonly compauth?: string;
	/** The strictest Sender Authentication that the message passes. */
	readonly passes: RequiredAuthentication | 'nothing';
}

const METHODS = ['spf', 'dkim', 'dmarc', 'compauth'] as const;
const RESULT = /^[a-z]{1,20}$/;

/** What the topmost field says, where one of the hosts that are trusted wrote it. */
export function summarizeAuthentication(
	{ from, results }: Pick<AuthenticationEvidence, 'from' | 'results'>,
	trusted: readonly string[],
): AuthenticationSummary | undefined {
	const field = parseResults(results[0] ?? '');
	const by = trusted.find((name) => name.trim().toLowerCase() === field?.server);
	if (field === undefined || by === undefined || field.results.length === 0) return undefined;
	const evidence = { from, results, trustedBy: by };
	const levels = ['dmarc', 'aligned'] as const;
	const found = METHODS.flatMap((method) => {
		const all = field.results.filter((one) => one.method === method).map(({ result }) => result);
		const result = all.includes('pass') ? 'pass' : all[0];
		return result !== undefined && RESULT.test(result) ? [[method, result] as const] : [];
	});
	return {
		by: field.server,
		...Object.fromEntries(found),
		passes: levels.find((level) => isAuthenticated(level, evidence)) ?? 'nothing',
	};
}

interface Result {
	readonly method: string;
	readonly result: string;
	/** `header.d`, `smtp.mailfrom`, `reason` and the like, in lower case. */
	readonly properties: ReadonlyMap<string, string>;
}

function passesDmarc({ result, properties }: Result, domain: string): boolean {
	const checked = properties.get('header.from');
	return result === 'pass' && (checked === undefined || domainOf(checked) === domain);
}

/** Explicit passes of SPF or DKIM in Microsoft's "composite authentication". */
const EXPLICIT_REASONS = new Set(['100', '101', '102', '109']);

function isAligned({ method, result, properties }: Result, domain: string): boolean {
	if (result !== 'pass') return false;
	const of = (name: string): string => domainOf(properties.get(name) ?? '');
	if (method === 'dkim') return isRelated(of('header.d') || of('header.i'), domain);
	if (method === 'spf') return isRelated(of('smtp.mailfrom'), domain);
	return method === 'compauth' && EXPLICIT_REASONS.has(properties.get('reason') ?? '');
}

/** Below these anybody can have a domain; the rest of the Public Suffix List belongs to companies that run hosts. */
const PUBLIC_SUFFIX =
	/^(?:[^.]+|(?:ac|co|com|ed|edu|gen|go|gob|gouv|gov|govt|gv|id|ind|ltd|me|mil|ne|net|nom|or|org|plc|sch|web)\.[a-z]{2})$/;

/** Relaxed alignment (RFC 7489, 3.1): the same domain, or one below the other, but not below a public suffix alone. */
function isRelated(one: string, other: string): boolean {
	if (one === other) return one !== '' && !IP_ADDRESS.test(one);
	const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
	if (PUBLIC_SUFFIX.test(shorter) || IP_ADDRESS.test(longer)) return false;
	return longer.endsWith(`.${shorter}`);
}

/** An address in numbers has no domains above it. */
const IP_ADDRESS = /(?:^|\.)\d+$|\]$/;

/** In lower case, and in ASCII: hosts write one that is not in either way (RFC 8601, 5). */
function domainOf(address: string): string {
	const domain = address
		.slice(address.lastIndexOf('@') + 1)
		.replace(/\.$/, '')
		.toLowerCase();
	return /^[ -~]*$/.test(domain) ? domain : domainToASCII(domain);
}

/** A longer field is none that a host writes. */
const MAX_LENGTH = 16_384;

/** The server that a field names, and what it found; undefined where the field is not written as it should be. */
function parseResults(
	field: string,
): { readonly server: string; readonly results: readonly Result[] } | undefined {
	const pieces = field.length > MAX_LENGTH ? undefined : toPieces(field);
	if (pieces === undefined) return undefined;
	const [first = [], ...rest] = pieces;
	const [name, version = '1'] = first;
	// An empty name is nobody's, and nobody can be called as who has none.
	if (name === undefined || name.toLowerCase() === EXCHANGE) return undefined;
	const isNamed = !name.includes('=');
	if (isNamed && (version !== '1' || first.length > 2)) return undefined;
	const results = (isNamed ? rest : pieces).flatMap((words) => toResult(words) ?? []);
	return { server: isNamed ? name.toLowerCase() : EXCHANGE, results };
}

/** What was found by a method; one of another version is not known (RFC 8601, 2.2). */
function toResult(words: readonly string[]): Result | undefined {
	const [first = '', ...others] = words;
	const [given, result = ''] = splitOnce(first);
	const [method = '', version = '1'] = given.split('/', 2);
	if (method === '' || version !== '1' || !first.includes('=')) return undefined;
	const properties = new Map<string, string>();
	for (const word of others) {
		const [name, value] = splitOnce(word);
		// Said twice is said by somebody else.
		properties.set(name, properties.has(name) ? '' : value);
	}
	return { method, result, properties };
}

function splitOnce(word: string): readonly [string, string] {
	const at = word.indexOf('=');
	return at < 0 ? [word, ''] : [word.slice(0, at).toLowerCase(), word.slice(at + 1).toLowerCase()];
}

/** A quoted string, a border, blanks, or a piece of a word; one behind the other, so that nothing is looked at twice. */
const PIECE = /"(?<quoted>(?:[^"\\]|\\.)*)"|(?<border>;)|\s+|(?<plain>[^\s;"()]+)/suy;

/**
 * Splits a field at its semicolons into words, without comments and quotes; undefined where one of these is not closed.
 * What is quoted belongs to its word, whatever it holds.
 */
function toPieces(field: string): ReadonlyArray<readonly string[]> | undefined {
	const pieces: string[][] = [[]];
	let isWordOpen = false;
	for (let at = 0; at < field.length;) {
		const found = readPiece(field, at);
		if (found === undefined) return undefined;
		const { quoted, border, plain } = found.groups;
		const piece = plain ?? quoted?.replace(/\\(.)/gsu, '$1');
		if (border !== undefined) pieces.push([]);
		if (piece !== undefined) addPiece(pieces[pieces.length - 1] ?? [], piece, isWordOpen);
		isWordOpen = piece !== undefined;
		at = found.end;
	}
	return joinEquals(pieces);
}

interface Piece {
	readonly groups: Readonly<Partial<Record<string, string>>>;
	readonly end: number;
}

function readPiece(field: string, at: number): Piece | undefined {
	if (field.charAt(at) === '(') {
		const end = findCommentEnd(field, at);
		return end === undefined ? undefined : { groups: {}, end };
	}
	PIECE.lastIndex = at;
	const found = PIECE.exec(field);
	return found === null ? undefined : { groups: found.groups ?? {}, end: PIECE.lastIndex };
}

function addPiece(words: string[], piece: string, isWordOpen: boolean): void {
	if (isWordOpen) words.push(`${words.pop() ?? ''}${piece}`);
	else words.push(piece);
}

/** Behind the comment (RFC 5322, 3.2.2), or undefined where it is not closed. */
function findCommentEnd(field: string, open: number): number | undefined {
	let depth = 0;
	for (let at = open; at < field.length; at += 1) {
		const next = field.charAt(at);
		if (next === '\\') at += 1;
		else if (next === '(') depth += 1;
		else if (next === ')') depth -= 1;
		if (depth === 0) return at + 1;
	}
	return undefined;
}

/** Blanks may stand around `=`, which belongs to the words beside it. */
function joinEquals(pieces: ReadonlyArray<readonly string[]>): ReadonlyArray<readonly string[]> {
	return pieces.map((words) => {
		const joined: string[] = [];
		for (const word of words) {
			const last = joined.at(-1);
			const belongs = word.startsWith('=') || last?.endsWith('=') === true;
			if (last !== undefined && belongs) joined[joined.length - 1] = last + word;
			else joined.push(word);
		}
		return joined;
	});
}
