/** How a server writes the paths of mailboxes (RFC 2342). */
export interface PathRules {
	/** Of a person's own mailboxes; empty when the server has no hierarchy. */
	readonly delimiter: string;
	/** `INBOX.` on servers that keep all own mailboxes below the INBOX; mostly empty. */
	readonly prefix: string;
	/** What the paths of other users' and of shared mailboxes begin with, where anything. */
	readonly foreignPrefixes: readonly string[];
}

const WRITTEN_DELIMITER = '/';

/**
 * The paths that a name may mean, in the order in which they are looked for; where none exists it means the last. A path
 * from the server's list comes first, as it stands. What a person typed gets the server's delimiter for each `/`, INBOX in
 * capitals, and the prefix of the personal namespace where it is missing.
 */
export function toServerPaths(name: string, rules: PathRules): readonly string[] {
	const { delimiter, prefix, foreignPrefixes } = rules;
	if (name.toUpperCase() === 'INBOX') return ['INBOX'];
	const levels = delimiter === '' ? name : name.replaceAll(WRITTEN_DELIMITER, delimiter);
	const inCapitals =
		delimiter !== '' && levels.toUpperCase().startsWith(`INBOX${delimiter}`)
			? `INBOX${levels.slice('INBOX'.length)}`
			: levels;
	const isComplete = [prefix, ...foreignPrefixes].some((start) => inCapitals.startsWith(start));
	const written = isComplete ? inCapitals : `${prefix}${inCapitals}`;
	return [...new Set([name, inCapitals, written])];
}
