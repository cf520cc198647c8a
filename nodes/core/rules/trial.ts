import { shorten } from '../regex/errors';
import type { CompiledRule } from './compile-rule';
import type { Evaluation, RuleMatch, RuleRefusal } from './evaluate';
import type { Rule } from './rule';
import { fieldLabel } from './text-field';

/** A message of the past and what all rules say of it, whichever of them wins. */
export interface TriedMessage {
	readonly from: readonly string[];
	readonly subject: string;
	/** ISO 8601. */
	readonly receivedAt: string;
	readonly evaluation: Pick<Evaluation, 'matches' | 'refusals'>;
	/** Why it could not be judged; then no rule has said anything. */
	readonly failure?: string;
	/** What the rules of the other set say, where there is one; undefined where they could not be asked. */
	readonly other?: Pick<Evaluation, 'matches'> | undefined;
}

export interface TrialMessage {
	readonly from: string;
	readonly subject: string;
	readonly receivedAt: string;
	/** What kept it from being judged. */
	readonly reason?: string;
}

/** A message that the other set of rules treats differently. */
export interface TrialChange extends TrialMessage {
	/** The rules that take it in the other set; empty where none does. */
	readonly then: readonly string[];
	/** `host: "db1" -> "db2"`. */
	readonly payload: readonly string[];
}

/** What became of the messages under one rule, or under none. */
export interface TrialRow {
	readonly rule: string;
	/** Messages that the rule would take if it were the only one. */
	readonly matched: number;
	/** Messages that it delivers: no rule above takes them first. */
	readonly delivered: number;
	/** Lines with counts: what refused how many messages, the most frequent first. */
	readonly refusedBy: readonly string[];
	/** Values that messages of the rule do not have. */
	readonly missing: readonly string[];
	/** Other rules that match the same messages. */
	readonly overlaps: readonly string[];
	/** The newest messages, where no rule takes them. */
	readonly messages: readonly TrialMessage[];
	/** Only where there is another set of rules. */
	readonly changes: readonly TrialChange[];
}

/** The names of the rows that stand for no rule. */
export const NO_RULE = '(no rule)';
export const NOT_JUDGED = '(not judged)';

/** So much of a list, and of a text in it, is shown. */
const MOST_LINES = 20;
const MOST_MESSAGES = 50;
const SHOWN_LENGTH = 200;

/**
 * Counts, message by message, what rules make of a mailbox. Messages are added newest first; `rows` is the table: a row for
 * each rule, one for the messages that none takes and, where there are any, one for those that could not be judged.
 */
export class RuleTrial {
	private readonly ofRules: ReadonlyMap<Rule, RowTally>;
	private readonly ofNone = new RowTally(NO_RULE, []);
	private readonly failed = new RowTally(NOT_JUDGED, []);
	private changed = 0;

	constructor(rules: readonly CompiledRule[]) {
		this.ofRules = new Map(
			rules.map((compiled) => [compiled.rule, new RowTally(compiled.rule.name, namesOf(compiled))]),
		);
	}

	/** Messages that the other set of rules treats differently. */
	get changes(): number {
		return this.changed;
	}

	get rows(): readonly TrialRow[] {
		const rows = [...this.ofRules.values(), this.ofNone];
		return (this.failed.matched > 0 ? [...rows, this.failed] : rows).map((row) => row.toRow());
	}

	add(message: TriedMessage): void {
		const { evaluation, failure, other } = message;
		if (failure !== undefined) {
			this.failed.note(message, failure);
			return;
		}
		const { matches, refusals } = evaluation;
		const taken = takenOf(matches);
		for (const match of matches) this.ofRules.get(match.rule)?.match(match, message);
		for (const { rule } of taken) this.ofRules.get(rule)?.deliver();
		for (const { rule, reason } of refusals) this.ofRules.get(rule)?.refuse(reason);
		if (taken.length === 0) this.ofNone.note(message);
		if (other !== undefined) this.compare(message, taken, takenOf(other.matches));
	}

	private compare(
		message: TriedMessage,
		now: readonly RuleMatch[],
		then: readonly RuleMatch[],
	): void {
		const change = toChange(message, now, then);
		if (change === undefined) return;
		this.changed += 1;
		const [first] = now;
		const row = first === undefined ? this.ofNone : this.ofRules.get(first.rule);
		row?.change(change);
	}
}

/** The first rule that matches, and those behind it that it does not end. */
function takenOf(matches: readonly RuleMatch[]): readonly RuleMatch[] {
	const last = matches.findIndex(({ rule }) => rule.continue !== true);
	return last < 0 ? matches : matches.slice(0, last + 1);
}

function namesOf({ captures, records }: CompiledRule): readonly string[] {
	const names = captures.flatMap(({ pattern }) => pattern.groupNames);
	return [...new Set([...names, ...records.map(({ source }) => source.name)])];
}

/** How often something came, and the first message that it came with. */
class Counts {
	private readonly counts = new Map<
		string,
		{ times: number; readonly subject: string | undefined }
	>();

	add(what: string, subject?: string): void {
		const known = this.counts.get(what);
		if (known === undefined) this.counts.set(what, { times: 1, subject });
		else known.times += 1;
	}

	/** `Subject contains "alert": 12`, or `host: 3, such as "Disk full"`. */
	get lines(): readonly string[] {
		const sorted = [...this.counts].sort(([, left], [, right]) => right.times - left.times);
		return sorted.slice(0, MOST_LINES).map(([what, { times, subject }]) => {
			const example = subject === undefined ? '' : `, such as "${cut(subject)}"`;
			return `${what}: ${String(times)}${example}`;
		});
	}
}

class RowTally {
	matched = 0;
	private delivered = 0;
	private readonly refusedBy = new Counts();
	private readonly missing = new Counts();
	private readonly overlaps = new Counts();
	private readonly messages: TrialMessage[] = [];
	private readonly changes: TrialChange[] = [];

	constructor(
		private readonly name: string,
		/** Of the values that the rule captures. */
		private readonly names: readonly string[],
	) {}

	match({ rule, payload }: RuleMatch, { subject, evaluation }: TriedMessage): void {
		this.matched += 1;
		for (const name of this.names) {
			if (isMissing(payload[name])) this.missing.add(name, subject);
		}
		for (const other of evaluation.matches) {
			if (other.rule !== rule) this.overlaps.add(other.rule.name, subject);
		}
	}

	deliver(): void {
		this.delivered += 1;
	}

	refuse(reason: RuleRefusal['reason']): void {
		this.refusedBy.add(toWords(reason));
	}

	note(message: TriedMessage, reason?: string): void {
		this.matched += 1;
		if (this.messages.length === MOST_MESSAGES) return;
		this.messages.push({
			...toShown(message),
			...(reason !== undefined && { reason: cut(reason) }),
		});
	}

	change(change: TrialChange): void {
		if (this.changes.length < MOST_MESSAGES) this.changes.push(change);
	}

	toRow(): TrialRow {
		return {
			rule: this.name,
			matched: this.matched,
			delivered: this.delivered,
			refusedBy: this.refusedBy.lines,
			missing: this.missing.lines,
			overlaps: this.overlaps.lines,
			messages: this.messages,
			changes: this.changes,
		};
	}
}

/** A rule may put an empty text in place of what is missing. */
function isMissing(value: unknown): boolean {
	return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function toWords(reason: RuleRefusal['reason']): string {
	switch (reason.kind) {
		case 'filter':
			return `${fieldLabel(reason.field)} ${shorten(reason.pattern)}`;
		case 'allFilters':
			return `None of ${reason.fields.map(fieldLabel).join(', ')}`;
		case 'captureMissing':
			return `${reason.group} is missing`;
		case 'notOfType':
			return `${reason.group} is no ${reason.type}`;
	}
}

function toChange(
	message: TriedMessage,
	now: readonly RuleMatch[],
	then: readonly RuleMatch[],
): TrialChange | undefined {
	const names = then.map(({ rule }) => rule.name);
	const isSameRules =
		now.length === then.length && now.every(({ rule }, index) => rule.name === names[index]);
	const payload = now.flatMap((match, index) => {
		const other = then[index];
		return other === undefined ? [] : differences(match.payload, other.payload);
	});
	if (isSameRules && payload.length === 0) return undefined;
	return { ...toShown(message), then: names, payload: payload.slice(0, MOST_LINES) };
}

function differences(now: RuleMatch['payload'], then: RuleMatch['payload']): readonly string[] {
	const names = [...new Set([...Object.keys(now), ...Object.keys(then)])];
	return names.flatMap((name) => {
		const [before, after] = [now, then].map((payload) =>
			Object.hasOwn(payload, name) ? JSON.stringify(payload[name]) : 'nothing',
		);
		return before === after ? [] : [`${name}: ${cut(before)} -> ${cut(after)}`];
	});
}

function toShown({ from, subject, receivedAt }: TriedMessage): TrialMessage {
	return { from: cut(from.join(', ')), subject: cut(subject), receivedAt };
}

function cut(text = ''): string {
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
