import type { CompiledRule, FieldPattern } from './compile-rules';
import type { MatchBudget, PatternMatch } from '../regex/pattern';
import type { Payload } from './rule';
import { convertText } from './typed-value';
import type { PayloadValue, ValueType } from './typed-value';

/** A value that the rule asks for and the message does not have: nothing was captured, or not what the type says. */
export type CaptureRefusal =
	| { readonly kind: 'captureMissing'; readonly group: string }
	| {
			readonly kind: 'notOfType';
			readonly group: string;
			readonly type: ValueType['kind'];
			readonly text: string;
	  };

/** The payload, or why there is none. */
export type CaptureOutcome =
	{ readonly kind: 'captured'; readonly payload: Payload } | CaptureRefusal;

/** Finds the matches of a pattern in its field of the message: the ones that count. */
type Find = (capture: FieldPattern) => Promise<readonly PatternMatch[]>;

/** Runs the captures of a rule in the order of their fields; where a name is captured twice, the later capture wins. */
export async function capturePayload(
	{ rule, captures }: CompiledRule,
	find: Find,
	budget: MatchBudget,
): Promise<CaptureOutcome> {
	const entries: Array<readonly [string, Payload[string]]> = [];
	for (const [name, texts] of await captureTexts(captures, find)) {
		const type = typeOf(rule, name);
		const values: PayloadValue[] = [];
		// What was not captured at all is missing once.
		for (const text of texts.length === 0 ? [undefined] : texts) {
			const value = convertWithin(budget, text, type);
			if (value !== undefined) values.push(value);
			else if (rule.whenMissing === 'emptyString') values.push('');
			else if (rule.whenMissing === 'refuse') return toRefusal(name, text, type);
		}
		const [first] = values;
		if (first === undefined) continue;
		entries.push([name, rule.matches === 'all' && texts.length > 0 ? values : first]);
	}
	return {
		kind: 'captured',
		payload: Object.fromEntries([...entries, ...Object.entries(rule.fixed ?? {})]),
	};
}

/** Conversions take from the time that the patterns of the message have. */
function convertWithin(
	budget: MatchBudget,
	text: string | undefined,
	type: ValueType,
): PayloadValue | undefined {
	if (text === undefined || type.kind === 'text') return text;
	return budget.charge(type.kind, text, () => convertText(text, type));
}

/** The type of a captured value: text unless the rule gives it another. */
export function typeOf({ types = {} }: CompiledRule['rule'], name: string): ValueType {
	return (Object.hasOwn(types, name) ? types[name] : undefined) ?? { kind: 'text' };
}

async function captureTexts(
	captures: readonly FieldPattern[],
	find: Find,
): Promise<ReadonlyMap<string, readonly string[]>> {
	// A Map, because group names come from users: "__proto__" is as good as any other.
	const captured = new Map<string, readonly string[]>();
	for (const capture of captures) {
		const matches = await find(capture);
		for (const name of capture.pattern.groupNames) {
			const texts = textsOf(matches, name);
			captured.set(name, texts.length > 0 ? texts : (captured.get(name) ?? []));
		}
	}
	return captured;
}

/** What a group captured, match by match; those in which it took no part are left out. */
export function textsOf(matches: readonly PatternMatch[], name: string): readonly string[] {
	return matches.flatMap(({ groups }) => groups.get(name) ?? []);
}

function toRefusal(group: string, text: string | undefined, type: ValueType): CaptureRefusal {
	return text === undefined
		? { kind: 'captureMissing', group }
		: { kind: 'notOfType', group, type: type.kind, text };
}
