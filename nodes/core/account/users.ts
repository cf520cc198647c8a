import type { Account } from './account';
import { IngestError } from '../errors';

const FIELD = 'Users';
/** Each has a connection and a cursor of its own. */
const MAX_USERS = 50;

/**
 * Parses the list of users whose mailboxes a trigger watches: a list, or a text with commas between them.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function parseUsers(value: unknown): readonly string[] {
	const entries: unknown = typeof value === 'string' ? value.split(/[,;\n]/u) : (value ?? []);
	if (!Array.isArray(entries)) {
		throw refuse(`is ${JSON.stringify(value)}`, 'Add one address for each mailbox.');
	}
	const users = entries.map(parseUser).filter((user) => user !== '');
	const twice = users.find((user, index) => users.findIndex(isSame(user)) !== index);
	if (twice !== undefined) throw refuse(`names "${twice}" twice`, 'Remove one of the two.');
	if (users.length <= MAX_USERS) return users;
	throw refuse(
		`has ${String(users.length)} addresses`,
		`Add at most ${String(MAX_USERS)}, and another trigger for the rest.`,
	);
}

/**
 * Only an application can open the mailbox of another user.
 *
 * @throws IngestError `configuration` when users are given and the account signs in with the password of one of them
 */
export function assertMayOpen(users: readonly string[], { login }: Pick<Account, 'login'>): void {
	const [first] = users;
	if (first === undefined || login.kind === 'clientCredentials') return;
	throw refuse(
		`names "${first}", but the account signs in with a password, which opens one mailbox only`,
		'Choose an account with an OAuth2 application, or leave Users empty.',
	);
}

/**
 * The user whose mailbox a message lies in, as far as the account may open it: an application opens those of other
 * users on its server; a password only its own.
 *
 * @param owner `user@host`, as messages name their account
 */
export function userToOpen(account: Account, owner: string | undefined): string {
	const { host, username, login } = account;
	const suffix = `@${host}`.toLowerCase();
	const isReachable = login.kind === 'clientCredentials' && owner?.toLowerCase().endsWith(suffix);
	if (owner === undefined || isReachable !== true) return username;
	const user = owner.slice(0, -suffix.length);
	return user === '' || isSame(user)(username) ? username : user;
}

function parseUser(entry: unknown): string {
	const user = typeof entry === 'string' ? entry.trim() : undefined;
	if (user !== undefined && !/[\s\p{Cc}]/u.test(user)) return user;
	throw refuse(`holds ${JSON.stringify(entry)}`, 'Write an address such as alerts@example.com.');
}

function isSame(user: string): (other: string) => boolean {
	return (other) => other.toLowerCase() === user.toLowerCase();
}

function refuse(problem: string, remedy: string): IngestError {
	return new IngestError('configuration', `${FIELD} ${problem}.`, { field: FIELD, remedy });
}
