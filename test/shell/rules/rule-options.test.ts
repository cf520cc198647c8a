import { describe, expect, it } from 'vitest';

import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { readRules } from '../../../nodes/shell/rules/read-rules';
import { ruleFields } from '../../../nodes/shell/rules/form-fields';
import type { FormRule } from '../../../nodes/shell/rules/form-rules';

const readVisual = (...rule: readonly FormRule[]) =>
	readRules((name) => ({ rulesSource: 'visual', rules: { rule } })[name]);

const BASE: FormRule = { name: 'R', subjectCaptures: ['(?<a>.)'] };
const BASE_JSON = { Name: 'R', Payload: { SubjectCaptures: ['(?<a>.)'] } };

/** Each option of the form and the JSON that says the same. */
const OPTIONS: ReadonlyArray<[string, unknown, object]> = [
	['match', 'any', { Filter: { Match: 'Any' } }],
	['match', 'all', { Filter: { Match: 'All' } }],
	['ignoreCase', true, { IgnoreCase: true }],
	['anySender', true, { Filter: { AnySender: true } }],
	['textFrom', 'htmlFirst', { TextFrom: 'HtmlFirst' }],
	['continue', true, { Continue: true }],
	['matches', 'all', { Payload: { Matches: 'All' } }],
	['matches', 'first', { Payload: { Matches: 'First' } }],
	['authenticated', 'aligned', { Filter: { Authenticated: 'Aligned' } }],
	['trustedBy', 'mx.example.org', { Filter: { TrustedBy: 'mx.example.org' } }],
	['toFilter', '^a', { Filter: { To: '^a' } }],
	['ccFilter', '^a', { Filter: { Cc: '^a' } }],
	['attachmentNameFilter', '^a', { Filter: { AttachmentName: '^a' } }],
	[
		'headerFilters',
		{
			header: [
				{ name: 'X-A', pattern: '^1' },
				{ name: 'X-B', pattern: '^2' },
			],
		},
		{ Filter: { Headers: { 'X-A': '^1', 'X-B': '^2' } } },
	],
	['toCaptures', ['(?<b>.)'], { Payload: { ToCaptures: ['(?<b>.)'] } }],
	['ccCaptures', ['(?<b>.)'], { Payload: { CcCaptures: ['(?<b>.)'] } }],
	['attachmentNameCaptures', ['(?<b>.)'], { Payload: { AttachmentNameCaptures: ['(?<b>.)'] } }],
	[
		'headerCaptures',
		{
			header: [
				{ name: 'X-A', pattern: '(?<b>.)' },
				{ name: 'X-A', pattern: '(?<c>.)' },
			],
		},
		{ Payload: { HeaderCaptures: { 'X-A': ['(?<b>.)', '(?<c>.)'] } } },
	],
	['types', { value: [{ name: 'a', type: 'boolean' }] }, { Payload: { Types: { a: 'Boolean' } } }],
	['types', { value: [{ name: 'a' }] }, { Payload: { Types: { a: 'Number' } } }],
	[
		'types',
		{ value: [{ name: 'a', type: 'number', numberFormat: '1.234,5', dateFormat: 'old' }] },
		{ Payload: { Types: { a: { Type: 'Number', Format: '1.234,5' } } } },
	],
	[
		'types',
		{ value: [{ name: 'a', type: 'date', numberFormat: '1234.5', dateFormat: 'd.M.yyyy' }] },
		{ Payload: { Types: { a: { Type: 'Date', Format: 'd.M.yyyy' } } } },
	],
	[
		'fixed',
		{
			value: [
				{ name: 'team', value: 'network' },
				{ name: 'level', value: 2 },
			],
		},
		{ Payload: { Fixed: { team: 'network', level: 2 } } },
	],
];

describe('each option of a rule in the form', () => {
	it.each(OPTIONS)('%s as %j says what JSON says', (option, value, json) => {
		const more = json as { Payload?: object };
		const merged = { ...BASE_JSON, ...json, Payload: { ...BASE_JSON.Payload, ...more.Payload } };
		expect(readVisual({ ...BASE, options: { [option]: value } })).toEqual(parseRules([merged]));
	});

	it('has a row in this test', () => {
		const shown = (ruleFields({ version: 1, cleanUp: true }).at(-1)?.options ?? []).map(
			({ name }) => name,
		);
		expect(new Set(OPTIONS.map(([option]) => option))).toEqual(new Set(shown));
	});

	it('that is not there leaves the rule as AlertMagic knows it', () => {
		expect(readVisual({ ...BASE, options: {} })).toEqual(parseRules([BASE_JSON]));
	});
});

describe('a fault in an option', () => {
	it.each<[string, FormRule, string]>([
		[
			'a header named twice',
			{
				headerFilters: {
					header: [
						{ name: 'X-A', pattern: '1' },
						{ name: 'X-A', pattern: '2' },
					],
				},
			},
			'Header Filters of rule R has the name "X-A" twice.',
		],
		[
			'a row without a name',
			{ fixed: { value: [{ value: 'x' }] } },
			'Fixed Values of rule R has a row without a name.',
		],
		[
			'a header name that is none',
			{ headerFilters: { header: [{ name: 'X A', pattern: '1' }] } },
			'Header Filters, X A of rule R is no name of a header field.',
		],
		[
			'a date format',
			{ types: { value: [{ name: 'a', type: 'date', dateFormat: 'dd.MM' }] } },
			'Types, a, Format of rule R "dd.MM" needs one year.',
		],
	])('names the field on the screen: %s', (_what, options, message) => {
		expect(() => readVisual({ ...BASE, options })).toThrow(message);
	});
});
