import { describe, expect, it } from 'vitest';

import {
	canRefuseByHeader,
	compileRules,
	headersOf,
} from '../../../nodes/core/rules/compile-rules';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import type { Evaluation } from '../../../nodes/core/rules/evaluate';
import { explainRules } from '../../../nodes/core/rules/explain';
import type { MatchableMessage } from '../../../nodes/core/message/message';
import { MatchBudget } from '../../../nodes/core/regex/pattern';

const HEAD: MatchableMessage = {
	from: ['trinity@zion.com'],
	to: ['neo@zion.com', 'alerts@zion.com'],
	cc: [],
	subject: 'Alert - Wake up Neo',
	headers: new Map([['x-severity', ['low', '2 (high)']]]),
	attachmentNames: ['log.txt', 'Report 7.PDF'],
};
const MAIL: MatchableMessage = {
	...HEAD,
	body: {
		text: 'Charge: 97.5 %\nLoad: 1,234\nOn: yes\nDue: 23.11.2026\n',
		source: 'text',
		truncated: false,
	},
};

const budget = () => new MatchBudget();
const judge = async (
	rules: readonly object[],
	message: MatchableMessage = MAIL,
): Promise<Evaluation> =>
	await evaluate(compileRules(parseRules(rules)), message, {
		which: 'first',
		budget: budget(),
		pause: () => Promise.resolve(),
	});
const isMatch = async (rule: object, message?: MatchableMessage): Promise<boolean> =>
	(await judge([{ Name: 'R', ...rule }], message)).matches.length > 0;
const payloadOf = async (rule: object): Promise<unknown> =>
	(await judge([{ Name: 'R', ...rule }])).matches[0]?.payload;

const explain = async (rule: object): Promise<readonly string[]> => {
	const pace = { budget: budget(), pause: () => Promise.resolve() };
	return (await explainRules(compileRules(parseRules([rule])), MAIL, pace)).lines;
};

describe('filters of other fields', () => {
	it.each<[string, object, boolean]>([
		['any To address', { To: '^alerts@' }, true],
		['no To address', { To: '^smith@' }, false],
		['no Cc, which counts as an empty text', { Cc: '^$' }, true],
		['a Cc address that is not there', { Cc: '@' }, false],
		['any value of a header, named in any case', { Headers: { 'X-SEVERITY': '^2\\b' } }, true],
		['no value of a header', { Headers: { 'X-Severity': '^5' } }, false],
		['a header that is not there', { Headers: { 'X-Other': '.' } }, false],
		['a header that is not there, as an empty text', { Headers: { 'X-Other': '^$' } }, true],
		['one of two headers', { Headers: { 'X-Severity': '2', 'X-Other': '.' } }, false],
		['the name of any attachment', { AttachmentName: '\\.PDF$' }, true],
		['no name of an attachment', { AttachmentName: '\\.zip$' }, false],
	])('let %s decide', async (_what, Filter, matched) => {
		expect(await isMatch({ Filter })).toBe(matched);
	});

	it('are decided without the body', async () => {
		const { matches, needsBody } = await judge([{ Name: 'R', Filter: { To: '^alerts@' } }], HEAD);
		expect({ names: matches.map(({ rule }) => rule.name), needsBody }).toEqual({
			names: ['R'],
			needsBody: false,
		});
	});

	it('tell which header fields have to be read', () => {
		const rules = [
			{ Name: 'A', Filter: { From: 'x', Headers: { 'X-A': 'x' } } },
			{ Name: 'B', Payload: { HeaderCaptures: { 'x-a': ['(?<a>.)'], List_Id: ['(?<b>.)'] } } },
		];
		expect(headersOf(compileRules(parseRules(rules)))).toEqual(['x-a', 'list_id']);
	});
});

describe('a filter that any pattern satisfies', () => {
	const any = (filter: object) => ({ Filter: { Match: 'any', ...filter } });

	it.each<[string, object, boolean]>([
		['one of two', { From: '^smith', Subject: '^Alert' }, true],
		['none of two', { From: '^smith', Subject: '^Ticket' }, false],
		['only the body', { From: '^smith', Body: 'Charge' }, true],
		['no pattern at all, since there is none', {}, true],
	])('matches by %s', async (_what, filter, matched) => {
		expect(await isMatch(any(filter))).toBe(matched);
	});

	it.each<[string, object, 'plain' | false, number]>([
		['asks for the body that may yet decide', { From: '^smith', Body: 'Charge' }, 'plain', 0],
		['does not ask for it when the head has matched', { From: '^tri', Body: 'x' }, false, 1],
		['does not ask for it when nothing is left to decide', { From: '^smith' }, false, 0],
	])('%s', async (_what, filter, needsBody, count) => {
		const evaluation = await judge([{ Name: 'R', ...any(filter) }], HEAD);
		expect(evaluation.needsBody).toBe(needsBody);
		expect(evaluation.matches).toHaveLength(count);
	});

	it('says which fields have refused', async () => {
		const { refusals } = await judge([{ Name: 'R', ...any({ From: '^smith', To: '^x' }) }]);
		expect(refusals).toMatchObject([{ reason: { kind: 'allFilters', fields: ['from', 'to'] } }]);
	});
});

describe('IgnoreCase', () => {
	it.each([
		[{}, false],
		[{ IgnoreCase: false }, false],
		[{ IgnoreCase: true }, true],
	])('with %j makes ^ALERT match: %s', async (more, matched) => {
		expect(await isMatch({ Filter: { Subject: '^ALERT' }, ...more })).toBe(matched);
	});

	it('counts for captures, too', async () => {
		const Payload = { SubjectCaptures: ['^ALERT - (?<title>.+)$'] };
		expect(await payloadOf({ IgnoreCase: true, Payload })).toEqual({ title: 'Wake up Neo' });
	});

	it('can be switched off within a pattern', async () => {
		expect(await isMatch({ IgnoreCase: true, Filter: { Subject: '(?-i)^ALERT' } })).toBe(false);
	});
});

describe('Continue', () => {
	const named = (Name: string, more: object = {}) => ({ Name, ...more });
	const names = async (rules: readonly object[], message?: MatchableMessage) =>
		(await judge(rules, message)).matches.map(({ rule }) => rule.name);

	it('goes on with the next rules although the first match wins', async () => {
		expect(await names([named('A', { Continue: true }), named('B'), named('C')])).toEqual([
			'A',
			'B',
		]);
	});

	it('does not hold back later rules while its own rule waits for the body', async () => {
		const open = named('A', { Continue: true, Filter: { Body: 'x' } });
		const { needsBody, matches } = await judge([open, named('B')], HEAD);
		expect({ needsBody, matches: matches.length }).toEqual({ needsBody: 'plain', matches: 1 });
	});
});

describe('captures of other fields', () => {
	it('stand in the order of their fields, the later one winning', async () => {
		const Payload = {
			BodyCaptures: ['(?<x>Charge)'],
			AttachmentNameCaptures: ['^Report (?<report>\\d+)'],
			HeaderCaptures: { 'x-severity': ['^(?<severity>\\d)', '\\((?<word>.+)\\)'] },
			CcCaptures: ['^(?<cc>.+)$'],
			ToCaptures: ['^(?<x>alerts)@'],
		};
		expect(JSON.stringify(await payloadOf({ Payload }))).toBe(
			'{"x":"Charge","severity":"2","word":"high","report":"7"}',
		);
	});
});

describe('captures of all matches', () => {
	const Matches = 'All';

	it('give lists of values over all texts of their fields', async () => {
		const Payload = {
			ToCaptures: ['(?<to>\\w+)@'],
			HeaderCaptures: { 'X-Severity': ['(?<digit>\\d)|(?<word>[a-z]+)'] },
			BodyCaptures: ['(?<number>\\d+)', '(?<none>x)?Charge'],
			Matches,
			Types: { number: 'Number' },
		};
		expect(await payloadOf({ Payload })).toEqual({
			to: ['neo', 'alerts'],
			// Values of one pattern belong together by match.
			digit: [null, '2', null],
			word: ['low', null, 'high'],
			number: [97, 5, 1, 234, 23, 11, 2026],
		});
	});

	it('let the later pattern that captured anything win', async () => {
		const Payload = {
			SubjectCaptures: ['(?<x>e)'],
			BodyCaptures: ['(?<x>O|D)', '(?<x>zzz)'],
			Matches,
		};
		expect(await payloadOf({ Payload })).toEqual({ x: ['O', 'D'] });
	});

	it.each<[string, unknown]>([
		['LeaveOut', { x: [1] }],
		['EmptyString', { x: ['', 1], y: '' }],
		['Refuse', undefined],
	])(
		'treat each value that is not of its type as missing, with %s',
		async (WhenMissing, payload) => {
			const message = { ...MAIL, subject: 'a 1' };
			const Payload = {
				SubjectCaptures: ['(?<x>\\S)', '(?<y>z)'],
				Types: { x: 'Number' },
				Matches,
				WhenMissing,
			};
			const { matches } = await judge([{ Name: 'R', Payload }], message);
			expect(matches[0]?.payload).toEqual(payload);
		},
	);

	it('count up to 1,000', async () => {
		const Payload = { SubjectCaptures: ['(?<x>a)'], Matches };
		const message = { ...MAIL, subject: 'a'.repeat(1001) };
		const { matches } = await judge([{ Name: 'R', Payload }], message);
		expect(matches[0]?.payload['x']).toHaveLength(1000);
	});

	it('are told in an explanation', async () => {
		const Payload = { ToCaptures: ['(?<to>\\w+)@'], Matches };
		expect(await explain({ Name: 'R', Payload })).toEqual([
			'Rule "R", To capture (?<to>\\w+)@: to = "neo", "alerts"',
		]);
	});
});

describe('typed and fixed values', () => {
	const BodyCaptures = [
		'Charge: (?<charge>\\S+)',
		'Load: (?<load>\\S+)',
		'On: (?<on>\\w+)',
		'Due: (?<due>\\S+)',
	];

	it('are in the payload as numbers, booleans and dates', async () => {
		const Types = {
			charge: 'Number',
			load: { Type: 'number', Format: '1,234.5' },
			on: 'boolean',
			due: { Type: 'Date', Format: 'dd.MM.yyyy' },
		};
		const Fixed = { team: 'network', level: 2, urgent: true };
		expect(await payloadOf({ Payload: { BodyCaptures, Types, Fixed } })).toEqual({
			charge: 97.5,
			load: 1234,
			on: true,
			due: '2026-11-23',
			team: 'network',
			level: 2,
			urgent: true,
		});
	});

	it.each<[string, unknown]>([
		['LeaveOut', { charge: '97.5', on: 'yes', due: '23.11.2026' }],
		['EmptyString', { charge: '97.5', load: '', on: 'yes', due: '23.11.2026' }],
		['Refuse', undefined],
	])('that are not of their type count as missing, with %s', async (WhenMissing, payload) => {
		const Payload = { BodyCaptures, Types: { load: 'Number' }, WhenMissing };
		expect(await payloadOf({ Payload })).toEqual(payload);
	});

	it('say what was refused', async () => {
		const Payload = { BodyCaptures, Types: { load: 'Number' }, WhenMissing: 'Refuse' };
		expect((await judge([{ Name: 'R', Payload }])).refusals).toMatchObject([
			{ reason: { kind: 'notOfType', group: 'load', type: 'number', text: '1,234' } },
		]);
	});

	it('are told in an explanation', async () => {
		const Payload = { BodyCaptures, Types: { load: 'Number', on: 'Boolean' }, Fixed: { a: 1 } };
		const lines = await explain({ Name: 'R', Payload });
		expect(lines.map((line) => line.replace(/^.+?: (?=\w+[ :])/, ''))).toEqual([
			'charge = "97.5"',
			'load = "1,234", which is no number and counts as missing',
			'on = true (a boolean, from "yes")',
			'due = "23.11.2026"',
			'Rule "R", fixed value a: 1',
		]);
	});
});

describe('refusals name the place', () => {
	const Payload = { SubjectCaptures: ['(?<a>.)'] };

	it.each<[string, object, RegExp]>([
		['a choice of Match', { Filter: { Match: 'Some' } }, /Filter\.Match is "Some"/],
		['IgnoreCase as a text', { IgnoreCase: 'yes' }, /IgnoreCase is a text, true or false/],
		['Continue as a number', { Continue: 1 }, /Continue is a number/],
		['headers as a list', { Filter: { Headers: [] } }, /Filter\.Headers is a list/],
		['a header name', { Filter: { Headers: { 'X A': '.' } } }, /Headers\.X A is no name/],
		['a header pattern', { Filter: { Headers: { 'X-A': 7 } } }, /Headers\.X-A is a number/],
		['a broken header pattern', { Filter: { Headers: { 'X-A': '(' } } }, /Filter\.Headers\.X-A:/],
		['a type', { Payload: { ...Payload, Types: { a: 'Float' } } }, /Types\.a is "Float"/],
		[
			'a type without Type',
			{ Payload: { ...Payload, Types: { a: { Format: 'x' } } } },
			/Types\.a\.Type is missing/,
		],
		[
			'a number format',
			{ Payload: { ...Payload, Types: { a: { Type: 'Number', Format: '0.00' } } } },
			/Types\.a\.Format is "0\.00"/,
		],
		[
			'a date format',
			{ Payload: { ...Payload, Types: { a: { Type: 'Date', Format: 'dd.MM' } } } },
			/Types\.a\.Format "dd\.MM" needs one year/,
		],
		[
			'a format of a boolean',
			{ Payload: { ...Payload, Types: { a: { Type: 'Boolean', Format: 'x' } } } },
			/Types\.a\.Format is given, but only/,
		],
		[
			'a type for what nothing captures',
			{ Payload: { ...Payload, Types: { b: 'Number' } } },
			/Payload\.Types: "b" is captured by no pattern/,
		],
		[
			'a fixed value that is captured, too',
			{ Payload: { ...Payload, Fixed: { a: 'x' } } },
			/Payload\.Fixed: "a" is captured, too/,
		],
		['a fixed list', { Payload: { Fixed: { a: [] } } }, /Fixed\.a is a list/],
	])('of %s', (_what, rule, message) => {
		expect(() => compileRules(parseRules([{ Name: 'R', ...rule }]))).toThrow(message);
	});
});

describe('a set of rules', () => {
	const captures = { Payload: { BodyCaptures: ['(?<x>.)'] } };
	it.each<[string, boolean, object[]]>([
		[
			'with a Subject filter each',
			true,
			[{ Filter: { Subject: 'a' } }, { Filter: { Headers: { 'X-A': 'a' } } }],
		],
		['with From and Body', true, [{ Filter: { From: 'a', Body: 'b' } }]],
		['with nothing but a Body filter', false, [{ Filter: { Body: 'b' } }]],
		['of which one has no filter', false, [{ Filter: { Subject: 'a' } }, {}]],
		[
			'where the body can do instead of the subject',
			false,
			[{ Filter: { Subject: 'a', Body: 'b', Match: 'Any' } }],
		],
		[
			'where sender or subject will do',
			true,
			[{ Filter: { From: 'a', Subject: 'a', Match: 'Any' } }],
		],
		['with an attachment name', false, [{ Filter: { Subject: 'a', AttachmentName: 'b' } }]],
	])('%s: whether the header can refuse a message is %s', (_name, expected, rules) => {
		const named = rules.map((rule, index) => ({ Name: String(index), ...captures, ...rule }));

		expect(canRefuseByHeader(compileRules(parseRules(named)))).toBe(expected);
	});
});
