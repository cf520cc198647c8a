import { IngestError } from '../../errors';
import { isSameMailbox } from '../../message/mailbox-name';
import type { Destination, Rule } from '../rule';
import { readCleanUp } from './clean-up';
import type { Fields } from '../../json/fields';
import { readFilter } from './rule-filter';
import { readPayload } from './rule-payload';

/** The keys of a rule: those of AlertMagic's JSON (there called an ingest), and our own. */
export const RULE_KEYS = [
	'Name',
	'Uri',
	'Username',
	'Password',
	'Filter',
	'Payload',
	'CleanUp',
	'IgnoreCase',
	'Continue',
] as const;

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
	return {
		name,
		...readFilter(entry),
		...(entry.boolean('IgnoreCase') === true && { ignoreCase: true }),
		...readPayload(entry),
		...(entry.boolean('Continue') === true && { continue: true }),
		cleanUp: readCleanUp(entry),
	};
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
