import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { readRules, readRuleWords } from '../../../nodes/shell/rules/read-rules';
import { rulesProperties } from '../../../nodes/shell/rules/rules-description';
import type { FormRule } from '../../../nodes/shell/rules/form-rules';

const readVisual = (...rule: readonly object[]) =>
	readRules((name) => ({ rulesSource: 'visual', rules: { rule } })[name]);

const fieldsOf = (properties: readonly INodeProperties[]): readonly INodeProperties[] => {
	const rules = properties.find(({ name }) => name === 'rules');
	const [group] = rules?.options ?? [];
	if (group === undefined || !('values' in group)) throw new Error('no fields');
	return (group satisfies INodePropertyCollection).values;
};

describe('rulesProperties', () => {
	const all = () => rulesProperties({ account: true, cleanUp: true });

	it('describes each field of a visual rule', () => {
		const rule: FormRule = {
			name: '',
			fromFilter: '',
			subjectFilter: '',
			bodyFilter: '',
			fromCaptures: [],
			subjectCaptures: [],
			bodyCaptures: [],
			whenMissing: 'leaveOut',
			cleanUpAction: 'none',
			cleanUpFolder: '',
			deleteAfterDays: 0,
			options: {},
		};
		const defaults = fieldsOf(all()).map((field) => [field.name, field.default] as const);
		expect(Object.fromEntries(defaults)).toEqual(rule);
	});

	it('leaves clean-up and account out for a node without a mailbox', () => {
		const properties = rulesProperties({ account: false, cleanUp: false });
		expect(fieldsOf(properties).map(({ name }) => name)).not.toContain('cleanUpAction');
		expect(JSON.stringify(properties)).not.toContain('account');
	});

	it('adds to the display options of the node', () => {
		const displayOptions = { show: { resource: ['message'] } };
		const [source, rules, json] = rulesProperties({ account: true, cleanUp: true, displayOptions });
		expect(source?.displayOptions).toEqual(displayOptions);
		expect(rules?.displayOptions?.show).toEqual({ resource: ['message'], rulesSource: ['visual'] });
		expect(json?.displayOptions?.show).toEqual({ resource: ['message'], rulesSource: ['json'] });
	});

	it.each(['visual', 'json'])(
		'has defaults for %s rules that can be used as they are',
		(source) => {
			const defaults = Object.fromEntries(
				all().map((property) => [property.name, property.default]),
			);
			expect(readRules((name) => ({ ...defaults, rulesSource: source })[name])).toHaveLength(1);
		},
	);
});

describe('the words for a place in a rule', () => {
	const place = { index: 0, name: 'Knock Knock', place: ['Payload', 'BodyCaptures', 0] };

	it('are those of the form, or those of JSON', () => {
		const words = (source: string) => readRuleWords(() => source)(place);
		expect(words('visual')).toBe('Body Captures, pattern 1 of rule Knock Knock');
		expect(words('json')).toBe('Rule "Knock Knock", AlertMagic.Ingests[0].Payload.BodyCaptures[0]');
		expect(words('account')).toBe(words('json'));
	});
});

describe('readRules', () => {
	it('reads a visual rule', () => {
		const rule: FormRule = {
			name: 'Knock Knock',
			fromFilter: '^tri',
			subjectFilter: '',
			bodyFilter: 'rabbit',
			fromCaptures: ['(?<from>.+)'],
			bodyCaptures: ['(?<a>.)', '(?<b>.)'],
			whenMissing: 'emptyString',
			cleanUpAction: 'moveToFolder',
			cleanUpFolder: 'Done',
			deleteAfterDays: 30,
		};
		expect(readVisual(rule)).toEqual([
			{
				name: 'Knock Knock',
				filter: { from: '^tri', body: 'rabbit' },
				captures: { from: ['(?<from>.+)'], subject: [], body: ['(?<a>.)', '(?<b>.)'] },
				whenMissing: 'emptyString',
				cleanUp: { action: 'moveToFolder', folder: 'Done', deleteAfterDays: 30 },
			},
		]);
	});

	it.each(['none', 'markAsRead', 'flag', 'delete'])(
		'reads the clean-up %s and forgets what the form hides',
		(cleanUpAction) => {
			const [rule] = readVisual({
				name: 'x',
				cleanUpAction,
				cleanUpFolder: 'old',
				deleteAfterDays: 9,
			});
			expect(rule.cleanUp).toEqual({ action: cleanUpAction });
		},
	);

	it('keeps the messages of a folder for good at 0 days', () => {
		const [rule] = readVisual({
			name: 'x',
			cleanUpAction: 'moveToFolder',
			cleanUpFolder: 'Done',
			deleteAfterDays: 0,
		});
		expect(rule.cleanUp).toEqual({ action: 'moveToFolder', folder: 'Done' });
	});

	const MOVE = { name: 'x', cleanUpAction: 'moveToFolder', cleanUpFolder: 'Done' };

	it.each<[string, object, string]>([
		['no name', { name: ' ' }, 'Name of rule 1 is missing.'],
		['no folder', { ...MOVE, cleanUpFolder: '' }, 'Folder of rule x is missing.'],
		[
			'negative days',
			{ ...MOVE, deleteAfterDays: -1 },
			'Delete After Days of rule x is -1, a whole number',
		],
		[
			'half days',
			{ ...MOVE, deleteAfterDays: 1.5 },
			'Delete After Days of rule x is 1.5, a whole number',
		],
		['an unknown action', { name: 'x', cleanUpAction: 'burn' }, 'Clean Up of rule x is "burn".'],
		[
			'an unknown choice for missing groups',
			{ name: 'x', whenMissing: 'guess' },
			'When a Group Is Missing of rule x is "guess".',
		],
		[
			'a filter that is a number',
			{ name: 'x', bodyFilter: 7 },
			'Body Filter of rule x is a number, a text is expected.',
		],
	])('names the field on the screen when a rule has %s', (_what, rule, message) => {
		expect(() => readVisual(rule)).toThrow(message);
	});

	it('reports the faults of all rules at once', () => {
		expect(() => readVisual({ name: '' }, { ...MOVE, cleanUpFolder: '' })).toThrow(
			/^2 problems: .*Name of rule 1 .*Folder of rule x is missing\./u,
		);
	});

	it('reads JSON as a text or as the value of an expression', () => {
		const value = [{ Name: 'x' }];
		for (const rulesJson of [value, JSON.stringify(value), { Ingests: value }]) {
			const rules = readRules((name) => ({ rulesSource: 'json', rulesJson })[name]);
			expect(rules.map(({ name }) => name)).toEqual(['x']);
		}
	});

	it('reads the rules of the account', () => {
		const configuration = JSON.stringify({ AlertMagic: { Ingests: [{ Name: 'x' }] } });
		expect(readRules(() => 'account', configuration)).toMatchObject([{ name: 'x' }]);
	});

	it.each([undefined, '', '{"GrantType":"ClientCredentials"}'])(
		'refuses an account without rules (%s)',
		(configuration) => {
			expect(() => readRules(() => 'account', configuration)).toThrow(
				'Configuration of the account has no rule',
			);
		},
	);

	it('refuses a source that does not exist', () => {
		expect(() => readRules(() => 'cloud')).toThrow('Rules is "cloud", which is no choice.');
	});
});

describe('rules from messages', () => {
	const readMessages = (...values: readonly unknown[]) =>
		readRules(
			(name) =>
				({
					rulesSource: 'message',
					messages: { row: values.map((value) => ({ rule: { __rl: true, mode: 'list', value } })) },
				})[name],
		).map(({ name }) => name);

	it('are those that the rows hold; an empty row does not count', () => {
		expect(readMessages('{ "Name": "Backups" }', '', '[{ "Name": "Routers" }]')).toEqual([
			'Backups',
			'Routers',
		]);
	});

	it('name the row whose JSON is wrong', () => {
		expect(() => readMessages('{ "Name": "Backups" }', '{ "Name": ')).toThrow(
			/^Message 2, Rule \(JSON\) is not valid JSON/,
		);
	});

	it('ask for a message where none is picked', () => {
		expect(() => readMessages('')).toThrow('Messages has no rule, so no message could match.');
	});
});
