import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MatchableMessage } from '../../../nodes/core/message/message';
import { compilePattern, MatchBudget } from '../../../nodes/core/regex/pattern';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { explainRules } from '../../../nodes/core/rules/explain';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { findGaps, toIngest } from '../../../nodes/core/rules/json/write-alertmagic';

const toMail = (text: string, more: Partial<MatchableMessage> = {}): MatchableMessage => ({
	from: ['Alerts@Monitor.Example.com'],
	to: ['neo@zion.com', 'oncall@zion.com'],
	subject: '[PRTG] Disk full on db1',
	headers: new Map([['x-priority', ['1 (Highest)']]]),
	attachmentNames: ['log.txt', 'report.PDF'],
	body: { text, source: 'text', truncated: false },
	...more,
});
const MAIL = toMail('Host: db1\r\nState : down\r\n\r\nSee https://mon.example.com/a?b=1.\r\n');
const pace = () => ({
	budget: new MatchBudget(),
	pause: () => Promise.resolve(),
});
const judge = async (rule: object, mail = MAIL) =>
	await evaluate(compileRules(parseRules([{ Name: 'R', ...rule }])), mail, {
		which: 'first',
		...pace(),
	});
const isMatch = async (rule: object, mail?: MatchableMessage) =>
	(await judge(rule, mail)).matches.length === 1;
const payloadOf = async (Payload: object, mail?: MatchableMessage) =>
	(await judge({ Payload }, mail)).matches[0]?.payload;

describe('a condition', () => {
	it.each<[string, string, string | string[], boolean]>([
		['Subject', 'Contains', 'DISK FULL', true],
		['Subject', 'Contains', 'disk (full)', false],
		['Subject', 'DoesNotContain', 'resolved', true],
		['Subject', 'DoesNotContain', 'disk', false],
		['Subject', 'Equals', '[prtg] disk full on DB1', true],
		['Subject', 'Equals', 'disk full', false],
		['Subject', 'StartsWith', '[PRTG]', true],
		['Subject', 'StartsWith', 'Disk', false],
		['Subject', 'EndsWith', 'db1', true],
		['Subject', 'EndsWith', 'db', false],
		['Subject', 'Contains', 'disk   FULL', true],
		['Subject', 'ContainsOneOf', ['up', 'full on'], true],
		['Subject', 'ContainsOneOf', ['up', '[disk'], false],
		['SenderDomain', 'ContainsOneOf', ['alerts', 'zion'], false],
		['Subject', 'Matches', '^\\[PRTG\\]', true],
		['Subject', 'Matches', '^\\[prtg\\]', false],
		['From', 'Equals', 'alerts@monitor.example.com', true],
		['SenderDomain', 'Equals', 'monitor.example.com', true],
		['SenderDomain', 'Equals', 'example.com', false],
		['SenderDomain', 'EndsWith', '.example.com', true],
		['SenderDomain', 'Contains', 'alerts', false],
		['SenderDomain', 'DoesNotContain', 'alerts', true],
		['SenderDomain', 'IsOneOf', ['zion.com', 'Monitor.example.com'], true],
		['To', 'Contains', 'oncall', true],
		['To', 'DoesNotContain', 'oncall', false],
		['To', 'DoesNotContain', 'smith', true],
		['Cc', 'Contains', '@', false],
		['Cc', 'DoesNotContain', '@', true],
		['Header', 'StartsWith', '1', true],
		['AttachmentName', 'EndsWith', '.pdf', true],
		['AttachmentName', 'IsOneOf', ['a', 'log.txt'], true],
		['Body', 'StartsWith', 'host: db1', true],
		['Body', 'EndsWith', 'b=1.', true],
		['Body', 'Contains', 'State : down', true],
	])('%s %s %j: %s', async (Field, Operator, value, expected) => {
		const text = Array.isArray(value) ? { Values: value } : { Value: value };
		const header = Field === 'Header' ? { Header: 'X-Priority' } : {};
		const rule = { Filter: { Conditions: [{ Field, ...header, Operator, ...text }] } };
		expect(await isMatch(rule)).toBe(expected);
	});

	it('is one of all, with patterns, or of any', async () => {
		const Conditions = [
			{ Field: 'Subject', Operator: 'Contains', Value: 'disk' },
			{ Field: 'Body', Operator: 'Contains', Value: 'nothing' },
		];
		expect(await isMatch({ Filter: { Conditions } })).toBe(false);
		expect(await isMatch({ Filter: { Conditions, Match: 'Any' } })).toBe(true);
		expect(await isMatch({ Filter: { From: 'smith', Conditions: [Conditions[0]] } })).toBe(false);
	});

	it('asks all senders where it is not certain who it is', async () => {
		const rule = {
			Filter: { Conditions: [{ Field: 'SenderDomain', Operator: 'Equals', Value: 'zion.com' }] },
		};
		const from = ['trinity@zion.com', 'smith@evil.example'];
		expect(await isMatch(rule, toMail('', { from }))).toBe(true);
		expect(await isMatch(rule, toMail('', { from, ambiguousSender: true }))).toBe(false);
	});

	it('takes whatever is written in it as it is written', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), async (text) => {
				const value = text.replace(/\r\n?/g, '\n');
				const holds = async (Operator: string, subject: string) =>
					await isMatch(
						{ Filter: { Conditions: [{ Field: 'Subject', Operator, Value: value }] } },
						toMail('', { subject }),
					);
				expect(await holds('Contains', `a ${value} b`)).toBe(true);
				expect(await holds('Equals', value)).toBe(true);
				expect(await holds('DoesNotContain', `a ${value} b`)).toBe(false);
			}),
			{ numRuns: 200 },
		);
	});

	it('is exported as a pattern that means the same', async () => {
		const operators = ['Contains', 'DoesNotContain', 'Equals', 'StartsWith', 'EndsWith'];
		const texts = ['alert', 'monitor.example.com', 'db1', '[PRTG] Disk full on db1', 'Host'];
		for (const Match of ['All', 'Any']) {
			for (const Field of ['Subject', 'From', 'SenderDomain', 'Body']) {
				for (const Operator of operators) {
					for (const Value of texts) {
						const Conditions = [
							{ Field, Operator, Value },
							{ Field, Operator: 'DoesNotContain', Value: 'zzz' },
						];
						const [rule] = parseRules([{ Name: 'R', Filter: { Match, Conditions } }]);
						if (rule === undefined) throw new Error('no rule');
						expect(await isMatch(toIngest(rule))).toBe(
							await isMatch({ Filter: { Match, Conditions } }),
						);
					}
				}
			}
		}
	});
});

describe('a captured field', () => {
	const capture = async (field: object, mail = MAIL) =>
		(await payloadOf({ Fields: [{ Name: 'v', Field: 'Body', ...field }] }, mail))?.['v'];

	it.each<[string, object, string, string | undefined]>([
		['AfterLabel', { Label: 'Spoon:' }, 'Fork: 1\nSpoon: false ', 'false'],
		['AfterLabel', { Label: 'spoon' }, 'Teaspoon: 1\nSpoon  =  big one\n', 'big one'],
		['AfterLabel', { Label: 'Spoon:' }, 'Spoon is here\nSpoon : x', 'x'],
		['AfterLabel', { Label: 'Spoon' }, 'Spoon:   \nother', undefined],
		['AfterLabel', { Label: 'Address' }, 'Address: ::1', '::1'],
		['LineAfterLabel', { Label: 'Info:' }, 'Info:\n\n  all is lost \nmore', 'all is lost'],
		['LineAfterLabel', { Label: 'Info' }, 'Info: here\nInfo\nbelow', 'below'],
		['CellRightOfLabel', { Label: 'Host' }, 'Host      db1     up\n', 'db1'],
		['CellRightOfLabel', { Label: 'Host' }, '| Host | db 1 | x |', 'db 1'],
		['CellRightOfLabel', { Label: 'Host:' }, 'Name\tweb\tHost\tdb1\tx', 'db1'],
		['CellRightOfLabel', { Label: 'Host' }, 'Ghost\tx\nHost: db1', 'db1'],
		[
			'Between',
			{ After: 'Interface', Before: ', changed' },
			'on Interface Gi0/1, changed',
			'Gi0/1',
		],
		['Between', { After: '[', Before: ']' }, 'a [ x y ] b]', 'x y'],
		['Between', { After: '<<', Before: '>>' }, '<<a\nb>>', 'a\nb'],
		['Between', { After: ' is ', Before: '!' }, 'disk on db1 is  DOWN!', 'DOWN'],
		['Between', { After: 'PSU', Before: ':' }, 'PSU0003: lost', '0003'],
		['Between', { Before: '- UPS:' }, 'Code: 1\n\n  Severe  - UPS: on battery', 'Severe'],
		['Between', { After: 'backup' }, 'pve1: backup  failed \nrest', 'failed'],
		['WholeField', {}, '\n a\nb \n', 'a\nb'],
		['FirstNumber', {}, 'used: -1,234.5 GB of 7', '-1,234.5'],
		['FirstIpAddress', {}, 'v1.2.3 at 10.0.0.256 or 192.0.2.17:80', '192.0.2.17'],
		['FirstIpAddress', {}, 'from 2001:db8::17 on', '2001:db8::17'],
		['FirstHost', {}, 'the e.g db1.example.com is down.', 'db1.example.com'],
		['FirstUrl', {}, 'See (https://mon.example.com/a?b=1).', 'https://mon.example.com/a?b=1'],
		['FirstDate', {}, 'at 2026-11-23 03:14:07 UTC', '2026-11-23 03:14:07 UTC'],
		['FirstDate', {}, 'am 23.11.2026 um 3', '23.11.2026'],
		['FirstDate', {}, 'Nov 23, 2026', 'Nov 23, 2026'],
	])('%s %j of %j is %j', async (How, more, text, expected) => {
		expect(await capture({ How, ...more }, toMail(text))).toBe(expected);
	});

	it.each<[string, unknown]>([
		['Subject', '[PRTG] Disk full on db1'],
		['From', 'Alerts@Monitor.Example.com'],
		['SenderDomain', 'Monitor.Example.com'],
	])('can be the whole %s', async (Field, expected) => {
		expect(await capture({ Field, How: 'WholeField' })).toBe(expected);
	});

	it('sees the cells of a table in HTML', async () => {
		const body = { text: 'Host db1 State down', cells: 'Host\tdb1\tState\tdown', truncated: false };
		const mail = toMail('', { body: { ...body, source: 'html' } });
		expect(await capture({ How: 'CellRightOfLabel', Label: 'Host' }, mail)).toBe('db1');
	});

	it('is exported as a pattern that captures the same', async () => {
		const Fields = [
			{ Name: 'a', Field: 'Body', How: 'AfterLabel', Label: 'Host:' },
			{ Name: 'b', Field: 'Subject', How: 'WholeField' },
			{ Name: 'c', Field: 'SenderDomain', How: 'WholeField' },
			{ Name: 'd', Field: 'Body', How: 'FirstUrl' },
		];
		const [rule] = parseRules([{ Name: 'R', Payload: { Fields } }]);
		if (rule === undefined) throw new Error('no rule');
		expect(findGaps(rule)).toEqual([]);
		expect(await payloadOf({ ...toIngest(rule).Payload })).toEqual(await payloadOf({ Fields }));
	});

	it('shows its pattern in an explanation', async () => {
		const Fields = [{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' }];
		const rules = compileRules(parseRules([{ Name: 'R', Payload: { Fields } }]));
		const { lines } = await explainRules(rules, MAIL, pace());
		expect(lines).toEqual([
			'Rule "R", Body capture host (text after "Host:"), as (?i)\\bHost\\b[ \\t]*:[ \\t]*(?<host>\\S(?:[^\\n]*\\S)?): host = "db1"',
		]);
	});

	it('has a pattern whatever its texts are', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
				const Fields = ['AfterLabel', 'LineAfterLabel', 'CellRightOfLabel']
					.map((How) => ({ Name: 'v', Field: 'Body', How, Label: `x${a}` }) as object)
					.concat({ Name: 'v', Field: 'Body', How: 'Between', After: `x${a}`, Before: `x${b}` });
				const [rule] = compileRules(parseRules([{ Name: 'R', Payload: { Fields } }]));
				for (const { pattern } of rule?.captures ?? []) {
					expect(compilePattern(pattern.source).groupNames).toEqual(['v']);
				}
			}),
		);
	});
});
