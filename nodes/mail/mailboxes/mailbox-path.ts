/** How a server writes the paths of a person's own mailboxes (RFC 2342). */
export interface PathRules {
	/** Empty when the server has no hierarchy. */
	readonly delimiter: string;
	/** `INBOX.` on servers that keep all mailboxes below the INBOX; mostly empty. */
	readonly prefix: string;
}

const WRITTEN_DELIMITER = '/';

/**
 * The path of a mailbox as the server writes it: levels written with `/` get the server's delimiter, INBOX is written in
 * capitals, and the prefix of the personal namespace is put before it where it is missing.
 */
export function toServerPath(path: string, { delimiter, prefix }: PathRules): string {
	const levels =
		delimiter === '' || delimiter === WRITTEN_DELIMITER
			? path
			: path.replaceAll(WRITTEN_DELIMITER, delimiter);
	if (levels.toUpperCase() === 'INBOX') return 'INBOX';
	const inCapitals =
		delimiter !== '' && levels.toUpperCase().startsWith(`INBOX${delimiter}`)
			? `INBOX${levels.slice('INBOX'.length)}`
			: levels;
	return inCapitals.startsWith(prefix) ? inCapitals : `${prefix}${inCapitals}`;
}
