import type { IDataObject } from 'n8n-workflow';

import type { RuleExplanation } from '../core/explain';

/** Explanation of a rule -> the JSON of an item. */
export function toExplanationJson({
	rule,
	filtersMatched,
	patterns,
}: RuleExplanation): IDataObject {
	return {
		rule,
		filtersMatched,
		patterns: patterns.map((pattern) => ({ ...pattern, groups: { ...pattern.groups } })),
	};
}
