import { assertNoFaults, IngestError } from '../../errors';
import type { Rule } from '../rule';
import { captureKey, filterKey, fieldsOf } from '../text-field';
import type { TextField } from '../text-field';

/** A rule as AlertMagic's guide writes it, without destination. */
export interface AlertMagicIngest {
	readonly Name: string;
	readonly Filter?: Readonly<Partial<Record<'From' | 'Subject' | 'Body', string>>>;
	readonly Payload?: Readonly<
		Partial<Record<'FromCaptures' | 'SubjectCaptures' | 'BodyCaptures', readonly string[]>>
	>;
	readonly CleanUp?: {
		readonly Action: 'MoveToFolder';
		readonly Folder: string;
		readonly DeleteAfterDays?: number;
	};
}

/** Something of a rule that AlertMagic's guide does not know. */
export interface AlertMagicGap {
	readonly rule: string;
	/** Key of the JSON rule, e.g. `Filter.To`. */
	readonly key: string;
	/** What follows when it is left out, as in "is left out: ...". */
	readonly effect: string;
	readonly remedy: string;
}

/** What AlertMagic knows of a rule; Ignore Case is written into its patterns. */
export function toIngest({ name, filter, ignoreCase, captures, cleanUp }: Rule): AlertMagicIngest {
	const toPattern = (pattern: string): string => (ignoreCase === true ? `(?i)${pattern}` : pattern);
	const written = {
		From: filter.from,
		Subject: filter.subject,
		Body: filter.body,
	};
	const filters = Object.entries(written).flatMap(([key, pattern]) =>
		pattern === undefined ? [] : [[key, toPattern(pattern)] as const],
	);
	const lists = {
		FromCaptures: captures.from ?? [],
		SubjectCaptures: captures.subject ?? [],
		BodyCaptures: captures.body ?? [],
	};
	const payload = Object.entries(lists).flatMap(([key, patterns]) =>
		patterns.length === 0 ? [] : [[key, patterns.map(toPattern)] as const],
	);
	return {
		Name: name,
		...(filters.length > 0 && { Filter: Object.fromEntries(filters) }),
		...(payload.length > 0 && { Payload: Object.fromEntries(payload) }),
		...(cleanUp.action === 'moveToFolder' && {
			CleanUp: {
				Action: 'MoveToFolder',
				Folder: cleanUp.folder,
				...(cleanUp.deleteAfterDays !== undefined && { DeleteAfterDays: cleanUp.deleteAfterDays }),
			},
		}),
	};
}

/** What of a rule toIngest leaves out. */
export function findGaps(rule: Rule): readonly AlertMagicGap[] {
	const gap = (key: string, effect: string, remedy: string): AlertMagicGap => ({
		rule: rule.name,
		key,
		effect,
		remedy,
	});
	return [
		...matchGaps(rule, gap),
		...fieldsOf(rule.filter)
			.filter(isForeign)
			.map((field) =>
				gap(filterKey(field), 'the rule takes more messages', 'Filter on From, Subject or Body.'),
			),
		...fieldsOf(rule.captures)
			.filter(isForeign)
			.map((field) =>
				gap(
					captureKey(field),
					'the payload lacks what it captured',
					'Capture from From, Subject or Body.',
				),
			),
		...payloadGaps(rule, gap),
		...courseGaps(rule, gap),
	];
}

/**
 * Makes sure that AlertMagic can do what the rules say.
 *
 * @param wayOut what else the user can do, as a sentence
 * @throws ConfigurationError naming each rule and key
 */
export function assertNoGaps(gaps: readonly AlertMagicGap[], wayOut: string): void {
	assertNoFaults(
		gaps.map(
			({ rule, key, remedy }, index) =>
				new IngestError('configuration', `Rule "${rule}" has ${key}, which AlertMagic lacks.`, {
					field: key,
					remedy: index === gaps.length - 1 ? `${remedy} ${wayOut}` : remedy,
				}),
		),
	);
}

/** A gap that was accepted -> what became of it. */
export function describeGap({ rule, key, effect }: AlertMagicGap): string {
	return `Rule "${rule}": ${key} is left out, so ${effect}.`;
}

type ToGap = (key: string, effect: string, remedy: string) => AlertMagicGap;

/** With one filter there is no difference between any and all. */
function matchGaps({ match, filter }: Rule, gap: ToGap): readonly AlertMagicGap[] {
	if (match === undefined || fieldsOf(filter).length === 1) return [];
	return [
		gap(
			'Filter.Match',
			'all of its filters have to match',
			'Make a rule of its own of each filter.',
		),
	];
}

function payloadGaps(
	{ whenMissing, matches, types, fixed }: Rule,
	gap: ToGap,
): readonly AlertMagicGap[] {
	return [
		...(whenMissing === 'leaveOut'
			? []
			: [
					gap(
						'Payload.WhenMissing',
						'the payload lacks a group that captured nothing',
						'Choose Leave It Out.',
					),
				]),
		...(matches === undefined
			? []
			: [
					gap(
						'Payload.Matches',
						'only the first match of each capture counts',
						'Choose First Match.',
					),
				]),
		...(types === undefined
			? []
			: [gap('Payload.Types', 'its values are texts', 'Remove the types.')]),
		...(fixed === undefined
			? []
			: [gap('Payload.Fixed', 'the payload lacks these values', 'Remove the fixed values.')]),
	];
}

function courseGaps(rule: Rule, gap: ToGap): readonly AlertMagicGap[] {
	const { action } = rule.cleanUp;
	return [
		...(rule.continue === undefined
			? []
			: [
					gap(
						'Continue',
						'AlertMagic decides whether the rules below are tried too',
						'Remove it from the rule.',
					),
				]),
		// AlertMagic's guide shows MoveToFolder only.
		...(action === 'none' || action === 'moveToFolder'
			? []
			: [
					gap(
						'CleanUp.Action',
						'the message stays as it is',
						'Choose Nothing or Move to Folder for Clean Up.',
					),
				]),
	];
}

function isForeign(field: TextField): boolean {
	return field !== 'from' && field !== 'subject' && field !== 'body';
}
