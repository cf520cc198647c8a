import type { Place } from '../../core/errors';
import type { RuleWords } from '../../core/rules/compile-rules';
import type { FormVersion, RuleKey } from '../../core/rules/keys/rule-key';
import { keysOfForm } from '../../core/rules/keys/rule-keys';

/** What a form calls a place: `Body Captures, pattern 1 of rule Knock Knock`. */
export function formWords(version: FormVersion): RuleWords {
	return ({ index, name, place }) => {
		const rule = `rule ${name === '' ? String(index + 1) : name}`;
		if (place.length === 0) return rule.replace(/^r/, 'R');
		const key = keysOfForm(version).find(({ json }) => isWithin(place, json.split('.')));
		if (key === undefined) return `${place.join('.')} of ${rule}`;
		const rest = place.slice(key.group === undefined ? 1 : 2);
		return `${[key.label, ...rest.map((part) => toWords(key, part))].join(', ')} of ${rule}`;
	};
}

function isWithin(place: Place, key: Place): boolean {
	return key.every((part, index) => place[index] === part);
}

function toWords({ kind }: RuleKey, part: string | number): string {
	if (typeof part === 'string') {
		return kind.columns?.find(({ json }) => json === part)?.label ?? part;
	}
	const entry = kind.type.startsWith('patterns') ? 'pattern' : 'row';
	return `${entry} ${String(part + 1)}`;
}
