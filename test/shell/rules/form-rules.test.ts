import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { writeRule } from '../../../nodes/core/rules/json/rules';
import { findGaps, toIngest } from '../../../nodes/core/rules/json/write-alertmagic';
import { allConditions, allFields } from '../../../nodes/core/rules/plain/all-conditions';
import type { Rule } from '../../../nodes/core/rules/rule';
import { readRules } from '../../../nodes/shell/rules/read-rules';
import { toFormRule } from '../../../nodes/shell/rules/form-rules';
import { ingests, rules } from '../../support/rule-arbitraries';

const readVisual = (list: readonly Rule[]): readonly Rule[] =>
	readRules((name) => ({ rulesSource: 'visual', rules: { row: list.map(toFormRule) } })[name]);

/** A rule whose patterns stand where the form has them, which is the same rule. */
const asInForm = (rule: Rule): Rule => {
	const [conditions, fields] = [allConditions(rule), allFields(rule)];
	return {
		...rule,
		filter: {},
		captures: { from: [], subject: [], body: [] },
		...(conditions.length > 0 && { conditions }),
		...(fields.length > 0 && { fields }),
	};
};

describe('a rule and its row in the form', () => {
	it('say the same, whatever the rule is', () => {
		fc.assert(
			fc.property(rules, (list) => {
				expect(readVisual(list)).toEqual(list.map(asInForm));
			}),
		);
	});

	it('are one to one: the row that is read and written again is the same row', () => {
		fc.assert(
			fc.property(rules, (list) => {
				expect(readVisual(list).map(toFormRule)).toEqual(list.map(toFormRule));
			}),
		);
	});

	it('export the same', () => {
		fc.assert(
			fc.property(rules, (list) => {
				expect(readVisual(list).map(toIngest)).toEqual(list.map(toIngest));
			}),
		);
	});
});

describe('a rule and its JSON', () => {
	it('say the same, whatever the rule is', () => {
		fc.assert(
			fc.property(rules, (list) => {
				const text = JSON.stringify(list.map(writeRule));
				expect(parseRules(text, 'Rules (JSON)')).toEqual(list);
			}),
		);
	});
});

describe('everything that AlertMagic can express', () => {
	it('comes out as the same JSON after it has been in the form', () => {
		fc.assert(
			fc.property(ingests, (list) => {
				const shown = readVisual(parseRules(list));
				expect(shown.flatMap(findGaps)).toEqual([]);
				expect(shown.map(toIngest)).toEqual(list);
			}),
		);
	});

	it('comes out as the same row after it has been JSON', () => {
		fc.assert(
			fc.property(ingests, (list) => {
				const rows = parseRules(list).map(toFormRule);
				const exported: unknown = JSON.parse(JSON.stringify(parseRules(list).map(toIngest)));
				expect(parseRules(exported).map(toFormRule)).toEqual(rows);
			}),
		);
	});
});
