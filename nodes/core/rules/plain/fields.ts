import { escapeText, wholeWords } from './escape';
import type { MailField } from './fields-of-mail';

export type How =
	| 'afterLabel'
	| 'lineAfterLabel'
	| 'between'
	| 'cellRightOfLabel'
	| 'wholeField'
	| 'firstNumber'
	| 'firstIpAddress'
	| 'firstHost'
	| 'firstUrl'
	| 'firstDate'
	| 'pattern';

/** A value that is captured without a pattern, or with one where `how` is `pattern`. */
export type CapturedField = {
	/** Key in the payload; of a pattern its named groups are. */
	readonly name?: string;
	readonly field: MailField;
	/** Name of the field where it is a header field. */
	readonly header?: string;
	readonly how: How;
	/** What stands before the value, above it or to its left. */
	readonly label?: string;
	/** Of `between`: what stands before the value; absent = the start of the line. */
	readonly after?: string;
	/** Of `between`: what stands behind the value; absent = the end of the line. */
	readonly before?: string;
	readonly pattern?: string;
};

/** The rest of a line from its first visible character to its last. */
const REST_OF_LINE = '\\S(?:[^\\n]*\\S)?';
const BLANKS = '[ \\t]*';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const TIME =
	'\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2}))?';

const FIRST: Readonly<Partial<Record<How, string>>> = {
	firstNumber: '[+-]?\\d+(?:[.,]\\d+)*',
	firstIpAddress: `\\b(?:${OCTET}\\.){3}${OCTET}\\b|\\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\\b|\\b(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}\\b`,
	firstHost: '\\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,9}[a-z]{2,63}\\b',
	firstUrl: 'https?://[^\\s<>"\']*[^\\s<>"\'.,;:!?)\\]]',
	firstDate: `(?:\\d{4}[-./]\\d{1,2}[-./]\\d{1,2}|\\d{1,2}[-./]\\d{1,2}[-./]\\d{4}|\\d{1,2} ${MONTH} \\d{4}|${MONTH} \\d{1,2},? \\d{4})(?:[T ,]+${TIME})?`,
};

/** Captures what it is given, by the name of the field. */
type Group = (source: string) => string;

const BY_HOW: Readonly<Partial<Record<How, (captured: CapturedField, group: Group) => string>>> = {
	afterLabel: ({ label = '' }, group) => `(?i)${toLabel(label)}${group(REST_OF_LINE)}`,
	lineAfterLabel: ({ label = '' }, group) =>
		`(?i)${wholeWords(withoutColon(label))}(?:${BLANKS}:)?${BLANKS}\\n\\s*${group(REST_OF_LINE)}`,
	cellRightOfLabel: ({ label = '' }, group) =>
		`(?im)(?:^[ \\t|]*|[\\t|] *|  )${escapeText(withoutColon(label))} ?(?:[:\\t|]|  )[\\t |:]*${group('[^\\s|]+(?: [^\\s|]+)*')}`,
	between: toBetween,
	wholeField: ({ field }, group) =>
		field === 'body' ? group('\\S(?:[\\s\\S]*\\S)?') : `^${group('.+')}$`,
	pattern: ({ pattern = '' }) => pattern,
};

/** A captured field -> the .NET pattern that captures it by its name. Labels take upper and lower case as the same. */
export function toFieldPattern(captured: CapturedField): string {
	const { how, name = '' } = captured;
	const group: Group = (source) => `(?<${name}>${source})`;
	return BY_HOW[how]?.(captured, group) ?? `(?i)${group(FIRST[how] ?? '')}`;
}

/** What stands between is short, and blanks at its ends are looked at once: no text takes long. */
function toBetween({ after = '', before = '' }: CapturedField, group: Group): string {
	const start = toEnd(after);
	const end = toEnd(before);
	if (end === '') return `(?i)${start}${BLANKS}${group(REST_OF_LINE)}`;
	if (start === '') {
		return `(?im)^${BLANKS}${group('\\S[^\\n]{0,1000}?')}(?<!\\s)${BLANKS}${end}`;
	}
	return `(?i)${start}(?>\\s*)${group('[\\s\\S]{0,1000}?')}(?<!\\s)(?>\\s*)${end}`;
}

/** A blank that was written at an end of it has to be there, or else the end of a line: ` is ` is not found in `disk`. */
function toEnd(text: string): string {
	const escaped = escapeText(text.trim());
	if (escaped === '') return '';
	return `${/^\s/.test(text) ? '(?<!\\S)' : ''}${escaped}${/\s$/.test(text) ? '(?!\\S)' : ''}`;
}

/** `Spoon:` is found as `Spoon :`, too; of a label without a sign, a colon or an equals sign may follow. */
function toLabel(label: string): string {
	const text = label.trim();
	const sign = /[:=]$/.exec(text)?.[0];
	if (sign === undefined) return `${wholeWords(text)}(?>(?:${BLANKS}[:=])?)${BLANKS}`;
	return `${wholeWords(withoutColon(text))}${BLANKS}${sign}${BLANKS}`;
}

function withoutColon(label: string): string {
	return label.trim().replace(/[:=]$/, '').trimEnd();
}

const WORDS: Readonly<Record<Exclude<How, 'pattern'>, string>> = {
	afterLabel: 'text after',
	lineAfterLabel: 'line after',
	cellRightOfLabel: 'cell right of',
	between: 'between',
	wholeField: 'whole field',
	firstNumber: 'first number',
	firstIpAddress: 'first IP address',
	firstHost: 'first host name',
	firstUrl: 'first URL',
	firstDate: 'first date',
};

/** What is captured, where no pattern says it: `host (text after "Host:")`. */
export function describeField(captured: CapturedField): string {
	const { how, name = '', label, after, before } = captured;
	const texts = [label, after, before].flatMap((text) => (text === undefined ? [] : [`"${text}"`]));
	const words = how === 'pattern' ? 'pattern' : WORDS[how];
	return `${name} (${[words, texts.join(' and ')].join(' ').trim()})`;
}
