import { describe, expect, it, vi } from 'vitest';

import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { parseConfiguration, parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { checkCleanUpTargets } from '../../../nodes/core/rules/json/rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import type { Evaluation } from '../../../nodes/core/rules/evaluate';
import { ConfigurationError } from '../../../nodes/core/errors';
import type { BodyText, MatchableMessage } from '../../../nodes/core/message/message';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { GUIDE_CONFIGURATION, GUIDE_PAYLOAD } from '../../support/guide-example';

const body = (text: string): BodyText => ({ text, source: 'text', truncated: false });

const trinity: MatchableMessage = {
	from: ['trinity@zion.com'],
	subject: 'alert - Wake up Neo',
	body: body(
		'Follow the white rabbit\r\nSpoon: false\r\nSkills: "Kung Fu", "Helicopter Pilot"\r\n',
	),
};

async function judge(
	rules: readonly unknown[],
	message: MatchableMessage,
	which: 'first' | 'all' = 'first',
	totalSteps = 1_000_000,
): Promise<Evaluation> {
	const budget = new MatchBudget({ totalSteps });
	return await evaluate(compileRules(parseRules(rules)), message, {
		which,
		budget,
		pause: () => Promise.resolve(),
	});
}

const payloads = ({ matches }: Evaluation): unknown[] => matches.map(({ payload }) => payload);

describe("the guide's example", () => {
	it('gives exactly the payload of the guide, in its order, without the CR of the wire', async () => {
		const { rules } = parseConfiguration(GUIDE_CONFIGURATION);
		const budget = new MatchBudget();
		const pause = (): Promise<void> => Promise.resolve();
		const { matches } = await evaluate(compileRules(rules), trinity, {
			which: 'first',
			budget,
			pause,
		});
		expect(JSON.stringify(matches[0]?.payload)).toBe(JSON.stringify(GUIDE_PAYLOAD));
	});
});

describe('a sender that is not certain', () => {
	const message: MatchableMessage = {
		...trinity,
		from: ['smith@matrix.example', 'trinity@zion.com'],
		ambiguousSender: true,
	};

	it.each<[string, object, boolean]>([
		['has to match with every address', { From: '^trinity@' }, false],
		['matches where every address does', { From: '@' }, true],
		[
			'matches with one address where the rule says so',
			{ From: '^trinity@', AnySender: true },
			true,
		],
		['matches with none', { From: '^neo@', AnySender: true }, false],
	])('%s', async (_what, Filter, expected) => {
		const { matches } = await judge([{ Name: 'R', Filter }], message);
		expect(matches.length > 0).toBe(expected);
	});
});

describe('filters', () => {
	it.each<[string, object, boolean]>([
		['nothing', {}, true],
		['a From that matches', { From: '^tri.+@zion.com$' }, true],
		['a From that does not match', { From: '^smith' }, false],
		['a case that differs', { Subject: '^Alert' }, false],
		['a case that differs with (?i)', { Subject: '(?i)^Alert' }, true],
		['all three', { From: 'zion', Subject: 'alert', Body: 'white.+rabbit' }, true],
		['two of three', { From: 'zion', Subject: 'alert', Body: 'black.+rabbit' }, false],
		['a $ before the CR of a line', { Body: '(?m)^Spoon: false$' }, true],
		['a pattern that wants the CR', { Body: 'Spoon: false\\r\\n' }, true],
	])('with %s', async (_, filter, matched) => {
		const { matches } = await judge([{ Name: 'R', Filter: filter }], trinity);
		expect(matches.length > 0).toBe(matched);
	});

	it('are satisfied by any of several From addresses', async () => {
		const two = { ...trinity, from: ['morpheus@zion.com', 'trinity@zion.com'] };
		const rule = {
			Name: 'R',
			Filter: { From: '^tri' },
			Payload: { FromCaptures: ['^(?<from>tri.+)$'] },
		};
		expect(payloads(await judge([rule], two))).toEqual([{ from: 'trinity@zion.com' }]);
	});

	it('see an empty sender where there is none', async () => {
		const { matches } = await judge([{ Name: 'R', Filter: { From: '^$' } }], {
			...trinity,
			from: [],
		});
		expect(matches).toHaveLength(1);
	});

	it('say which pattern of which field refused a message', async () => {
		const { refusals } = await judge([{ Name: 'R', Filter: { Subject: '^ticket' } }], trinity);
		expect(refusals).toMatchObject([
			{ rule: { name: 'R' }, reason: { kind: 'filter', field: 'subject', pattern: '^ticket' } },
		]);
	});
});

describe('captures', () => {
	const captures = (Payload: object): unknown[] => [{ Name: 'R', Payload }];

	it('take the first match of each pattern, and the later capture of a name', async () => {
		const rules = captures({
			SubjectCaptures: ['(?<x>alert)', '(?<y>e)'],
			BodyCaptures: ['(?<x>rabbit)'],
		});
		expect(payloads(await judge(rules, trinity))).toEqual([{ x: 'rabbit', y: 'e' }]);
	});

	it('keep the earlier capture of a name when the later pattern does not match', async () => {
		const rules = captures({ SubjectCaptures: ['(?<x>alert)'], BodyCaptures: ['(?<x>cat)'] });
		expect(payloads(await judge(rules, trinity))).toEqual([{ x: 'alert' }]);
	});

	it.each<[string, unknown[]]>([
		['LeaveOut', [{}]],
		['EmptyString', [{ x: '' }]],
		['Refuse', []],
	])('with a missing group and %s give %j', async (WhenMissing, expected) => {
		const rules = captures({ SubjectCaptures: ['ticket (?<x>.+)'], WhenMissing });
		expect(payloads(await judge(rules, trinity))).toEqual(expected);
	});

	it('may be called __proto__ or constructor without doing harm', async () => {
		const rules = captures({ SubjectCaptures: ['(?<__proto__>alert) (?<constructor>-)'] });
		const [payload] = payloads(await judge(rules, trinity));
		expect(Object.entries(payload as object)).toEqual([
			['__proto__', 'alert'],
			['constructor', '-'],
		]);
		expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
	});
});

describe('several rules', () => {
	const rules = [
		{ Name: 'Ticket', Filter: { Subject: '^ticket' } },
		{ Name: 'Alert', Filter: { Subject: '^alert' } },
		{ Name: 'Zion', Filter: { From: '@zion.com$' } },
	];

	it.each([
		['first', ['Alert']],
		['all', ['Alert', 'Zion']],
	] as const)('with %s match give %j', async (which, names) => {
		const { matches } = await judge(rules, trinity, which);
		expect(matches.map(({ rule }) => rule.name)).toEqual(names);
	});
});

describe('before the body is read', () => {
	const head: MatchableMessage = { from: trinity.from, subject: trinity.subject };
	const wantsBody = { Name: 'Body', Filter: { Subject: '^alert', Body: 'rabbit' } };

	it('asks for the body of a message that From and Subject let through', async () => {
		expect(await judge([wantsBody], head)).toMatchObject({ needsBody: 'plain', matches: [] });
	});

	it('decides without it where From or Subject refuse', async () => {
		const other = { ...head, subject: 'newsletter' };
		expect(await judge([wantsBody], other)).toMatchObject({ needsBody: false, matches: [] });
	});

	it('does not let a later rule win over one that is still open', async () => {
		const { needsBody, matches } = await judge([wantsBody, { Name: 'Any' }], head);
		expect({ needsBody, matches }).toEqual({ needsBody: 'plain', matches: [] });
	});

	it.each(['first', 'all'] as const)(
		'refuses rules that are not asked again with the body (%s)',
		async (which) => {
			const refused = [
				{ Name: 'From', Filter: { From: 'smith', Body: 'rabbit' } },
				{ Name: 'Either', Filter: { Match: 'any', From: 'smith', Subject: 'newsletter' } },
			];
			const rules = compileRules(
				parseRules([refused[0], wantsBody, refused[1], { ...wantsBody, Name: 'Also' }]),
			);
			const options = () => ({
				which,
				budget: new MatchBudget(),
				pause: () => Promise.resolve(),
			});
			const byHead = await evaluate(rules, head, options());
			const asked = rules.flatMap(({ filter, rule }) =>
				filter.map(({ pattern }) => ({ name: rule.name, match: vi.spyOn(pattern, 'search') })),
			);
			const evaluation = await evaluate(rules, trinity, { ...options(), byHead });
			const names = new Set(
				asked.filter(({ match }) => match.mock.calls.length > 0).map(({ name }) => name),
			);
			expect([...names]).toEqual(which === 'first' ? ['Body'] : ['Body', 'Also']);
			expect(evaluation).toEqual(await evaluate(rules, trinity, options()));
		},
	);
});

describe('a pattern that cannot be decided within its budget', () => {
	it('is an error, never a silent "no match"', async () => {
		const rules = [{ Name: 'R', Filter: { Body: '(a+)\\1+$' } }];
		const hostile = { ...trinity, body: body(`${'a'.repeat(5_000)}!`) };
		await expect(judge(rules, hostile, 'first', 50_000)).rejects.toMatchObject({
			code: 'undecided',
			message: expect.stringMatching(/^Rule "R": Pattern "\(a\+\)\\1\+\$" was not/) as unknown,
		});
	});

	it('lets the event loop run, in the middle of a match and between two', async () => {
		const BodyCaptures = ['a', 'b'].map((name) => `(x+)\\1[!?](?<${name}>x)?`);
		let pauses = 0;
		const judged = evaluate(
			compileRules(parseRules([{ Name: 'R', Payload: { BodyCaptures } }])),
			{ ...trinity, body: body('x'.repeat(300)) },
			{
				which: 'first',
				budget: new MatchBudget({ turnSteps: 1000 }),
				pause: () => {
					pauses += 1;
					return Promise.resolve();
				},
			},
		);
		expect((await judged).matches).toHaveLength(1);
		expect(pauses).toBeGreaterThan(10);
	});
});

describe('compiling rules refuses, with rule, field and position,', () => {
	it.each<[string, object, RegExp]>([
		[
			'a filter that does not parse',
			{ Filter: { Body: 'a(b' } },
			/Rule "R", AlertMagic\.Ingests\[0\]\.Filter\.Body: .*position/,
		],
		[
			'a capture that does not parse',
			{ Payload: { FromCaptures: ['[z-a]'] } },
			/Payload\.FromCaptures\[0\]/,
		],
		[
			'a capture without a named group',
			{ Payload: { BodyCaptures: ['Spoon: (.+)'] } },
			/no named group/,
		],
	])('%s', (_, rule, message) => {
		expect(() => compileRules(parseRules([{ Name: 'R', ...rule }]))).toThrow(message);
	});

	it('no rules at all', () => {
		expect(() => compileRules([])).toThrow(/no rule/);
	});

	it('everything at once', () => {
		const broken = { Name: 'R', Filter: { From: '(' }, Payload: { BodyCaptures: ['x'] } };
		try {
			compileRules(parseRules([broken]));
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(ConfigurationError);
			expect((error as ConfigurationError).faults).toHaveLength(2);
		}
	});
});

describe('a clean-up folder', () => {
	const moveTo = (Folder: string, DeleteAfterDays?: number) =>
		parseRules([{ Name: 'R', CleanUp: { Action: 'MoveToFolder', Folder, DeleteAfterDays } }]);
	const quarantine = 'Ingest Quarantine';

	it.each([
		['inbox', 'INBOX'],
		['Alerts', 'Alerts'],
	])('"%s" is refused on the watched mailbox "%s"', (folder, watched) => {
		expect(checkCleanUpTargets(moveTo(folder), { watched, quarantine })).toMatchObject([
			{ code: 'configuration', field: 'CleanUp.Folder' },
		]);
	});

	it('with retention is refused when it is the quarantine mailbox', () => {
		const rules = moveTo(quarantine, 30);
		expect(checkCleanUpTargets(rules, { watched: 'INBOX', quarantine })).toMatchObject([
			{ code: 'configuration', message: expect.stringContaining('quarantine') as string },
		]);
	});

	it.each([
		['Done', 30],
		[quarantine, undefined],
	])('"%s" kept for %s days is fine', (folder, days) => {
		expect(checkCleanUpTargets(moveTo(folder, days), { watched: 'INBOX', quarantine })).toEqual([]);
	});
});
