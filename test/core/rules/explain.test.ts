import { describe, expect, it } from 'vitest';

import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { explainRules } from '../../../nodes/core/rules/explain';
import { MatchBudget } from '../../../nodes/core/regex/pattern';

const RULE = {
	Name: 'Knock Knock',
	Filter: { From: '^smith', Subject: 'up (?<who>\\w+)' },
	Payload: { BodyCaptures: ['Spoon: (?<spoon>[^\\n]+)', '(?<=ticket )(?<ticket>\\d+)'] },
};

const explain = (text: string, totalMs = 1000, rule: object = RULE) =>
	explainRules(
		compileRules(parseRules([rule])),
		{
			from: ['trinity@zion.com'],
			subject: 'Wake up Neo',
			body: { text, source: 'text', truncated: false },
		},
		{
			budget: new MatchBudget({ clock: () => performance.now(), totalMs }),
			pause: () => Promise.resolve(),
		},
	);

describe('the explanation of a rule', () => {
	it('tells of each filter and capture what it found, where, and with which engine', async () => {
		expect(await explain('Hello\r\nSpoon: false\r\n')).toEqual([
			{
				rule: 'Knock Knock',
				filtersMatched: false,
				patterns: [
					{
						use: 'filter',
						field: 'from',
						pattern: '^smith',
						engine: 'linear',
						matched: false,
						text: null,
						reason: 'Not found in "trinity@zion.com".',
						position: null,
						groups: {},
					},
					{
						use: 'filter',
						field: 'subject',
						pattern: 'up (?<who>\\w+)',
						engine: 'linear',
						matched: true,
						text: 'up Neo',
						reason: null,
						position: 5,
						groups: { who: 'Neo' },
					},
					{
						use: 'capture',
						field: 'body',
						pattern: 'Spoon: (?<spoon>[^\\n]+)',
						engine: 'linear',
						matched: true,
						text: 'Spoon: false',
						reason: null,
						position: 6,
						groups: { spoon: 'false' },
					},
					{
						use: 'capture',
						field: 'body',
						pattern: '(?<=ticket )(?<ticket>\\d+)',
						engine: 'timeLimited',
						matched: false,
						text: null,
						reason: 'Not found in "Hello\\nSpoon: false\\n".',
						position: null,
						groups: {},
					},
				],
			},
		]);
	});

	it('cuts long matches to a readable length', async () => {
		const [rule] = await explain(`Spoon: ${'x'.repeat(1000)}`);
		expect(rule?.patterns[2]?.text).toHaveLength(201);
	});

	it('says which pattern could not be decided instead of failing', async () => {
		const hostile = { Name: 'R', Filter: { Body: '(?<!x)(a+)+$' } };
		const [rule] = await explain(`${'a'.repeat(5_000)}!`, 50, hostile);
		expect(rule?.patterns[0]).toMatchObject({
			matched: false,
			text: null,
			reason: expect.stringMatching(/not decided/) as unknown,
		});
	});
});
