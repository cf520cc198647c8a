import type { CompiledRule, FieldPattern } from './compile-rules';
import type { PatternMatch } from './regex/pattern';
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

/**
 * Runs the captures of a rule in the order of their fields; where a name is captured twice, the later capture wins.
 *
 * @param find the first match of a pattern in its field of the message
 */
export async function capturePayload(
	{ rule, captures }: CompiledRule,
	find: (capture: FieldPattern) => Promise<PatternMatch | undefined>,
): Promise<CaptureOutcome> {
	const entries: Array<readonly [string, PayloadValue]> = [];
	for (const [name, text] of await captureTexts(captures, find)) {
		const type = typeOf(rule, name);
		const value = text === undefined ? undefined : convertText(text, type);
		if (value !== undefined) entries.push([name, value]);
		else if (rule.whenMissing === 'emptyString') entries.push([name, '']);
		else if (rule.whenMissing === 'refuse') return toRefusal(name, text, type);
	}
	return {
		kind: 'captured',
		payload: Object.fromEntries([...entries, ...Object.entries(rule.fixed ?? {})]),
	};
}

/** The type of a captured value: text unless the rule gives it another. */
export function typeOf({ types = {} }: CompiledRule['rule'], name: string): ValueType {
	return (Object.hasOwn(types, name) ? types[name] : undefined) ?? { kind: 'text' };
}

async function captureTexts(
	captures: readonly FieldPattern[],
	find: (capture: FieldPattern) => Promise<PatternMatch | undefined>,
): Promise<ReadonlyMap<string, string | undefined>> {
	// A Map, because group names come from users: "__proto__" is as good as any other.
	const captured = new Map<string, string | undefined>();
	for (const capture of captures) {
		const match = await find(capture);
		for (const name of capture.pattern.groupNames) {
			captured.set(name, match?.groups.get(name) ?? captured.get(name));
		}
	}
	return captured;
}

function toRefusal(group: string, text: string | undefined, type: ValueType): CaptureRefusal {
	return text === undefined
		? { kind: 'captureMissing', group }
		: { kind: 'notOfType', group, type: type.kind, text };
}
