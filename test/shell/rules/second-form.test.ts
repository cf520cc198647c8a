import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { ruleFields } from '../../../nodes/shell/rules/form-fields';
import { readRules, readRuleWords } from '../../../nodes/shell/rules/read-rules';
import { rulesProperties } from '../../../nodes/shell/rules/rules-description';

const FIELDS = ruleFields({ version: 2, cleanUp: true });
const entriesOf = ({ options = [] }: INodeProperties): readonly INodeProperties[] =>
	options.flatMap((option) => {
		if ('values' in option) return (option satisfies INodePropertyCollection).values;
		return 'type' in option ? [option] : [];
	});
const OPTIONS = FIELDS.filter(({ name }) => name === 'options').flatMap(entriesOf);

const parametersOf = (row: readonly object[]) => (name: string) =>
	({ rulesSource: 'visual', rules: { row } })[name];
const read = (...row: readonly object[]) => readRules(parametersOf(row));
const compile = (...row: readonly object[]) =>
	compileRules(read(...row), readRuleWords(parametersOf(row)));

describe('the form of version 2', () => {
	it('shows name, conditions, captured fields and clean-up, and one Rule Options', () => {
		expect(FIELDS.map(({ displayName }) => displayName)).toEqual([
			'Name',
			'Conditions',
			'Captured Fields',
			'Clean Up',
			'Folder',
			'Delete After Days',
			'Rule Options',
		]);
		const hidden = FIELDS.filter(({ displayOptions }) => displayOptions !== undefined);
		expect(hidden.map(({ name }) => name)).toEqual(['cleanUpFolder', 'deleteAfterDays']);
	});

	it('describes every option, sorted by name', () => {
		const names = OPTIONS.map(({ displayName }) => displayName);
		expect(names).toEqual([...names].sort((left, right) => left.localeCompare(right)));
		for (const { name, description } of [...OPTIONS, ...FIELDS]) {
			if (name !== 'options') expect(description, name).toMatch(/^[A-Z].{10,}/u);
		}
	});

	it('speaks of no groups and no filters', () => {
		const words = JSON.stringify(FIELDS.map((field) => ({ ...field, options: [] })));
		expect(words).not.toMatch(/group|filter|regex/iu);
		expect(OPTIONS.map(({ displayName }) => displayName).join()).not.toMatch(/group|filter/iu);
	});

	it('has words for every choice', () => {
		const columns = FIELDS.flatMap(entriesOf).filter(({ type }) => type === 'options');
		expect(columns.map(({ displayName }) => displayName)).toContain('Operator');
		for (const { options = [], default: value } of columns) {
			expect(options.map((option) => ('value' in option ? option.value : ''))).toContain(value);
		}
	});

	it('is that of nodes of version 2, and the first one that of version 1', () => {
		const forms = rulesProperties({ account: true, cleanUp: true, secondForm: true }).filter(
			({ name }) => name === 'rules',
		);
		expect(forms.map(({ displayOptions }) => displayOptions?.show?.['@version'])).toEqual([
			[1],
			[{ _cnd: { gte: 2 } }],
		]);
		for (const { default: rules } of forms) {
			const rule = readRules((name) => ({ rulesSource: 'visual', rules })[name]);
			expect(compileRules(rule)[0]?.captures.map(({ field }) => field)).toEqual([
				'from',
				'subject',
			]);
		}
	});
});

describe('a rule of the form of version 2', () => {
	it('says what its JSON says, and what n8n leaves out has its default', () => {
		const row = {
			name: 'Disk',
			conditions: {
				row: [
					{ value: 'disk' },
					{ field: 'from', operator: 'isOneOf', value: 'old', values: ['a', ''] },
				],
			},
			fields: {
				row: [
					{ name: 'host', label: 'Host:' },
					{ name: 'old', how: 'pattern', pattern: '(?<x>.)', field: 'header', header: 'X-A' },
				],
			},
			cleanUpAction: 'flag',
			cleanUpFolder: 'old',
			options: {
				keyValueLines: true,
				records: { row: [{ name: 'disks' }, { name: 'all', how: 'blocks', column: 'old' }] },
				maps: { row: [{ name: 'host', from: '', to: 'any' }] },
				defaults: { value: [{ name: 'host', value: 'unknown' }] },
				texts: { value: [{ name: 'title', value: '{host}' }] },
				whenMissing: 'refuse',
			},
		};
		const json = {
			Name: 'Disk',
			Filter: {
				Conditions: [
					{ Field: 'Subject', Operator: 'Contains', Value: 'disk' },
					{ Field: 'From', Operator: 'IsOneOf', Values: ['a'] },
				],
			},
			Payload: {
				Fields: [
					{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' },
					{ Field: 'Header', Header: 'X-A', How: 'Pattern', Pattern: '(?<x>.)' },
				],
				KeyValueLines: true,
				Records: [
					{ Name: 'disks', How: 'Table' },
					{ Name: 'all', How: 'Blocks' },
				],
				Maps: [{ Name: 'host', To: 'any' }],
				Defaults: { host: 'unknown' },
				Texts: { title: '{host}' },
				WhenMissing: 'Refuse',
			},
			CleanUp: { Action: 'Flag' },
		};
		expect(read(row)).toEqual(parseRules([json]));
	});

	it.each<[string, object, string]>([
		[
			'a condition without a value',
			{ conditions: { row: [{ field: 'subject' }, {}] } },
			'Conditions, row 1, Value of rule R is missing.',
		],
		[
			'a broken pattern',
			{ conditions: { row: [{ value: 'a' }, { operator: 'matches', value: '(' }] } },
			'Conditions, row 2, Value of rule R: Pattern "("',
		],
		[
			'a name that cannot be one',
			{ fields: { row: [{ name: 'a b', label: 'x' }] } },
			'Captured Fields, row 1, Name of rule R: "a b" cannot be the name of a value.',
		],
		[
			'a captured field without a label',
			{ fields: { row: [{ name: 'a' }] } },
			'Captured Fields, row 1, Label of rule R is missing.',
		],
		[
			'a pattern that captures nothing',
			{ fields: { row: [{ how: 'pattern', pattern: 'x' }] } },
			'Captured Fields, row 1, Pattern of rule R: the pattern "x" has no named group',
		],
		[
			'a value twice',
			{
				fields: { row: [{ name: 'a', label: 'x' }] },
				options: { fixed: { value: [{ name: 'a' }] } },
			},
			'Fixed Values of rule R: "a" is captured, too.',
		],
		[
			'an unknown choice',
			{ conditions: { row: [{ operator: 'like', value: 'x' }] } },
			'Conditions, row 1, Operator of rule R is "like".',
		],
	])('is refused in the words of the form: %s', (_what, row, message) => {
		expect(() => compile({ name: 'R', ...row })).toThrow(message);
	});
});
