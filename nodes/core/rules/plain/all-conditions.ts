import type { Rule } from '../rule';
import { fieldsOf } from '../text-field';
import type { Condition } from './conditions';
import type { CapturedField } from './fields';
import { toMailField } from './fields-of-mail';

/** All filters of a rule as conditions, those with patterns first. */
export function allConditions({ filter, conditions = [] }: Rule): readonly Condition[] {
	const patterns = fieldsOf(filter).map((field): Condition => {
		const { [field]: value = '' } = filter;
		return { ...toMailField(field), operator: 'matches', value };
	});
	return [...patterns, ...conditions];
}

/** All captures of a rule as captured fields, those with patterns first. */
export function allFields({ captures, fields = [] }: Rule): readonly CapturedField[] {
	const patterns = fieldsOf(captures).flatMap((field) =>
		(captures[field] ?? []).map((pattern): CapturedField => ({
			...toMailField(field),
			how: 'pattern',
			pattern,
		})),
	);
	return [...patterns, ...fields];
}
