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

const explain = (text: string, rule: object = RULE, totalSteps = 1_000_000) =>
	explainRules(
		compileRules(parseRules([rule])),
		{
			from: ['trinity@zion.com'],
			subject: 'Wake up Neo',
			body: { text, source: 'text', truncated: false },
		},
		{
			budget: new MatchBudget({ totalSteps }),
			pause: () => Promise.resolve(),
		},
	);
/** What is said of the one pattern of a rule. */
const said = async (text: string, rule: object) =>
	(await explain(text, { Name: 'R', ...rule })).lines[0];

describe('the explanation of a rule', () => {
	it('tells in a line of each filter and capture what it found, and where', async () => {
		expect(await explain('Hello\r\nSpoon: false\r\n')).toEqual({
			lines: [
				'Rule "Knock Knock", From filter ^smith: found nothing in "trinity@zion.com"',
				'Rule "Knock Knock", Subject filter up (?<who>\\w+): matched "up Neo" at 5',
				'Rule "Knock Knock", Body capture Spoon: (?<spoon>[^\\n]+): spoon = "false"',
				'Rule "Knock Knock", Body capture (?<=ticket )(?<ticket>\\d+): found nothing in the text',
			],
			refusals: ['Rule "Knock Knock", From filter ^smith: found nothing in "trinity@zion.com"'],
		});
	});

	it('tells whether the sender is authenticated where the rule asks for it', async () => {
		const line = 'Rule "R", Sender Authentication: not passed';
		expect(
			await explain('', { Name: 'R', Filter: { Subject: 'Neo', Authenticated: 'Dmarc' } }),
		).toEqual({
			lines: [line, 'Rule "R", Subject filter Neo: matched "Neo" at 8'],
			refusals: [line],
		});
	});

	it('says that a pattern would match if case were ignored', async () => {
		expect(await said('', { Filter: { Subject: '^wake' } })).toBe(
			'Rule "R", Subject filter ^wake: found nothing in "Wake up Neo"; it would match if case were ignored: begin it with (?i)',
		);
	});

	it('says that slashes around a pattern are taken literally', async () => {
		expect(await said('', { Filter: { Subject: '/wake/i' } })).toMatch(
			/its slashes are taken literally: a pattern has none around it$/,
		);
	});

	it('tells what became of a captured text that has a type', async () => {
		const rule = (format: string) => ({
			Payload: {
				BodyCaptures: ['Charge: (?<charge>\\S+)'],
				Types: { charge: { Type: 'Number', Format: format } },
				WhenMissing: 'Refuse',
			},
		});
		expect(await said('Charge: 12,5', rule('1234,5'))).toMatch(
			/: charge = 12.5 \(a number, from "12,5"\)$/,
		);
		expect(await said('Charge: full', rule('1234,5'))).toMatch(
			/: charge = "full", which is no number and counts as missing$/,
		);
		expect((await explain('Charge: full', { Name: 'R', ...rule('1234,5') })).refusals).toHaveLength(
			1,
		);
	});

	it('names no refusal where one filter is enough', async () => {
		const rule = { Name: 'R', Filter: { From: '^smith', Subject: '^Wake', Match: 'Any' } };
		expect((await explain('', rule)).refusals).toEqual([]);
	});

	it('cuts long texts to a readable length', async () => {
		const [, , capture] = (await explain(`Spoon: ${'x'.repeat(1000)}`)).lines;
		expect(capture?.length).toBeLessThan(300);
	});

	it('is of a readable length, however many patterns there are', async () => {
		const captures = Array.from({ length: 100 }, (_, index) => `(?<g${String(index)}>x)`);
		const { lines } = await explain('', { Name: 'R', Payload: { BodyCaptures: captures } });
		expect(lines).toHaveLength(61);
		expect(lines.at(-1)).toBe('More is not shown.');
	});

	it('says which pattern could not be decided instead of failing', async () => {
		const hostile = { Name: 'R', Filter: { Body: '(?<!x)(a+)+$' } };
		const { lines } = await explain(`${'a'.repeat(5_000)}!`, hostile, 50);
		expect(lines[0]).toMatch(/not decided/);
	});
});
