import { expect, it } from 'vitest';

import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { describeRule } from '../../../nodes/core/rules/describe-rule';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';

const describeJson = (rule: object) =>
	compileRules(parseRules([{ Name: 'R', ...rule }])).map(describeRule);

it.each<[object, string]>([
	[{}, 'every message'],
	[
		{
			Filter: { From: '^tri', Subject: '^alert' },
			Payload: { BodyCaptures: ['Spoon: (?<spoon>.+)', 'Skills: (?<skills>.+)'] },
			CleanUp: { Action: 'MoveToFolder', Folder: 'Processed', DeleteAfterDays: 30 },
			Uri: 'https://alerts.example.com/',
			Username: 'neo',
			Password: 'white-rabbit',
		},
		'From ^tri and Subject ^alert; captures spoon, skills; moves to Processed and deletes after 30 days',
	],
	[
		{ Filter: { From: 'a', Body: 'b', Match: 'Any' }, CleanUp: { Action: 'Delete' } },
		'From a or Body b; deletes',
	],
])('says in one line what a rule does: %j', (rule, line) => {
	expect(describeJson(rule)).toEqual([line]);
});
