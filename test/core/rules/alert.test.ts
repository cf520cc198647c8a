import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { toAlert } from '../../../nodes/core/rules/alert';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { explainRules } from '../../../nodes/core/rules/explain';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import type { Rule } from '../../../nodes/core/rules/rule';

const PACE = () => ({ budget: new MatchBudget(), pause: () => Promise.resolve() });
const FIELDS = ['host', 'check', 'state'].map((name) => ({
	Name: name,
	Field: 'Body',
	How: 'AfterLabel',
	Label: `${name}:`,
}));
const ALERT = {
	Key: ['host', 'check'],
	Actions: [
		{ Name: 'state', Is: 'OK', Action: 'Resolve' },
		{ Name: 'state', Is: 'warning', Action: 'Update' },
	],
};

const compile = (Alert: object, Payload: object = { Fields: FIELDS }) =>
	compileRules(parseRules([{ Name: 'R', Payload, Alert }]));
const toMessage = (text: string) => ({
	from: ['a@example.com'],
	subject: 'S',
	body: { text, source: 'text' as const, truncated: false },
});
const judge = async (text: string, Alert: object = ALERT, Payload?: object) => {
	const { matches } = await evaluate(compile(Alert, Payload), toMessage(text), {
		which: 'first',
		...PACE(),
	});
	return matches[0];
};
const explain = async (text: string, Alert: object = ALERT) =>
	(await explainRules(compile(Alert), toMessage(text), PACE())).lines.at(-1);

describe('the alert of a message', () => {
	it.each([
		['host: db1\ncheck: Disk /var\nstate: CRITICAL', 'db1/disk %2Fvar', 'open'],
		['host: DB1 \ncheck:  disk\t /VAR\nstate: ok', 'db1/disk %2Fvar', 'resolve'],
		['host: db1\ncheck: disk\nstate: Warning', 'db1/disk', 'update'],
		['host: db1\ncheck: disk', 'db1/disk', 'open'],
		['host: Gro\u0308ße\ncheck: 100%', 'größe/100%25', 'open'],
	])('of %j has the key %s and the action %s', async (text, key, action) => {
		expect((await judge(text))?.alert).toEqual({ key, action });
	});

	it('has the action of its rule where no value decides', async () => {
		const resolves = { ...ALERT, Action: 'Resolve' };
		expect((await judge('host: a\ncheck: b\nstate: gone', resolves))?.alert?.action).toBe(
			'resolve',
		);
		expect((await judge('host: a\ncheck: b\nstate: warning', resolves))?.alert?.action).toBe(
			'update',
		);
	});

	it('has a key of values that were made, typed or fixed, too', async () => {
		const Payload = {
			Fields: FIELDS,
			Types: { check: 'Number' },
			Maps: [{ Name: 'host', From: '10.0.0.1', To: 'db1' }],
			Texts: { title: '{host} in {site}' },
			Fixed: { site: 'Berlin' },
		};
		const Alert = { Key: ['title', 'check', 'site'] };
		expect((await judge('host: 10.0.0.1\ncheck: 07', Alert, Payload))?.alert?.key).toBe(
			'db1 in berlin/7/berlin',
		);
	});

	it('is not there where a value of its key is missing or empty, and the message goes on', async () => {
		expect(await judge('host: db1')).toMatchObject({ payload: { host: 'db1' } });
		expect(await judge('host: db1')).not.toHaveProperty('alert');
		const Payload = { Fields: FIELDS, WhenMissing: 'EmptyString' };
		expect(await judge('host: db1', ALERT, Payload)).not.toHaveProperty('alert');
	});

	it('is explained, also why there is none', async () => {
		expect(await explain('host: db1\ncheck: disk\nstate: ok')).toBe(
			'Rule "R", alert: resolve "db1/disk"',
		);
		expect(await explain('host: db1')).toBe(
			'Rule "R", alert: none, since check is missing or empty',
		);
	});

	it.each([
		[{ Key: ['hots'] }, /Alert\.Key.*"hots" is captured by no pattern/],
		[
			{ Key: ['host'], Actions: [{ Name: 'x', Is: 'OK', Action: 'Resolve' }] },
			/Alert\.Actions.*"x" is captured by no pattern/,
		],
		[{ Action: 'Resolve' }, /Alert\.Action.*no alert key/],
		[{ Key: ['host'], Action: 'Close' }, /Alert\.Action is "Close"/],
	])('refuses %j', (Alert, words) => {
		expect(() => compile(Alert)).toThrow(words);
	});
});

describe('an alert key', () => {
	const keyOf = (values: readonly string[]) => {
		const alertKey = values.map((_, index) => `v${String(index)}`);
		const rule: Rule = {
			name: 'R',
			filter: {},
			captures: {},
			whenMissing: 'leaveOut',
			cleanUp: { action: 'none' },
			alertKey,
		};
		return toAlert(
			rule,
			Object.fromEntries(values.map((value, index) => [`v${String(index)}`, value])),
		)?.key;
	};
	const value = fc.string({
		unit: fc.constantFrom('a', 'B', '/', '%', '2', 'F', ' ', '😀'),
		maxLength: 300,
	});

	it('is the same only for values that differ in case and blanks at most, and 200 characters long at most', () => {
		const same = (values: readonly string[]) =>
			JSON.stringify(values.map((one) => one.toLowerCase().replace(/ +/g, ' ').trim()));
		fc.assert(
			fc.property(
				fc.array(value, { minLength: 1, maxLength: 3 }),
				fc.array(value, { minLength: 1, maxLength: 3 }),
				(left, right) => {
					const [one, other] = [keyOf(left), keyOf(right)];
					if (one === undefined || other === undefined) return;
					expect(one.length).toBeLessThanOrEqual(200);
					expect(one).not.toMatch(/[\uD800-\uDFFF]/u);
					expect(one === other).toBe(same(left) === same(right));
				},
			),
		);
	});

	it('of long values differs where only their ends do', () => {
		const long = 'x'.repeat(500);
		expect(keyOf([`${long}1`])).not.toBe(keyOf([`${long}2`]));
		expect(keyOf([`${long}1`])).toBe(keyOf([`${long}1 `]));
	});
});
