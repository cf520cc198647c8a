import type { CompiledRule } from './compile-rules';
import type { Pattern, PatternMatch } from './regex/pattern';
import { TEXT_FIELDS } from './rule';
import type { Payload, TextField } from './rule';

/** The payload, or the group that had to take part and did not. */
export type CaptureOutcome =
	| { readonly kind: 'captured'; readonly payload: Payload }
	| { readonly kind: 'missing'; readonly group: string };

/**
 * Runs the captures of a rule in the order From, Subject, Body; where a name is captured twice, the later capture wins.
 *
 * @param find the first match of a pattern in a field of the message
 */
export function capturePayload(
	rule: CompiledRule,
	find: (pattern: Pattern, field: TextField) => PatternMatch | undefined,
): CaptureOutcome {
	// A Map, because group names come from users: "__proto__" is as good as any other.
	const captured = new Map<string, string | undefined>();
	for (const field of TEXT_FIELDS) {
		for (const pattern of rule.captures[field]) {
			const match = find(pattern, field);
			for (const name of pattern.groupNames) {
				captured.set(name, match?.groups.get(name) ?? captured.get(name));
			}
		}
	}
	return toPayload(captured, rule.rule.whenMissing);
}

function toPayload(
	captured: ReadonlyMap<string, string | undefined>,
	whenMissing: CompiledRule['rule']['whenMissing'],
): CaptureOutcome {
	const entries: Array<readonly [string, string]> = [];
	for (const [name, value] of captured) {
		if (value !== undefined) entries.push([name, value]);
		else if (whenMissing === 'emptyString') entries.push([name, '']);
		else if (whenMissing === 'refuse') return { kind: 'missing', group: name };
	}
	return { kind: 'captured', payload: Object.fromEntries(entries) };
}
