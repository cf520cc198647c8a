import { IngestError } from '../errors';
import type { IngestErrorCode, Place } from '../errors';
import { shorten } from '../regex/errors';
import { compilePattern } from '../regex/pattern';
import type { Pattern } from '../regex/pattern';
import { describeCondition, toConditionPattern } from './plain/conditions';
import { describeField, toFieldPattern } from './plain/fields';
import { toTextField } from './plain/fields-of-mail';
import type { MailFieldReference } from './plain/fields-of-mail';
import { isValueName } from './plain/names';
import type { RecordSource } from './plain/records';
import { namesIn } from './plain/values';
import type { Rule } from './rule';
import { capturePlace, fieldsOf, filterPlace, isOfBody } from './text-field';
import type { TextField } from './text-field';

/** A compiled pattern and the field it is matched against. */
export interface FieldPattern {
	readonly field: TextField;
	readonly pattern: Pattern;
	/** A filter that holds where its pattern is found nowhere. */
	readonly isNegated?: true;
	/** What it does, where the user did not write the pattern: `contains "alert"`. */
	readonly words?: string;
}

/** A list of records with its pattern, if it has one. */
export interface CompiledRecords {
	readonly source: RecordSource;
	readonly pattern: Pattern | undefined;
}

/** A rule with its patterns compiled: made once a change, used for every message. Patterns stand in the order of their fields. */
export interface CompiledRule {
	readonly rule: Rule;
	readonly filter: readonly FieldPattern[];
	readonly captures: readonly FieldPattern[];
	readonly records: readonly CompiledRecords[];
}

export interface RuleFault {
	readonly code: IngestErrorCode;
	readonly problem: string;
	readonly remedy: string | undefined;
	readonly cause?: unknown;
}

/** Notes a fault. */
export type Report = (place: Place, fault: RuleFault) => void;

/** Compiles the patterns of a rule, those that a user wrote and those that stand for plain words. */
export function compileRule(rule: Rule, report: Report): CompiledRule {
	const compile: Compile = (source, place) => {
		try {
			return compilePattern(source, { ignoreCase: rule.ignoreCase ?? false });
		} catch (error) {
			if (!(error instanceof IngestError)) throw error;
			const { code, message, remedy } = error;
			report(place, { code, problem: message, remedy, cause: error });
			return undefined;
		}
	};
	const captures = compileCaptures(rule, compile, report);
	const records = compileRecords(rule, compile, report);
	checkExpected(rule, report);
	checkNames(rule, namesOf(captures), records, report);
	return { rule, filter: compileFilter(rule, compile), captures, records };
}

/** Compiles a pattern, or reports why it cannot be. */
type Compile = (source: string, place: Place) => Pattern | undefined;

function compileFilter(rule: Rule, compile: Compile): readonly FieldPattern[] {
	const patterns = fieldsOf(rule.filter).flatMap((field) => {
		const pattern = compile(rule.filter[field] ?? '', filterPlace(field));
		return pattern === undefined ? [] : [{ field, pattern }];
	});
	const conditions = (rule.conditions ?? []).flatMap((condition, index): FieldPattern[] => {
		const { source, isNegated } = toConditionPattern(condition);
		const pattern = compile(source, ['Filter', 'Conditions', index, 'Value']);
		if (pattern === undefined) return [];
		const words = describeCondition(condition);
		return [
			{
				field: toTextField(condition),
				pattern,
				...(isNegated && { isNegated }),
				...(words !== undefined && { words }),
			},
		];
	});
	const all = [...patterns, ...conditions];
	// The body is read last, and only where nothing else has decided.
	return [
		...all.filter(({ field }) => !isOfBody(field)),
		...all.filter(({ field }) => isOfBody(field)),
	];
}

function compileCaptures(rule: Rule, compile: Compile, report: Report): readonly FieldPattern[] {
	const toCapture = (source: string, field: TextField, place: Place): readonly FieldPattern[] => {
		const pattern = compile(source, place);
		if (pattern === undefined) return [];
		if (pattern.groupNames.length === 0) report(place, noNamedGroup(source));
		return [{ field, pattern }];
	};
	const patterns = fieldsOf(rule.captures).flatMap((field) =>
		(rule.captures[field] ?? []).flatMap((source, index) =>
			toCapture(source, field, [...capturePlace(field), index]),
		),
	);
	const fields = (rule.fields ?? []).flatMap((captured, index) => {
		const row = ['Payload', 'Fields', index];
		const { name, how } = captured;
		if (how === 'pattern') {
			return toCapture(captured.pattern ?? '', toTextField(captured), [...row, 'Pattern']);
		}
		if (!isValueName(name ?? '')) {
			report([...row, 'Name'], noName(name ?? ''));
			return [];
		}
		if (how === 'between' && captured.after === undefined && captured.before === undefined)
			report([...row, 'After'], NO_ENDS);
		const field = how === 'cellRightOfLabel' ? toCells(captured) : toTextField(captured);
		const words = describeField(captured);
		return toCapture(toFieldPattern(captured), field, row).map((part) => ({ ...part, words }));
	});
	return [...patterns, ...fields];
}

/** Cells are seen where a tab divides them. */
function toCells(reference: MailFieldReference): TextField {
	return reference.field === 'body' ? 'cells' : toTextField(reference);
}

function compileRecords(rule: Rule, compile: Compile, report: Report): readonly CompiledRecords[] {
	return (rule.records ?? []).map((source, index) => {
		const row = ['Payload', 'Records', index];
		if (!isValueName(source.name)) report([...row, 'Name'], noName(source.name));
		if (source.pattern === undefined) return { source, pattern: undefined };
		const pattern = compile(source.pattern, [...row, 'Pattern']);
		if (pattern?.groupNames.length === 0) report([...row, 'Pattern'], noNamedGroup(source.pattern));
		return { source, pattern };
	});
}

function namesOf(captures: readonly FieldPattern[]): ReadonlySet<string> {
	return new Set(captures.flatMap(({ pattern }) => pattern.groupNames));
}

/** What is said about a value has to be about one that there is: anything else is a slip. */
function checkNames(
	rule: Rule,
	captured: ReadonlySet<string>,
	records: readonly CompiledRecords[],
	report: Report,
): void {
	const lists = new Set(records.map(({ source }) => source.name));
	// Which names tables and lines give is seen in the mail.
	const isOpen = rule.keyValueLines === true || lists.size > 0;
	const unknown = (key: string, names: readonly string[], known: readonly string[]): void => {
		for (const name of isOpen ? [] : names) {
			if (!captured.has(name) && !known.includes(name))
				report(key.split('.'), nameFault(`"${name}" is captured by no pattern`));
		}
	};
	const made = Object.keys({ ...rule.fixed, ...rule.texts });
	unknown('Payload.Types', Object.keys(rule.types ?? {}), []);
	unknown(
		'Payload.Maps',
		(rule.maps ?? []).map(({ name }) => name),
		[],
	);
	unknown('Payload.Defaults', Object.keys(rule.defaults ?? {}), []);
	unknown(
		'Payload.Texts',
		Object.values(rule.texts ?? {}).flatMap((text) => namesIn(String(text))),
		made,
	);
	checkAlert(
		rule,
		(key, names) => {
			unknown(key, names, made);
		},
		report,
	);
	const twice = (key: string, names: readonly string[], taken: readonly string[]): void => {
		for (const name of names.filter((one) => captured.has(one) || taken.includes(one)))
			report(['Payload', key], nameFault(`"${name}" is captured, too`));
	};
	twice('Fixed', Object.keys(rule.fixed ?? {}), [...lists]);
	twice('Texts', Object.keys(rule.texts ?? {}), [...lists]);
	twice('Records', [...lists], []);
}

function checkAlert(
	{ alertKey = [], alertAction, alertActions = [] }: Rule,
	check: (key: string, names: readonly string[]) => void,
	report: Report,
): void {
	check('Alert.Key', alertKey);
	check(
		'Alert.Actions',
		alertActions.map(({ name }) => name),
	);
	if (alertKey.length === 0 && (alertActions.length > 0 || alertAction !== undefined))
		report(['Alert', alertAction === undefined ? 'Actions' : 'Action'], NO_ALERT_KEY);
}

/** An alarm that never sounds must not look like one. */
function checkExpected(rule: Rule, report: Report): void {
	const { expectEvery, expectBy, expectOn, expectGrace } = rule;
	const fault = (key: string, problem: string, remedy: string): void => {
		report(['Expect', key], { code: 'configuration', problem, remedy });
	};
	if (expectEvery !== undefined && expectBy !== undefined)
		fault('By', 'mail is expected at an interval already.', 'Keep Every or By, not both.');
	if (expectBy === undefined && expectOn !== undefined)
		fault('On', 'there is no time of day by which mail is expected.', 'Add By, or remove it.');
	if (expectGrace !== undefined && (expectEvery ?? expectBy) === undefined)
		fault('Grace', 'no mail is expected.', 'Add Every or By, or remove it.');
}

const NO_ALERT_KEY: RuleFault = {
	code: 'configuration',
	problem: 'there is no alert key, so it would do nothing.',
	remedy: 'Name the values that tell alerts apart, or remove it.',
};

const NO_ENDS: RuleFault = {
	code: 'configuration',
	problem: 'neither the text before the value nor the one after it is given.',
	remedy: 'Write one of them, or choose another way to find the value.',
};

function noName(name: string): RuleFault {
	return {
		code: 'configuration',
		problem: `"${shorten(name)}" cannot be the name of a value.`,
		remedy: 'Use letters, digits and _, beginning with a letter.',
	};
}

function nameFault(problem: string): RuleFault {
	return {
		code: 'configuration',
		problem: `${problem}.`,
		remedy: 'Correct the name, or remove it.',
	};
}

function noNamedGroup(source: string): RuleFault {
	return {
		code: 'pattern',
		problem: `the pattern "${shorten(source)}" has no named group, so it captures nothing.`,
		remedy: 'Name what shall be captured, e.g. (?<value>.+).',
	};
}
