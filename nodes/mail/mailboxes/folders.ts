import type { ImapFlow, ListResponse, NamespaceObject } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { toServerPaths } from './mailbox-path';
import type { PathRules } from './mailbox-path';
import { isRefusal } from './refusal';

/** Flags of what cannot be opened, in any case (RFC 3501, 9). */
const UNUSABLE = /^\\(?:Noselect|NonExistent)$/iu;

const NOT_ASCII = /[^\p{ASCII}]/u;
/** By this the driver knows that names are written in UTF-8 (RFC 6855). */
const RAW_NAMES = 'UTF8=ACCEPT';

export interface ListedMailbox {
	readonly path: string;
	/** Special use (RFC 6154) such as `\\Trash`; `\\Inbox` for INBOX; null for ordinary ones. */
	readonly specialUse: string | null;
}

export interface FolderStatus {
	readonly uidValidity: string;
	/** Some servers tell it only of a mailbox that is open, or not even then. */
	readonly uidNext: number | undefined;
}

/**
 * The path that a name means on this server: that of a mailbox which is there under exactly this name, else as a person
 * writes it. Asked once for each name and connection, and only where the two differ.
 */
export async function toPath(session: Session, name: string): Promise<string> {
	const known = session.paths.get(name);
	if (known !== undefined) return known;
	const paths = toServerPaths(name, rulesOf(session));
	const path = (await findThere(session, paths.slice(0, -1))) ?? paths.at(-1) ?? name;
	session.paths.set(name, path);
	return path;
}

/**
 * The path of a folder that messages are to go to.
 *
 * @throws IngestError `configuration` where they lie in it
 */
export async function toOtherPath(session: Session, folder: string, own: string): Promise<string> {
	const path = await toPath(session, folder);
	if (path !== own) return path;
	throw new IngestError('configuration', `"${folder}" is the mailbox the messages lie in`, {
		field: 'Folder',
		remedy: 'Choose another folder.',
	});
}

async function findThere(session: Session, paths: readonly string[]): Promise<string | undefined> {
	for (const path of paths) if (await isThere(session, path)) return path;
	return undefined;
}

/**
 * Whether a path that seems to be missing is worth another try: the server turns out to write names in UTF-8 as they are,
 * not in the UTF-7 of RFC 3501, 5.1.3, and the driver does so from now on.
 */
export async function isWrittenRaw(session: Session, path: string): Promise<boolean> {
	if (!NOT_ASCII.test(path)) return false;
	return noteRawNames(session, await session.run((client) => client.list()));
}

function noteRawNames({ client }: Session, listed: readonly ListResponse[]): boolean {
	const isNews =
		!client.enabled.has(RAW_NAMES) &&
		listed.some(({ pathAsListed }) => NOT_ASCII.test(pathAsListed));
	if (isNews) client.enabled.add(RAW_NAMES);
	return isNews;
}

function rulesOf({ client: { namespaces } }: Session): PathRules {
	const own = namespaces?.personal[0];
	return {
		delimiter: own?.delimiter ?? '',
		prefix: own?.prefix ?? '',
		foreignPrefixes: foreignNamespaces(namespaces).map(({ prefix }) => prefix),
	};
}

/** Those of other users and shared ones that have a place of their own in the hierarchy. */
function foreignNamespaces(namespaces: ImapFlow['namespaces']): readonly NamespaceObject[] {
	const foreign = [...(namespaces?.other || []), ...(namespaces?.shared || [])];
	return foreign.filter(({ prefix }) => prefix !== '');
}

async function isThere(session: Session, path: string): Promise<boolean> {
	try {
		await session.run((client) => client.status(path, { messages: true }), path);
		return true;
	} catch (error) {
		if (!isRefusal(error)) throw error;
		return error.code !== 'mailbox-missing' && (await isListed(session, path));
	}
}

/**
 * The mailboxes that can be opened, in the order of the driver: special ones first, then by name.
 * Where the server does not tell the special use the driver goes by well-known names (`Trash`, `Papierkorb`).
 */
export async function listMailboxes(session: Session): Promise<readonly ListedMailbox[]> {
	// Nothing here needs subscriptions, and the driver takes the \Noselect of LSUB, which says something else, for LIST's.
	Object.assign(session.client, { skipLsub: true });
	let listed = await session.run((client) => client.list());
	if (noteRawNames(session, listed)) listed = await session.run((client) => client.list());
	const hidden = foreignNamespaces(session.client.namespaces).filter(
		({ prefix }) => !listed.some(({ path }) => path.startsWith(prefix)),
	);
	for (const namespace of hidden) listed.push(...(await listNamespace(session, namespace)));
	return listed
		.filter(({ path }, index) => index === listed.findIndex((other) => other.path === path))
		.filter(({ flags }) => ![...flags].some((flag) => UNUSABLE.test(flag)))
		.map(({ path, specialUse }) => ({ path, specialUse: specialUse ?? null }));
}

/** The mailboxes of a namespace that the server leaves out of the list of all. */
async function listNamespace(
	session: Session,
	namespace: NamespaceObject,
): Promise<readonly ListResponse[]> {
	const { client } = session;
	const own = client.namespace;
	client.namespace = namespace;
	try {
		const listed = await session.run(() => client.list());
		if (!isLister(client) || listed.some(({ path }) => path.startsWith(namespace.prefix))) {
			return listed;
		}
		// Courier knows only the whole name as a pattern.
		const pattern = `${namespace.prefix}*`;
		client.namespace = own;
		return await session.run(() => client.run('LIST', '', pattern, { listOnly: true }));
	} catch (error) {
		// Some servers tell of namespaces that nobody may list.
		if (isRefusal(error)) return [];
		throw error;
	} finally {
		client.namespace = own;
	}
}

/** What the driver's list is built on; not among its types. */
interface Lister {
	run(
		command: 'LIST',
		reference: string,
		pattern: string,
		options: { readonly listOnly: true },
	): Promise<readonly ListResponse[]>;
}

function isLister(client: ImapFlow): client is ImapFlow & Lister {
	return 'run' in client && typeof client.run === 'function';
}

/** UIDVALIDITY and UIDNEXT of a folder, or undefined when there is no such folder. */
export async function readStatus(
	session: Session,
	folder: string,
): Promise<FolderStatus | undefined> {
	const query = { uidValidity: true, uidNext: true };
	try {
		const answer = await session.run((client) => client.status(folder, query), folder);
		const { uidValidity, uidNext } = answer;
		if (uidValidity !== undefined) return { uidValidity: String(uidValidity), uidNext };
	} catch (error) {
		if (!isRefusal(error)) throw error;
		if (error.code === 'mailbox-missing' || !(await isListed(session, folder))) return undefined;
		throw error;
	}
	throw new IngestError(
		'refused-by-server',
		`The mail server does not tell the UIDs of "${folder}"`,
		{ remedy: 'Use a folder of another kind: this one may only hold folders.' },
	);
}

/** Not every server says plainly that a mailbox is missing. */
async function isListed(session: Session, folder: string): Promise<boolean> {
	const mailboxes = await session.run((client) => client.list());
	return mailboxes.some(({ path }) => path === folder);
}

/** Creates a folder and subscribes to it, so that mail programs show it; one that is there already is no error. */
export async function createFolder(session: Session, folder: string): Promise<void> {
	if ((await isWrittenRaw(session, folder)) && (await isThere(session, folder))) return;
	await session.run((client) => client.mailboxCreate(folder), folder);
}
