import { IngestError } from '../errors';
import { isSameMailbox } from '../mailbox-name';
import type { CleanUp, Destination, Rule, TextField, WhenMissing } from '../rule';
import type { Fields } from './fields';

/** The keys of a rule in AlertMagic's JSON (there called an ingest). */
export const RULE_KEYS = [
	'Name',
	'Uri',
	'Username',
	'Password',
	'Filter',
	'Payload',
	'CleanUp',
] as const;
const FILTER_KEYS = ['From', 'Subject', 'Body'] as const;
const CAPTURE_KEYS = ['FromCaptures', 'SubjectCaptures', 'BodyCaptures'] as const;
const PAYLOAD_KEYS = [...CAPTURE_KEYS, 'WhenMissing'] as const;
const CLEAN_UP_KEYS = ['Action', 'Folder', 'DeleteAfterDays'] as const;

const ACTIONS: Readonly<Record<string, CleanUp['action']>> = {
	None: 'none',
	MarkAsRead: 'markAsRead',
	Flag: 'flag',
	MoveToFolder: 'moveToFolder',
	Delete: 'delete',
};

const WHEN_MISSING: Readonly<Record<string, WhenMissing>> = {
	LeaveOut: 'leaveOut',
	EmptyString: 'emptyString',
	Refuse: 'refuse',
};

/** A rule with the destination AlertMagic's JSON gives it; kept apart so that it cannot slip into an item. */
export interface RuleEntry {
	readonly rule: Rule;
	readonly destination: Destination | undefined;
}

/** Reads rules from opened JSON objects; faults go to the list the fields were opened with. */
export function readRuleEntries(entries: readonly Fields[]): readonly RuleEntry[] {
	const names = new Set<string>();
	return entries.map((entry) => {
		const name = entry.string('Name')?.trim() ?? '';
		if (name === '') entry.fault('Name', 'is missing', 'Give each rule a name of its own.');
		else if (names.has(name))
			entry.fault('Name', `"${name}" is used by two rules`, 'Give each rule a name of its own.');
		names.add(name);
		return { rule: readRule(entry, name), destination: readDestination(entry) };
	});
}

function readRule(entry: Fields, name: string): Rule {
	const filter = entry.object('Filter', FILTER_KEYS);
	const payload = entry.object('Payload', PAYLOAD_KEYS);
	return {
		name,
		filter: {
			...given('from', filter?.string('From')),
			...given('subject', filter?.string('Subject')),
			...given('body', filter?.string('Body')),
		},
		captures: {
			from: payload?.strings('FromCaptures') ?? [],
			subject: payload?.strings('SubjectCaptures') ?? [],
			body: payload?.strings('BodyCaptures') ?? [],
		},
		whenMissing: readChoice(payload, 'WhenMissing', WHEN_MISSING) ?? 'leaveOut',
		cleanUp: readCleanUp(entry.object('CleanUp', CLEAN_UP_KEYS)),
	};
}

/** An empty filter pattern matches everything in .NET, which is what leaving it out means. */
function given(field: TextField, pattern: string | undefined): Partial<Record<TextField, string>> {
	return pattern === undefined || pattern === '' ? {} : { [field]: pattern };
}

function readCleanUp(fields: Fields | undefined): CleanUp {
	if (fields === undefined) return { action: 'none' };
	const action = readChoice(fields, 'Action', ACTIONS) ?? 'none';
	const folder = fields.string('Folder')?.trim() ?? '';
	// 0 is what a number field says when nobody filled it in: keep for good, the choice that loses nothing.
	const days = fields.wholeNumber('DeleteAfterDays') ?? 0;
	if (action !== 'moveToFolder') {
		if (folder !== '') refuseWithoutMove(fields, 'Folder');
		if (days !== 0) refuseWithoutMove(fields, 'DeleteAfterDays');
		return { action };
	}
	checkFolder(fields, folder);
	return { action, folder, ...(days !== 0 && { deleteAfterDays: days }) };
}

function refuseWithoutMove(fields: Fields, key: string): void {
	fields.fault(
		key,
		'is given, but the clean-up does not move the message',
		'Set Action to MoveToFolder, or remove it.',
	);
}

function checkFolder(fields: Fields, folder: string): void {
	if (folder === '') {
		fields.fault('Folder', 'is missing', 'Name the folder that MoveToFolder shall move to.');
	} else if (hasControlCharacter(folder)) {
		fields.fault('Folder', 'has a line end or another control character', 'Remove it.');
	}
}

function hasControlCharacter(text: string): boolean {
	return [...text].some((character) => character < ' ' || character === '\u007f');
}

function readChoice<Choice>(
	fields: Fields | undefined,
	key: string,
	choices: Readonly<Record<string, Choice>>,
): Choice | undefined {
	const value = fields?.string(key);
	if (fields === undefined || value === undefined || value === '') return undefined;
	const name = Object.keys(choices).find((choice) => choice.toLowerCase() === value.toLowerCase());
	if (name === undefined)
		fields.fault(key, `is "${value}"`, `Use one of ${Object.keys(choices).join(', ')}.`);
	return name === undefined ? undefined : choices[name];
}

function readDestination(entry: Fields): Destination | undefined {
	const uri = entry.string('Uri');
	const username = entry.string('Username') ?? '';
	const password = entry.string('Password') ?? '';
	if (uri === undefined || uri === '') return undefined;
	if (!isHttpsUrl(uri)) {
		// The address may carry a key in its query, so it is not repeated here.
		entry.fault(
			'Uri',
			'is not an https address',
			'Write https://<host>/<path>; payloads are sent over TLS only.',
		);
		return undefined;
	}
	return { uri, username, password };
}

function isHttpsUrl(text: string): boolean {
	return URL.canParse(text) && new URL(text).protocol === 'https:';
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
