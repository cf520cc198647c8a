import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { EmailCapture } from '../../nodes/EmailCapture/EmailCapture.node';
import { executeNode, type ExecuteSetting } from '../support/n8n/strict-context';

const MAIL = {
	from: 'Trinity <trinity@zion.com>',
	subject: 'alert - Wake up Neo',
	text: 'Follow the white rabbit\r\nSpoon: false\r\nSkills: "Kung Fu", "Helicopter Pilot"\r\n',
};
const PAYLOAD = {
	from: 'trinity@zion.com',
	subject: 'Wake up Neo',
	spoon: 'false',
	skills: '"Kung Fu", "Helicopter Pilot"',
};
const KNOCK_KNOCK = {
	name: 'Knock Knock',
	fromFilter: '^tri.+@zion.com$',
	subjectFilter: '^alert',
	bodyFilter: 'white.+rabbit',
	fromCaptures: ['^(?<from>.+)$'],
	subjectCaptures: ['^alert - (?<subject>.+)$'],
	bodyCaptures: ['Spoon: (?<spoon>[^\\n]+)', 'Skills: (?<skills>[^\\n]+)'],
	whenMissing: 'leaveOut',
};
const ANY = { name: 'Any', subjectCaptures: ['^(?<title>.+)$'] };

const capture = (
	items: readonly IDataObject[],
	rules: readonly object[] = [KNOCK_KNOCK],
	more: Partial<ExecuteSetting> = {},
) =>
	executeNode(new EmailCapture(), {
		items,
		...more,
		parameters: { rules: { rule: rules }, ...more.parameters },
	});

const jsonOf = (items: INodeExecutionData[] | undefined) => items?.map(({ json }) => json);

describe('EmailCapture', () => {
	it('captures the payload of the worked example from a plain item', async () => {
		expect(await capture([MAIL])).toEqual([
			[{ json: { rule: 'Knock Knock', payload: PAYLOAD }, pairedItem: { item: 0 } }],
			[],
		]);
	});

	it('reads the same rules from AlertMagic JSON', async () => {
		const rulesJson = JSON.stringify({
			AlertMagic: {
				Ingests: [
					{
						Name: 'Knock Knock',
						Uri: 'https://alerts.example.com',
						Filter: { From: '^tri.+@zion.com$', Subject: '^alert', Body: 'white.+rabbit' },
						Payload: {
							FromCaptures: KNOCK_KNOCK.fromCaptures,
							SubjectCaptures: KNOCK_KNOCK.subjectCaptures,
							BodyCaptures: KNOCK_KNOCK.bodyCaptures,
						},
						CleanUp: {
							Action: 'MoveToFolder',
							Folder: 'AlertMagic Processed',
							DeleteAfterDays: 30,
						},
					},
				],
			},
		});
		const [matched] = await capture([MAIL], [], {
			parameters: { rulesSource: 'json', rulesJson },
		});
		expect(jsonOf(matched)).toEqual([{ rule: 'Knock Knock', payload: PAYLOAD }]);
	});

	it('says which alert an item is about', async () => {
		const rulesJson = JSON.stringify([
			{
				Name: 'R',
				Payload: { SubjectCaptures: ['(?<who>Neo)'] },
				Alert: { Key: ['who'], Action: 'Resolve' },
			},
		]);
		const [matched] = await capture([MAIL], [], {
			parameters: { rulesSource: 'json', rulesJson },
		});
		expect(jsonOf(matched)).toEqual([
			{ rule: 'R', payload: { who: 'Neo' }, alert: { key: 'neo', action: 'resolve' } },
		]);
	});

	it('works at once with what a new node holds', async () => {
		const [matched] = await executeNode(new EmailCapture(), { items: [MAIL] });
		expect(jsonOf(matched)).toEqual([
			{ rule: 'Every Message', payload: { from: 'trinity@zion.com', subject: MAIL.subject } },
		]);
	});

	it('matches text made of the HTML where there is no plain text', async () => {
		const html =
			'<p>Follow the white rabbit</p><table><tr><td>Spoon:</td><td>false</td></tr></table>';
		const [matched] = await capture([{ ...MAIL, text: '', html }]);
		expect(matched?.[0]?.json['payload']).toMatchObject({ spoon: 'false' });
	});

	it.each<[string, IDataObject, string]>([
		[
			'From',
			{ from: 'smith@matrix.com' },
			'From "smith@matrix.com" does not match the filter ^tri.+@zion.com$',
		],
		['From', { from: '' }, 'From (no sender) does not match the filter ^tri.+@zion.com$'],
		['Subject', { subject: 'Hi' }, 'Subject "Hi" does not match the filter ^alert'],
		['Subject', { subject: '' }, 'Subject (empty) does not match the filter ^alert'],
		['Body', { text: 'x' }, 'Body (plain text, length 1) does not match the filter white.+rabbit'],
	])('keeps an item that %s refused and says why', async (_field, change, reason) => {
		const mail = { ...MAIL, ...change };
		expect(await capture([mail])).toEqual([
			[],
			[
				{
					json: { ...mail, refusals: [{ rule: 'Knock Knock', reason }] },
					pairedItem: { item: 0 },
				},
			],
		]);
	});

	it('says which group was missing when the rule asks for all of them', async () => {
		const rule = { ...KNOCK_KNOCK, whenMissing: 'refuse', bodyCaptures: ['Fork: (?<fork>.+)'] };
		const [, unmatched] = await capture([MAIL], [rule]);
		expect(unmatched?.[0]?.json['refusals']).toEqual([
			{
				rule: 'Knock Knock',
				reason: 'The group "fork" captured nothing, and the rule asks for it',
			},
		]);
	});

	it('lets the first matching rule win', async () => {
		const [matched] = await capture([MAIL], [ANY, KNOCK_KNOCK]);
		expect(jsonOf(matched)).toEqual([{ rule: 'Any', payload: { title: MAIL.subject } }]);
	});

	it('applies all matching rules when asked to', async () => {
		const [matched] = await capture([MAIL], [ANY, KNOCK_KNOCK], {
			parameters: { options: { which: 'all' } },
		});
		expect(matched?.map(({ json, pairedItem }) => [json['rule'], pairedItem])).toEqual([
			['Any', { item: 0 }],
			['Knock Knock', { item: 0 }],
		]);
	});

	it('explains matched items and adds the source item when asked to', async () => {
		const [matched] = await capture([{ ...MAIL, subject: 'Hi' }], [KNOCK_KNOCK, ANY], {
			parameters: { options: { explain: true, includeSourceItem: true } },
		});
		expect(jsonOf(matched)).toEqual([
			{
				rule: 'Any',
				payload: { title: 'Hi' },
				explanation: expect.arrayContaining([
					'Rule "Knock Knock", Subject filter ^alert: found nothing in "Hi"',
					'Rule "Any", Subject capture ^(?<title>.+)$: title = "Hi"',
				]) as unknown,
				source: { ...MAIL, subject: 'Hi' },
			},
		]);
	});

	it('takes the fields that the user chose', async () => {
		const item = {
			mail: { who: ['Trinity <trinity@zion.com>'], title: MAIL.subject, body: MAIL.text },
		};
		const [matched] = await capture([item], [KNOCK_KNOCK], {
			parameters: {
				emailFields: 'choose',
				from: '={{ $json.mail.who }}',
				subject: '={{ $json.mail.title }}',
				text: '={{ $json.mail.body }}',
			},
		});
		expect(jsonOf(matched)).toEqual([{ rule: 'Knock Knock', payload: PAYLOAD }]);
	});

	it('refuses a chosen field that is an object', async () => {
		const run = capture([{ ...MAIL, text: { plain: 'x' } }], [ANY], {
			parameters: { emailFields: 'choose' },
		});
		await expect(run).rejects.toThrow('Text is not a text.');
	});

	it('decides by the head when the item has only a preview of the body', async () => {
		const preview = { from: MAIL.from, subject: MAIL.subject, bodyPreview: 'Follow' };
		const [matched] = await capture([preview], [ANY]);
		expect(matched).toHaveLength(1);
	});

	it('never takes a preview for the body', async () => {
		const preview = { from: MAIL.from, subject: MAIL.subject, bodyPreview: 'white rabbit' };
		await expect(capture([preview])).rejects.toMatchObject({
			message: 'A rule needs the body, which the item does not hold.',
			description: 'Set Output to Raw in the Microsoft Outlook node, or add Body to its fields.',
		});
	});

	it('lets a forger add no sender to the genuine one', async () => {
		const forged = 'Smith <smith@matrix.com>, "Trinity, T." <trinity@zion.com>';
		const [matched] = await capture([{ ...MAIL, from: forged }]);
		expect(matched).toStrictEqual([]);
	});

	it.each<[string, object, string, string]>([
		[
			'a rule without a name',
			{ ...ANY, name: '' },
			'Name of rule 1 is missing.',
			'Give each rule a name of its own.',
		],
		[
			'a captures field that an expression made a text',
			{ ...ANY, subjectCaptures: 'x' },
			'Subject Captures of rule Any is not a list of texts.',
			'Write ["first", "second"].',
		],
		[
			'a capture without a named group',
			{ ...ANY, subjectCaptures: ['.+'] },
			'Subject Captures, pattern 1 of rule Any: the pattern ".+" has no named group',
			'Name what shall be captured',
		],
		[
			'a pattern that does not parse',
			{ ...ANY, bodyFilter: '(' },
			'Body Filter of rule Any: Pattern "("',
			'',
		],
	])('refuses %s', async (_what, rule, message, remedy) => {
		await expect(capture([MAIL], [rule])).rejects.toMatchObject({
			message: expect.stringContaining(message) as string,
			description: expect.stringContaining(remedy) as string,
		});
	});

	it.each<[string, Record<string, unknown>, string]>([
		['an empty list of rules', { rules: {} }, 'Rule List has no rule'],
		['an empty JSON list', { rulesSource: 'json', rulesJson: '[]' }, 'Rules (JSON) has no rule'],
		[
			'broken JSON',
			{ rulesSource: 'json', rulesJson: '[\n  {"Name": }]' },
			'Rules (JSON) is not valid JSON (line 2, column 12)',
		],
		[
			'an unknown key',
			{ rulesSource: 'json', rulesJson: '[{"Name":"x","Filtre":{}}]' },
			'Ingests[0].Filtre',
		],
	])('refuses %s', async (_what, parameters, message) => {
		await expect(capture([MAIL], [], { parameters })).rejects.toThrow(message);
	});

	it('keeps a failed item out of Matched when it goes on', async () => {
		const [matched, unmatched] = await capture([{ id: 1 }, MAIL], [KNOCK_KNOCK], {
			continueOnFail: true,
		});
		expect(matched).toMatchObject([{ pairedItem: { item: 1 } }]);
		expect(unmatched).toMatchObject([
			{
				json: { error: 'No email was found in the item (it has id).' },
				pairedItem: { item: 0 },
			},
		]);
	});
});

describe('EmailCapture with rules on other fields', () => {
	const rule = (options: object) => ({ name: 'R', options });
	const header = { headerFilters: { header: [{ name: 'X-A', pattern: '^1' }] } };

	it.each<[string, IDataObject, object]>([
		['a recipient', { ...MAIL, to: 'Neo <neo@zion.com>' }, { toFilter: '^neo@' }],
		['no Cc', { ...MAIL, to: 'neo@zion.com' }, { ccFilter: '^$' }],
		['a header field', { ...MAIL, headers: { 'x-a': '12' } }, header],
		['a whole header line', { ...MAIL, headers: { 'x-a': 'X-A: 12' } }, header],
		['a list of header fields', { ...MAIL, headers: [{ name: 'X-A', value: '12' }] }, header],
		[
			'an attachment',
			{ ...MAIL, attachments: [{ filename: 'a.pdf' }] },
			{ attachmentNameFilter: 'pdf$' },
		],
	])('matches by %s', async (_what, item, options) => {
		const [matched] = await capture([item], [rule(options)]);
		expect(matched).toHaveLength(1);
	});

	it.each<[string, object]>([
		['To', { toFilter: '^neo@' }],
		['Cc', { ccFilter: '^$' }],
		['Header X-A', header],
	])('refuses an item that does not hold %s', async (field, options) => {
		await expect(capture([MAIL], [rule(options)])).rejects.toMatchObject({
			message: `Rule "R" needs ${field}, which the item does not hold.`,
			description: expect.stringContaining('Choose Each Field') as string,
		});
	});
});
