import type { Place } from '../../core/errors';
import type { RuleWords } from '../../core/rules/compile-rules';
import { RULE_KEYS } from '../../core/rules/keys/rule-keys';
import type { RuleKey } from '../../core/rules/keys/rule-key';

/** What the form calls a place: `Body Captures, pattern 1 of rule Knock Knock`. */
export const FORM_WORDS: RuleWords = ({ index, name, place }) => {
	const rule = `rule ${name === '' ? String(index + 1) : name}`;
	if (place.length === 0) return rule.replace(/^r/, 'R');
	const key = RULE_KEYS.find(({ json }) => isWithin(place, json.split('.')));
	if (key === undefined) return `${place.join('.')} of ${rule}`;
	const rest = place.slice(key.group === undefined ? 1 : 2);
	return `${[key.label, ...rest.map((part) => toWords(key, part))].join(', ')} of ${rule}`;
};

function isWithin(place: Place, key: Place): boolean {
	return key.every((part, index) => place[index] === part);
}

function toWords({ kind }: RuleKey, part: string | number): string {
	if (typeof part === 'string') return part;
	return `${kind.type === 'patterns' || kind.type === 'patternsByHeader' ? 'pattern' : 'row'} ${String(part + 1)}`;
}
