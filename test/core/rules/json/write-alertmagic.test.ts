import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRules } from '../../../../nodes/core/rules/json/alertmagic';
import {
	assertNoGaps,
	describeGap,
	findGaps,
	toIngest,
} from '../../../../nodes/core/rules/json/write-alertmagic';
import type { Rule } from '../../../../nodes/core/rules/rule';
import { rules } from '../../../support/rule-arbitraries';

const parse = (json: object): Rule => {
	const [rule] = parseRules([{ Name: 'R', ...json }]);
	if (rule === undefined) throw new Error('no rule');
	return rule;
};

/** What is not AlertMagic's, and the key that names it. */
const GAPS: ReadonlyArray<[string, object]> = [
	['Filter.Match', { Filter: { Match: 'Any', From: 'a', Body: 'b' } }],
	['Filter.To', { Filter: { To: 'a' } }],
	['Filter.Cc', { Filter: { Cc: 'a' } }],
	['Filter.Headers.X-Host', { Filter: { Headers: { 'X-Host': 'a' } } }],
	['Filter.AttachmentName', { Filter: { AttachmentName: 'a' } }],
	['Payload.ToCaptures', { Payload: { ToCaptures: ['(?<a>.)'] } }],
	['Payload.CcCaptures', { Payload: { CcCaptures: ['(?<a>.)'] } }],
	['Payload.HeaderCaptures.X-Host', { Payload: { HeaderCaptures: { 'X-Host': ['(?<a>.)'] } } }],
	['Payload.AttachmentNameCaptures', { Payload: { AttachmentNameCaptures: ['(?<a>.)'] } }],
	['Payload.WhenMissing', { Payload: { WhenMissing: 'Refuse' } }],
	['Payload.Matches', { Payload: { Matches: 'All' } }],
	['Payload.Types', { Payload: { Types: { a: 'Number' } } }],
	['Payload.Fixed', { Payload: { Fixed: { team: 'network' } } }],
	['Continue', { Continue: true }],
	['CleanUp.Action', { CleanUp: { Action: 'MarkAsRead' } }],
	['CleanUp.Action', { CleanUp: { Action: 'Flag' } }],
	['CleanUp.Action', { CleanUp: { Action: 'Delete' } }],
];

describe('what AlertMagic lacks', () => {
	it.each(GAPS)('is refused: %s of %j', (key, json) => {
		const gaps = findGaps(parse(json));
		expect(gaps.map((gap) => gap.key)).toEqual([key]);
		expect(() => {
			assertNoGaps(gaps, 'Or do without.');
		}).toThrow(
			expect.objectContaining({
				code: 'configuration',
				field: key,
				message: `Rule "R" has ${key}, which AlertMagic lacks.`,
				remedy: expect.stringMatching(/^[A-Z].+\. Or do without\.$/u) as string,
			}),
		);
	});

	it.each(GAPS)('is named when it is left out: %s of %j', (key, json) => {
		const rule = parse(json);
		expect(findGaps(rule).map(describeGap)).toEqual([
			expect.stringMatching(
				new RegExp(`^Rule "R": ${key.replaceAll('.', '\\.')} is left out, so .+\\.$`, 'u'),
			),
		]);
		expect(findGaps(parse(toIngest(rule)))).toEqual([]);
	});

	it('is all refused at once', () => {
		const gaps = [...findGaps(parse({ Continue: true, Filter: { To: 'a' } }))];
		expect(() => {
			assertNoGaps(gaps, 'Or do without.');
		}).toThrow(/2 problems: .*Filter\.To.*Continue/u);
	});

	it('is nothing where any and all are the same', () => {
		expect(findGaps(parse({ Filter: { Match: 'Any', From: 'a' } }))).toEqual([]);
	});
});

describe('a rule as AlertMagic knows it', () => {
	it('has Ignore Case in its patterns', () => {
		const rule = parse({
			IgnoreCase: true,
			Filter: { Subject: '^a|b' },
			Payload: { BodyCaptures: ['(?<c>c)'] },
		});
		expect(findGaps(rule)).toEqual([]);
		expect(toIngest(rule)).toEqual({
			Name: 'R',
			Filter: { Subject: '(?i)^a|b' },
			Payload: { BodyCaptures: ['(?i)(?<c>c)'] },
		});
	});

	it('is read again without a fault, whatever was left out', () => {
		fc.assert(
			fc.property(rules, (list) => {
				const written = parseRules(list.map(toIngest));
				expect(written.flatMap(findGaps)).toEqual([]);
				expect(written.map(toIngest)).toEqual(list.map(toIngest));
			}),
		);
	});
});
