import type { Account } from './account';
import { IngestError, wrongSetting } from '../errors';

export interface UserList {
	readonly field: string;
	readonly max: number;
	/** What to do with more of them. */
	readonly beyond: string;
}

/** Whose mailboxes a trigger watches; each has a connection and a cursor of its own. */
export const WATCHED_USERS: UserList = {
	field: 'Users',
	max: 50,
	beyond: ', and another trigger for the rest',
};

/** Whose mailboxes the action node may open. */
export const ALLOWED_USERS: UserList = { field: 'Allowed Users', max: 1000, beyond: '' };

/**
 * Parses a list of users: a list, or a text with commas between them.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function parseUsers(value: unknown, list = WATCHED_USERS): readonly string[] {
	const { field, max, beyond } = list;
	const entries: unknown = typeof value === 'string' ? value.split(/[,;\n]/u) : (value ?? []);
	if (!Array.isArray(entries)) {
		throw wrongSetting(field, `is ${JSON.stringify(value)}`, 'Add one address for each mailbox.');
	}
	if (entries.length > max) {
		const problem = `has ${String(entries.length)} addresses`;
		throw wrongSetting(field, problem, `Add at most ${String(max)}${beyond}.`);
	}
	const users = entries.map((entry) => parseUser(field, entry)).filter((user) => user !== '');
	const twice = findTwice(users);
	if (twice === undefined) return users;
	throw wrongSetting(field, `names "${twice}" twice`, 'Remove one of the two.');
}

/**
 * Only an application can open the mailbox of another user.
 *
 * @throws IngestError `configuration` when users are given and the account signs in with the password of one of them
 */
export function assertMayOpen(users: readonly string[], { login }: Pick<Account, 'login'>): void {
	const [first] = users;
	if (first === undefined || login.kind === 'clientCredentials') return;
	throw wrongSetting(
		WATCHED_USERS.field,
		`names "${first}", but the account signs in with a password, which opens one mailbox only`,
		'Choose an account with an OAuth2 application, or leave Users empty.',
	);
}

/**
 * The user whose mailbox a message lies in, as far as the account may open it: an application opens those of its own
 * user and of allowed ones on its server; a password only its own.
 *
 * @param owner `user@host`, as messages name their account
 * @throws IngestError `configuration` for a user that is not allowed: who made the item must not choose the mailbox
 */
export function userToOpen(
	account: Account,
	owner: string | undefined,
	allowed: readonly string[],
): string {
	const { host, username, login } = account;
	const suffix = `@${host}`.toLowerCase();
	const isReachable = login.kind === 'clientCredentials' && owner?.toLowerCase().endsWith(suffix);
	if (owner === undefined || isReachable !== true) return username;
	const user = owner.slice(0, -suffix.length);
	if (user === '' || isSame(user)(username)) return username;
	// As it was allowed, not as the item spells it.
	const known = allowed.find(isSame(user));
	if (known !== undefined) return known;
	throw new IngestError(
		'configuration',
		`The message lies in the mailbox of ${JSON.stringify(user)}, which this node may not open.`,
		{
			field: ALLOWED_USERS.field,
			remedy:
				'If that is right, add the user to the option Allowed Users. Without it, only the user of the account and the Users of the triggers before this node are allowed.',
		},
	);
}

function parseUser(field: string, entry: unknown): string {
	const user = typeof entry === 'string' ? entry.trim() : undefined;
	if (user !== undefined && !/[\s\p{Cc}]/u.test(user)) return user;
	throw wrongSetting(
		field,
		`holds ${JSON.stringify(entry)}`,
		'Write an address such as alerts@example.com.',
	);
}

function findTwice(users: readonly string[]): string | undefined {
	const known = new Set<string>();
	return users.find((user) => known.size === known.add(user.toLowerCase()).size);
}

function isSame(user: string): (other: string) => boolean {
	return (other) => other.toLowerCase() === user.toLowerCase();
}
