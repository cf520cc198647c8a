import type { Session } from '../connections/client';
import { toUidSets } from './uid-set';

/** Flags and keywords as a server writes them; asked for in any case, which servers may change (RFC 3501, 9: Stalwart). */
export class FlagSet extends Set<string> {
	override has(flag: string): boolean {
		const wanted = flag.toLowerCase();
		return super.has(flag) || [...this].some((own) => own.toLowerCase() === wanted);
	}
}

/** Adds a flag or keyword to messages of the selected mailbox. */
export async function addFlag(
	session: Session,
	mailbox: string,
	uids: readonly number[],
	flag: string,
): Promise<void> {
	for (const set of toUidSets(uids)) {
		await session.run((client) => client.messageFlagsAdd(set, [flag], { uid: true }), mailbox);
	}
}

/** Removes one from messages of the selected mailbox. */
export async function removeFlag(
	session: Session,
	mailbox: string,
	uids: readonly number[],
	flag: string,
): Promise<void> {
	for (const set of toUidSets(uids)) {
		await session.run((client) => client.messageFlagsRemove(set, [flag], { uid: true }), mailbox);
	}
}
