import { toKey } from './names';

/** A `Label: value` line. */
export interface KeyValue {
	readonly key: string;
	/** As the line has it, without its colon. */
	readonly label: string;
	readonly value: string;
}

const MAX_ENTRIES = 100;
const MAX_LINES = 10_000;
const MAX_LABEL = 40;
const MAX_LABEL_WORDS = 5;

/** The lines of a text that are looked at. */
export function toLines(text: string): readonly string[] {
	return text.split('\n', MAX_LINES);
}

/**
 * Every `Label: value` line of a text as an entry, up to 100; of labels that come several times the first counts. A label
 * has at most 40 characters and 5 words.
 */
export function readKeyValues(text: string): ReadonlyMap<string, string> {
	const entries = new Map<string, string>();
	for (const line of toLines(text)) {
		const found = readKeyValue(line);
		if (found !== undefined && !entries.has(found.key)) entries.set(found.key, found.value);
		if (entries.size === MAX_ENTRIES) break;
	}
	return entries;
}

/** A line -> its label and value, or undefined when it is none of that kind: a sentence, a time, a URL. */
export function readKeyValue(line: string): KeyValue | undefined {
	const at = line.slice(0, MAX_LABEL + 20).search(/[:=\t]/);
	if (at < 1) return undefined;
	const label = line
		.slice(0, at)
		.trim()
		.replace(/^[-*•\s]+/, '');
	const value = line.slice(at + 1).trim();
	const isTime = /\d$/.test(label) && /^\d/.test(line.slice(at + 1));
	const words = label.split(/\s+/).length;
	const isColumns = /\S {2,}\S/.test(label);
	if (label.length > MAX_LABEL || words > MAX_LABEL_WORDS) return undefined;
	if (isTime || isColumns) return undefined;
	if (value === '' || value.startsWith('//') || !/\p{L}/u.test(label)) return undefined;
	const key = toKey(label);
	// Behind the tab of a table row a colon may follow once more.
	return key === undefined ? undefined : { key, label, value: value.replace(/^[:=]\s+/, '') };
}
