import { IngestError } from '../../errors';
import { isRecord } from '../../is-record';
import { isSameMailbox } from '../../message/mailbox-name';
import type { Fields } from '../../json/fields';
import { RULE_KEYS } from '../keys/rule-keys';
import type { CleanUpDraft, RuleDraft } from '../keys/rule-key';
import type { CleanUp, Destination, Rule } from '../rule';

const DESTINATION_KEYS = ['Uri', 'Username', 'Password'];
const GROUPS = [...new Set(RULE_KEYS.flatMap(({ group }) => group ?? []))];

/** The keys of a group of a rule, or those of the rule itself. */
const keysOf = (group: string | undefined): readonly string[] =>
	RULE_KEYS.filter((key) => key.group === group).map(({ key }) => key);

/** What may stand in a rule: the keys of AlertMagic's JSON (there called an ingest), and our own. */
export const INGEST_KEYS: readonly string[] = [
	...keysOf(undefined),
	...DESTINATION_KEYS,
	...GROUPS,
];

/** A rule with the destination AlertMagic's JSON gives it; kept apart so that it cannot slip into an item. */
export interface RuleEntry {
	readonly rule: Rule;
	readonly destination: Destination | undefined;
}

/** Reads rules from opened JSON objects; faults go to the list the fields were opened with. */
export function readRuleEntries(entries: readonly Fields[]): readonly RuleEntry[] {
	const names = new Set<string>();
	return entries.map((entry) => {
		const rule = readRule(entry);
		const { name } = rule;
		const remedy = 'Give each rule a name of its own.';
		if (name === '') entry.fault('Name', 'is missing', remedy);
		else if (names.has(name)) entry.fault('Name', `"${name}" is used by two rules`, remedy);
		names.add(name);
		return { rule, destination: readDestination(entry) };
	});
}

function readRule(entry: Fields): Rule {
	const groups = new Map(GROUPS.map((name) => [name, entry.object(name, keysOf(name))]));
	let draft: RuleDraft = {};
	for (const key of RULE_KEYS) {
		const fields = key.group === undefined ? entry : groups.get(key.group);
		if (fields !== undefined) draft = merge(draft, key.read(fields));
	}
	return {
		name: '',
		filter: {},
		whenMissing: 'leaveOut',
		...draft,
		captures: { from: [], subject: [], body: [], ...draft.captures },
		cleanUp: toCleanUp(draft.cleanUp ?? {}, groups.get('CleanUp')),
	};
}

function merge(draft: RuleDraft, more: RuleDraft): RuleDraft {
	return {
		...draft,
		...more,
		...(more.filter !== undefined && { filter: { ...draft.filter, ...more.filter } }),
		...(more.captures !== undefined && { captures: { ...draft.captures, ...more.captures } }),
		...(more.cleanUp !== undefined && { cleanUp: { ...draft.cleanUp, ...more.cleanUp } }),
	};
}

/** Folder and days go with the move, and only with that. */
function toCleanUp(
	{ action = 'none', folder = '', deleteAfterDays }: CleanUpDraft,
	fields: Fields | undefined,
): CleanUp {
	if (action !== 'moveToFolder') {
		const remedy = 'Set Action to MoveToFolder, or remove it.';
		const problem = 'is given, but the clean-up does not move the message';
		if (folder !== '') fields?.fault('Folder', problem, remedy);
		if (deleteAfterDays !== undefined) fields?.fault('DeleteAfterDays', problem, remedy);
		return { action };
	}
	checkFolder(folder, fields);
	return { action, folder, ...(deleteAfterDays !== undefined && { deleteAfterDays }) };
}

function checkFolder(folder: string, fields: Fields | undefined): void {
	if (folder === '') {
		fields?.fault('Folder', 'is missing', 'Name the folder to move to.');
	} else if (hasControlCharacter(folder)) {
		fields?.fault('Folder', 'has a line end or another control character', 'Remove it.');
	}
}

function hasControlCharacter(text: string): boolean {
	return [...text].some((character) => character < ' ' || character === '\u007f');
}

function readDestination(entry: Fields): Destination | undefined {
	const uri = entry.string('Uri');
	const username = entry.string('Username') ?? '';
	const password = entry.string('Password') ?? '';
	if (uri === undefined || uri === '') return undefined;
	if (!isHttpsUrl(uri)) {
		// The address may carry a key in its query, so it is not repeated here.
		return entry.fault(
			'Uri',
			'is not an https address',
			'Write https://<host>/<path>; payloads are sent over TLS only.',
		);
	}
	return { uri, username, password };
}

function isHttpsUrl(text: string): boolean {
	return URL.canParse(text) && new URL(text).protocol === 'https:';
}

/** A rule in our own JSON: what AlertMagic knows, and everything else. */
export function writeRule(rule: Rule): Readonly<Record<string, unknown>> {
	const written: Record<string, unknown> = {};
	for (const { group, key, jsonOf } of RULE_KEYS) {
		const value = jsonOf(rule);
		if (value === undefined) continue;
		if (group === undefined) written[key] = value;
		else written[group] = { ...(isRecord(written[group]) && written[group]), [key]: value };
	}
	return written;
}

/** The mailboxes of a trigger that clean-up folders may collide with. */
export interface TriggerMailboxes {
	readonly watched: string;
	readonly quarantine: string;
}

/** Faults of rules that only show beside the mailboxes of the trigger they are used on. */
export function checkCleanUpTargets(
	rules: readonly Rule[],
	mailboxes: TriggerMailboxes,
): readonly IngestError[] {
	return rules.flatMap((rule) => targetFault(rule, mailboxes));
}

function targetFault(
	{ name, cleanUp }: Rule,
	{ watched, quarantine }: TriggerMailboxes,
): readonly IngestError[] {
	if (cleanUp.action !== 'moveToFolder') return [];
	const { folder, deleteAfterDays } = cleanUp;
	if (isSameMailbox(folder, watched)) {
		return [
			new IngestError(
				'configuration',
				`Rule "${name}" moves messages to "${folder}", the mailbox that is watched.`,
				{
					field: 'CleanUp.Folder',
					remedy: 'Name another folder; moving there would deliver the message again and again.',
				},
			),
		];
	}
	if (deleteAfterDays === undefined || !isSameMailbox(folder, quarantine)) return [];
	return [
		new IngestError(
			'configuration',
			`Rule "${name}" deletes messages of "${folder}" after ${String(deleteAfterDays)} days, but that is the quarantine mailbox.`,
			{
				field: 'CleanUp.Folder',
				remedy:
					'Name another folder, or another Quarantine Mailbox; what is in quarantine was never delivered.',
			},
		),
	];
}
