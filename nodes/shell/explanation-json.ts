import type { IDataObject } from 'n8n-workflow';

import type { RuleExplanation } from '../core/rules/explain';

/** Explanation of a rule -> the JSON of an item. */
export function toExplanationJson({
	rule,
	filtersMatched,
	patterns,
	values,
	fixed,
}: RuleExplanation): IDataObject {
	return {
		rule,
		filtersMatched,
		patterns: patterns.map((pattern) => ({ ...pattern, groups: { ...pattern.groups } })),
		...(values !== undefined && { values: values.map((value) => ({ ...value })) }),
		...(fixed !== undefined && { fixed: { ...fixed } }),
	};
}
