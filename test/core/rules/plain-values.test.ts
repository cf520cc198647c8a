import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MatchableMessage } from '../../../nodes/core/message/message';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { readKeyValues } from '../../../nodes/core/rules/plain/key-values';
import { toKey } from '../../../nodes/core/rules/plain/names';
import { readBlocks, readTable } from '../../../nodes/core/rules/plain/records';

const judge = async (Payload: object, text: string, cells?: string) => {
	const message: MatchableMessage = {
		from: ['a@example.com'],
		subject: 'S',
		body: { text, ...(cells !== undefined && { cells }), source: 'text', truncated: false },
	};
	const { matches, refusals } = await evaluate(
		compileRules(parseRules([{ Name: 'R', Payload }])),
		message,
		{
			which: 'first',
			budget: new MatchBudget(),
			pause: () => Promise.resolve(),
		},
	);
	return matches[0]?.payload ?? refusals[0]?.reason;
};

describe('key-value lines', () => {
	const entries = (text: string) => Object.fromEntries(readKeyValues(text));

	it.each<[string, object]>([
		['Host: db1\nState = down', { host: 'db1', state: 'down' }],
		['  * Original problem ID : 5 \r', { originalProblemId: '5' }],
		['Host\tdb1\nState:\tdown', { host: 'db1', state: 'down' }],
		['Host: a\nHOST: b', { host: 'a' }],
		['Host:\nState: down', { state: 'down' }],
		['https://example.com/a: b', {}],
		['12:30:15 started', {}],
		['Nov 23 03:14:07 UTC: link down', {}],
		['We would like to tell you all: this is a sentence', {}],
		['files01   D:        12.5', {}],
		['__proto__: x\nconstructor: y', { proto: 'x', constructor: 'y' }],
		['2nd disk: full', { _2ndDisk: 'full' }],
		['Größe: 5 GB', { größe: '5 GB' }],
	])('of %j are %j', (text, expected) => {
		expect(entries(text)).toEqual(expected);
	});

	it('are 100 at most, and none is longer than a line', () => {
		const text = Array.from({ length: 200 }, (_, index) => `Label${String(index)}: x`).join('\n');
		expect(readKeyValues(text).size).toBe(100);
		expect(entries(`${'a'.repeat(100_000)}: x`)).toEqual({});
	});

	it('are in the payload beside what is captured, which wins', async () => {
		const Payload = {
			KeyValueLines: true,
			BodyCaptures: ['(?<host>db\\d)'],
			Types: { load: 'Number' },
		};
		expect(await judge(Payload, 'Host: other db1\nLoad: 5')).toEqual({ host: 'db1', load: 5 });
	});

	it('have names that can stand in an expression', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (label) => {
				expect(toKey(label) ?? 'x').toMatch(/^[\p{L}_][\p{L}\p{N}_]*$/u);
			}),
		);
	});
});

describe('a table', () => {
	const rows = [
		{ host: 'db1', freeSpace: '5 GB', state: 'low' },
		{ host: 'web2', freeSpace: '', state: 'ok' },
	];

	it.each<[string, string]>([
		['cells of HTML', 'Host\tFree space\tState\ndb1\t5 GB\tlow\nweb2\t\tok\nEnd of report'],
		[
			'Markdown',
			'| Host | Free space | State |\n|---|:--|---|\n| db1 | 5 GB | low |\n| web2 | | ok |',
		],
		[
			'columns of text',
			'Report\n\nHost   Free space   State\n----   ----------   -----\ndb1    5 GB         low\nweb2                ok\n\nEnd',
		],
	])('is read from %s', (_what, text) => {
		expect(readTable(text)).toEqual(rows);
	});

	it('is the one that has a column', () => {
		const text = 'A\tB\n1\t2\n\nC\tD\n3\t4';
		expect(readTable(text, 'd')).toEqual([{ c: '3', d: '4' }]);
		expect(readTable(text, 'x')).toEqual([]);
	});

	it('names columns apart', () => {
		expect(readTable('A\ta\t\n1\t2\t3')).toEqual([{ a: '1', a2: '2', column3: '3' }]);
	});

	it('is a list of objects in the payload, with types and words', async () => {
		const Payload = {
			Records: [{ Name: 'disks', How: 'Table' }],
			Types: { free: 'Number' },
			Maps: [{ Name: 'state', From: '2', To: 'critical' }],
		};
		expect(
			await judge(Payload, 'Host Free State', 'Host\tFree\tState\ndb1\t3\t2\nweb\tx\t1'),
		).toEqual({
			disks: [
				{ host: 'db1', free: 3, state: 'critical' },
				{ host: 'web', state: '1' },
			],
		});
	});

	it('that is missing is left out, empty, or refused', async () => {
		const Records = [{ Name: 'disks', How: 'Table' }];
		expect(await judge({ Records }, 'x')).toEqual({});
		expect(await judge({ Records, WhenMissing: 'EmptyString' }, 'x')).toEqual({ disks: [] });
		expect(await judge({ Records, WhenMissing: 'Refuse' }, 'x')).toEqual({
			kind: 'captureMissing',
			group: 'disks',
		});
	});
});

describe('repeated blocks', () => {
	it('are records, divided by empty lines or a label that comes again', () => {
		const blocks = 'Report: daily\n\nHost: a\nState: up\n\nHost: b\nState: down\nHost: c\n';
		expect(readBlocks(blocks)).toEqual([
			{ host: 'a', state: 'up' },
			{ host: 'b', state: 'down' },
			{ host: 'c' },
		]);
	});
});

describe('what several matches capture', () => {
	const hosts = fc.array(
		fc.record({
			host: fc.stringMatching(/^[a-z]{1,5}$/),
			free: fc.option(fc.stringMatching(/^\d{1,3}$/), { nil: undefined }),
		}),
		{ minLength: 1, maxLength: 8 },
	);
	const toText = (list: ReadonlyArray<{ host: string; free: string | undefined }>) =>
		list
			.map(({ host, free }) => `host ${host}${free === undefined ? '' : ` free ${free}`};`)
			.join('\n');
	const pattern = 'host (?<host>\\w+)(?: free (?<free>\\d+))?;';

	it('is a record for each match that holds what this match captured', async () => {
		await fc.assert(
			fc.asyncProperty(hosts, async (list) => {
				const Records = [{ Name: 'hosts', How: 'Pattern', Pattern: pattern }];
				const expected = list.map(({ host, free }) => ({
					host,
					...(free !== undefined && { free }),
				}));
				expect(await judge({ Records }, toText(list))).toEqual({ hosts: expected });
			}),
		);
	});

	it('stands at the same place in the list of every name', async () => {
		await fc.assert(
			fc.asyncProperty(hosts, async (list) => {
				const payload = await judge({ BodyCaptures: [pattern], Matches: 'All' }, toText(list));
				const free = list.map((one) => one.free ?? null);
				expect(payload).toEqual({
					host: list.map(({ host }) => host),
					...(free.some((one) => one !== null) && { free }),
				});
			}),
		);
	});
});

describe('values in words', () => {
	const BodyCaptures = ['Severity: (?<severity>.+)', 'Host: (?<host>.+)'];

	it.each<[string, string, string]>([
		['a value that is known', '2', 'critical'],
		['a value that is known, in any case', 'INFO', 'note'],
		['any other', '7', 'warning'],
	])('replace %s', async (_what, value, expected) => {
		const Maps = [
			{ Name: 'severity', From: '2', To: 'critical' },
			{ Name: 'severity', To: 'warning' },
			{ Name: 'severity', From: 'info', To: 'note' },
		];
		expect(await judge({ BodyCaptures, Maps }, `Severity: ${value}`)).toEqual({
			severity: expected,
		});
	});

	it('leave a value that no map knows', async () => {
		const Maps = [{ Name: 'severity', From: '2', To: 'critical' }];
		expect(await judge({ BodyCaptures, Maps }, 'Severity: 3')).toEqual({ severity: '3' });
	});

	it('stand in for what is missing, so that nothing is refused', async () => {
		const Payload = { BodyCaptures, Defaults: { host: 'unknown' }, WhenMissing: 'Refuse' };
		expect(await judge(Payload, 'Severity: 3')).toEqual({ severity: '3', host: 'unknown' });
		expect(await judge(Payload, 'Host: db1')).toMatchObject({ kind: 'captureMissing' });
	});

	it('make texts of captured and fixed values', async () => {
		const Payload = {
			BodyCaptures,
			Fixed: { site: 'Berlin' },
			Texts: { title: '{host} in {site}: {severity}', note: '{not a name} {}' },
		};
		expect(await judge(Payload, 'Host: db1')).toEqual({
			host: 'db1',
			title: 'db1 in Berlin: ',
			note: '{not a name} {}',
			site: 'Berlin',
		});
	});
});

describe('refusals', () => {
	const Fields = [{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host' }];

	it.each<[string, object, RegExp]>([
		[
			'a condition without a value',
			{ Filter: { Conditions: [{ Field: 'Subject', Operator: 'Contains', Value: '' }] } },
			/Conditions\[0\]\.Value is missing/,
		],
		[
			'a condition without a field',
			{ Filter: { Conditions: [{ Operator: 'Contains', Value: 'x' }] } },
			/Conditions\[0\]\.Field is missing/,
		],
		[
			'an unknown operator',
			{ Filter: { Conditions: [{ Field: 'Subject', Operator: 'Like', Value: 'x' }] } },
			/Operator is "Like"/,
		],
		[
			'values where one is meant',
			{ Filter: { Conditions: [{ Field: 'Subject', Operator: 'Contains', Values: ['x'] }] } },
			/Values is given, but Operator is Contains/,
		],
		[
			'a header without its name',
			{ Filter: { Conditions: [{ Field: 'Header', Operator: 'Contains', Value: 'x' }] } },
			/Header is missing/,
		],
		[
			'a broken pattern',
			{ Filter: { Conditions: [{ Field: 'Subject', Operator: 'Matches', Value: '(' }] } },
			/Conditions\[0\]\.Value: Pattern "\("/,
		],
		[
			'a field without a label',
			{ Payload: { Fields: [{ Name: 'a', Field: 'Body', How: 'AfterLabel' }] } },
			/Fields\[0\]\.Label is missing/,
		],
		[
			'a name that cannot be one',
			{ Payload: { Fields: [{ Name: 'a b', Field: 'Body', How: 'FirstUrl' }] } },
			/Fields\[0\]\.Name: "a b" cannot be the name/,
		],
		[
			'a list of an unknown kind',
			{ Payload: { Records: [{ Name: 'a', How: 'Rows' }] } },
			/How is "Rows"/,
		],
		[
			'a text with an unknown name',
			{ Payload: { Fields, Texts: { t: '{hots}' } } },
			/Payload\.Texts: "hots" is captured/,
		],
		[
			'a map for an unknown name',
			{ Payload: { Fields, Maps: [{ Name: 'x', To: 'y' }] } },
			/Payload\.Maps: "x" is captured/,
		],
		[
			'a default for an unknown name',
			{ Payload: { Fields, Defaults: { x: 'y' } } },
			/Payload\.Defaults: "x" is captured/,
		],
		[
			'a text of a captured name',
			{ Payload: { Fields, Texts: { host: 'x' } } },
			/Payload\.Texts: "host" is captured, too/,
		],
	])('of %s', (_what, rule, message) => {
		expect(() => compileRules(parseRules([{ Name: 'R', ...rule }]))).toThrow(message);
	});
});
