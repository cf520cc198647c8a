const MAX_NAME = 60;

/**
 * A label -> a key that can be used in n8n's expressions without brackets: `Original problem ID` -> `originalProblemId`.
 *
 * @returns undefined when nothing of the label can stand in a key
 */
export function toKey(label: string): string | undefined {
	const words = label.match(/[\p{L}\p{N}]+/gu) ?? [];
	const key = words
		.map((word, index) => (index === 0 ? word.toLowerCase() : capitalise(word)))
		.join('')
		// Some letters become several marks in another case.
		.replace(/[^\p{L}\p{N}]/gu, '')
		.slice(0, MAX_NAME);
	if (key === '') return undefined;
	return /^\p{N}/u.test(key) ? `_${key}` : key;
}

function capitalise(word: string): string {
	const [first = '', ...rest] = word.toLowerCase();
	return `${first.toUpperCase()}${rest.join('')}`;
}

/** A name of a value that a user chose: one that a named group can have. */
export function isValueName(name: string): boolean {
	return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);
}
