import type { IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';

import { ALLOWED_USERS, parseUsers } from '../../core/account/users';
import { isRecord } from '../../core/is-record';

type Context = Pick<IExecuteFunctions, 'getNode' | 'getNodeParameter' | 'getParentNodes'>;

/**
 * Reads which users besides that of the account the items of one execution may name: those of the option Allowed
 * Users; without it the Users of the triggers before the node, since their items name them rightly.
 */
export function createAllowedUsersReader(
	context: Context,
): (itemIndex: number) => readonly string[] {
	let watched: readonly string[] | undefined;
	return (itemIndex) => {
		const options: unknown = context.getNodeParameter('options', itemIndex, {});
		const value = isRecord(options) ? options['allowedUsers'] : undefined;
		if (value !== undefined) return parseUsers(value, ALLOWED_USERS);
		watched ??= findWatchedUsers(context);
		return watched;
	};
}

/** n8n names a type `package.type`, so those of the triggers are known by that of this node. */
function findWatchedUsers(context: Context): readonly string[] {
	const { name, type } = context.getNode();
	const isTrigger = (other: string): boolean =>
		other === `${type}Trigger` || other === `${type}InstantTrigger`;
	return context
		.getParentNodes(name, { includeNodeParameters: true })
		.filter((parent) => isTrigger(parent.type))
		.flatMap(readUsers);
}

/** What an expression would give is not known here: evaluated in this node it could read the item. */
function readUsers({ parameters }: NodeTypeAndVersion): readonly string[] {
	const options: unknown = parameters?.['options'];
	const users = isRecord(options) ? options['users'] : undefined;
	const entries: readonly unknown[] = Array.isArray(users) ? users : [users];
	return entries.flatMap((entry) =>
		typeof entry === 'string' && !entry.startsWith('=') ? parseUsers(entry) : [],
	);
}
