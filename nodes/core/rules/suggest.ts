import type { Condition } from './plain/conditions';
import type { CapturedField } from './plain/fields';
import { readKeyValue, toLines } from './plain/key-values';
import { readTable } from './plain/records';
import type { Rule } from './rule';

/** What a proposal is made of: a message as a rule sees it. */
export interface SampleMessage {
	readonly from: readonly string[];
	readonly subject: string;
	readonly text: string;
	/** The text with a tab between the cells of a table. */
	readonly cells?: string;
}

const MAX_FIELDS = 20;
const MIN_SUBJECT = 4;
/** With fewer labels a message is a text of its own, such as the output of a program. */
const FEW_LABELS = 2;
const WHOLE_TEXT: CapturedField = { name: 'text', field: 'body', how: 'wholeField' };

/**
 * Proposes a rule for messages of one kind: their sender, the constant part of their subject, the labels that all of them
 * have, and a table; where there is hardly any, the whole text. The same messages always give the same rule.
 */
export function suggestRule(samples: readonly [SampleMessage, ...SampleMessage[]]): Rule {
	const [sample] = samples;
	const sender = sample.from[0] ?? '';
	const subject = constantSubject(samples.map((message) => message.subject));
	const conditions = [
		...sameSender(samples, sender),
		...(subject === '' ? [] : [toCondition('subject', 'startsWith', subject)]),
	];
	const hasTable = samples.every((message) => tableOf(message).length > 1);
	const labels = commonLabels(samples);
	return {
		name: subject === '' ? `Mail from ${sender === '' ? 'anyone' : sender}` : subject,
		filter: {},
		captures: { from: [], subject: [], body: [] },
		...(conditions.length > 0 && { conditions }),
		fields: [
			{ name: 'subject', field: 'subject', how: 'wholeField' },
			...labels,
			...(labels.length < FEW_LABELS && !hasTable ? [WHOLE_TEXT] : []),
		],
		...(hasTable && { records: [{ name: 'rows', how: 'table' }] }),
		whenMissing: 'leaveOut',
		cleanUp: { action: 'none' },
	};
}

/**
 * Proposes a rule for the messages that are like one: those of its sender whose subject begins the same way. The more there
 * are, the surer the labels.
 */
export function suggestRuleFor(sample: SampleMessage, others: readonly SampleMessage[]): Rule {
	const sender = sample.from[0]?.toLowerCase();
	const start = constantSubject([sample.subject]).toLowerCase();
	const alike = others.filter(
		({ from, subject }) =>
			from[0]?.toLowerCase() === sender && subject.toLowerCase().startsWith(start),
	);
	// Subjects of one kind may begin with the same host or number by chance: one message tells what is constant.
	const { name, conditions } = suggestRule([sample]);
	return { ...suggestRule([sample, ...alike]), name, ...(conditions && { conditions }) };
}

function toCondition(
	field: Condition['field'],
	operator: Condition['operator'],
	value: string,
): Condition {
	return { field, operator, value };
}

/** The address, or where only that is the same, its domain. */
function sameSender(samples: readonly SampleMessage[], sender: string): readonly Condition[] {
	const addresses = samples.map(({ from }) => from[0]?.toLowerCase() ?? '');
	if (sender === '') return [];
	if (addresses.every((address) => address === sender.toLowerCase())) {
		return [toCondition('from', 'equals', sender)];
	}
	const domain = domainOf(sender.toLowerCase());
	const isSame = domain !== '' && addresses.every((address) => domainOf(address) === domain);
	return isSame ? [toCondition('senderDomain', 'equals', domain)] : [];
}

function domainOf(address: string): string {
	const at = address.lastIndexOf('@');
	return at < 0 ? '' : address.slice(at + 1);
}

/** What all subjects begin with, in whole words; of one, what stands before its first number, colon or bracket's end. */
function constantSubject(subjects: readonly string[]): string {
	const [first = '', ...others] = subjects;
	const words = first.split(' ');
	const isOne = others.every((other) => other === first);
	const end = isOne
		? endOfConstant(words)
		: words.findIndex((word, index) =>
				others.some((other) => other.split(' ')[index]?.toLowerCase() !== word.toLowerCase()),
			);
	const text = words.slice(0, end < 0 ? words.length : end).join(' ');
	return text.trim().length < MIN_SUBJECT ? '' : text.trim();
}

function endOfConstant(words: readonly string[]): number {
	const mark = words.findIndex((word) => /[:\]]$/.test(word));
	const digit = words.findIndex((word) => /\d/.test(word));
	if (mark >= 0 && (digit < 0 || mark < digit)) return mark + 1;
	return digit;
}

/** A captured field for each label that every message has, outside of its table. */
function commonLabels(samples: readonly SampleMessage[]): readonly CapturedField[] {
	const [first = new Map<string, string>(), ...others] = samples.map(labelsOf);
	return [...first]
		.filter(([key]) => key !== 'subject' && others.every((labels) => labels.has(key)))
		.slice(0, MAX_FIELDS)
		.map(([name, label]): CapturedField => ({ name, field: 'body', how: 'afterLabel', label }));
}

/** Labels by the keys that are made of them. */
function labelsOf({ text }: SampleMessage): ReadonlyMap<string, string> {
	const labels = new Map<string, string>();
	for (const line of toLines(text)) {
		const found = readKeyValue(line.replace(/\r$/, ''));
		if (found === undefined || labels.has(found.key)) continue;
		const sign = line.slice(line.indexOf(found.label) + found.label.length).trimStart()[0];
		labels.set(found.key, `${found.label}${sign === ':' || sign === '=' ? sign : ''}`);
	}
	return labels;
}

/** The rows of the table; labels with their values in two columns are none. `C:` is the name of a disk, not a label. */
function tableOf({ text, cells = text }: SampleMessage): readonly unknown[] {
	const rows = readTable(cells);
	const isOfLabels = rows.every((row) => /\S\S:$/.test(String(Object.values(row)[0] ?? '')));
	return isOfLabels ? [] : rows;
}
