import { deepCopy } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../core/is-record';
import { parseRetentionMarks } from '../../core/delivery/retention';
import { parseStored, toStored } from '../../core/delivery/stored-cursor';
import type { Memory, Reminders } from '../../ingest/ingest';

/** The two places n8n offers for state; both are saved with the next execution. */
export interface StaticData {
	/** Of this node; n8n finds it by the node's NAME, so that a renamed node has none. */
	readonly node: IDataObject;
	/** Of the workflow: a copy under the node's id lives here, which a renamed node still finds. */
	readonly workflow: IDataObject;
	readonly nodeId: string;
	/** `user@host`. */
	readonly account: string;
	/** Whether the node watches a list of users: then each has a place of its own. */
	readonly isOneOfMany: boolean;
}

/** What is kept of one account. */
const KEYS = ['cursor', 'retention', 'reminders'] as const;
type Key = (typeof KEYS)[number];
/** Where the places of a list of users are. */
const PLACES = 'accounts';

/**
 * Memory in n8n's static data. The objects are written in place: n8n watches them, and stores them with the next
 * execution it starts, at the end of activation, or (durable cursors) at the end of the poll.
 */
export function createStaticMemory(data: StaticData): Memory {
	const { node, workflow, nodeId } = data;
	const copy = `imapIngest:${nodeId}`;
	const load = (key: Key): unknown =>
		pick(toPlain(node), key, data) ?? pick(toPlain(toPlain(workflow)[copy]), key, data);
	const save = (key: Key, value: unknown): void => {
		for (const [name, entry] of Object.entries(put(toPlain(node), key, value, data))) {
			if (entry === undefined) Reflect.deleteProperty(node, name);
			else node[name] = toPlain(entry);
		}
		const kept = toPlain(toPlain(workflow)[copy]);
		workflow[copy] = toPlain({ ...kept, ...put(kept, key, value, data) });
	};
	return {
		loadCursor: () => parseStored(load('cursor')),
		saveCursor: (cursor) => {
			save('cursor', toStored(cursor));
		},
		loadRetention: () => parseRetentionMarks(load('retention')),
		saveRetention: (marks) => {
			save('retention', Object.fromEntries(marks));
		},
		loadReminders: () => parseReminders(load('reminders')),
		saveReminders: (reminders) => {
			save('reminders', reminders);
		},
	};
}

type Owner = Pick<StaticData, 'account' | 'isOneOfMany'>;

/** A node that was given a list of users, or lost it, finds what it remembered of the account before. */
function pick(root: IDataObject, key: Key, owner: Owner): unknown {
	if (isSingleOf(root, owner)) return root[key];
	const own = placeOf(root, owner.account)[key];
	return owner.isOneOfMany ? own : (own ?? root[key]);
}

/** What changes in `root`, with undefined for what goes: an account is remembered in one place only. */
function put(root: IDataObject, key: Key, value: unknown, owner: Owner): Record<string, unknown> {
	const places = isRecord(root[PLACES]) ? root[PLACES] : {};
	const { [owner.account]: own, ...others } = places;
	const isSingle = isSingleOf(root, owner);
	if (owner.isOneOfMany) {
		const known = isSingle ? Object.fromEntries(KEYS.map((name) => [name, root[name]])) : own;
		return {
			...(isSingle && NOTHING),
			[PLACES]: { ...others, [owner.account]: { ...(isRecord(known) && known), [key]: value } },
		};
	}
	if (isSingle || !isRecord(own)) return { [key]: value };
	return { ...NOTHING, ...own, [key]: value, [PLACES]: others };
}

const NOTHING: Readonly<Record<string, undefined>> = Object.fromEntries(
	KEYS.map((name) => [name, undefined]),
);

function placeOf(root: IDataObject, account: string): Readonly<Record<string, unknown>> {
	const places = root[PLACES];
	const place = isRecord(places) ? places[account] : undefined;
	return isRecord(place) ? place : {};
}

function isSingleOf({ cursor }: IDataObject, { account }: Owner): boolean {
	return isRecord(cursor) && cursor['account'] === account;
}

function parseReminders(value: unknown): Reminders {
	if (!isRecord(value)) return {};
	const { secret, setting, heartbeatAt, outage } = value;
	return {
		...(typeof secret === 'string' && { secret }),
		...(typeof setting === 'string' && { setting }),
		...(typeof heartbeatAt === 'number' && { heartbeatAt }),
		...parseOutage(outage),
	};
}

function parseOutage(value: unknown): Pick<Reminders, 'outage'> {
	if (!isRecord(value)) return {};
	const { code, since } = value;
	return typeof code === 'string' && typeof since === 'number' ? { outage: { code, since } } : {};
}

/** n8n hands out observed proxies; the layers below work on plain data. A copy through JSON takes long where texts are. */
function toPlain(value: unknown): IDataObject {
	return isRecord(value) ? deepCopy(value as IDataObject) : {};
}
