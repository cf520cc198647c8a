import { describe, expect, it } from 'vitest';

import { compileRules } from '../../../nodes/core/rules/compile-rules';
import type { CompiledRule } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { RuleTrial } from '../../../nodes/core/rules/trial';
import type { TrialRow } from '../../../nodes/core/rules/trial';
import { MatchBudget } from '../../../nodes/core/regex/pattern';

interface Mail {
	readonly subject: string;
	readonly body?: string;
	readonly failure?: string;
}

const compile = (rules: readonly unknown[]): readonly CompiledRule[] =>
	compileRules(parseRules(rules));

async function ask(rules: readonly CompiledRule[], { subject, body = '' }: Mail) {
	const text = { text: body, source: 'text', truncated: false } as const;
	return await evaluate(
		rules,
		{ from: ['a@example.org'], subject, body: text },
		{ which: 'all', budget: new MatchBudget(), pause: () => Promise.resolve() },
	);
}

/** Tries rules on mails, and others with them. */
async function tryOn(
	mails: readonly Mail[],
	rules: readonly unknown[],
	others?: readonly unknown[],
): Promise<RuleTrial> {
	const compiled = compile(rules);
	const trial = new RuleTrial(compiled);
	for (const mail of mails) {
		const { subject, failure } = mail;
		trial.add({
			from: ['a@example.org'],
			subject,
			receivedAt: '2026-11-23T03:00:00.000Z',
			evaluation: await ask(compiled, mail),
			...(failure !== undefined && { failure }),
			...(others !== undefined && { other: await ask(compile(others), mail) }),
		});
	}
	return trial;
}

const rowsOf = (trial: RuleTrial): Readonly<Record<string, TrialRow>> =>
	Object.fromEntries(trial.rows.map((row) => [row.rule, row]));

const subjectRule = (name: string, start: string, more: object = {}) => ({
	Name: name,
	Filter: { Conditions: [{ Field: 'Subject', Operator: 'StartsWith', Value: start }] },
	...more,
});
const HOST = { Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' };

describe('what rules make of the mail of the past', () => {
	it('counts for each rule what it matches, what it delivers, and what refused the rest', async () => {
		const mails = ['Problem: disk', 'Problem: fan', 'Resolved: fan'].map((subject) => ({
			subject,
		}));
		const { Any, Problem } = rowsOf(
			await tryOn(mails, [subjectRule('Problem', 'Problem:'), { Name: 'Any' }]),
		);
		expect(Problem).toMatchObject({
			matched: 2,
			delivered: 2,
			refusedBy: ['Subject starts with "Problem:": 1'],
			overlaps: ['Any: 2, such as "Problem: disk"'],
		});
		expect(Any).toMatchObject({ matched: 3, delivered: 1, refusedBy: [] });
	});

	it('lets a rule that continues deliver beside the one that it leads to', async () => {
		const rules = [{ Name: 'Log', Continue: true }, { Name: 'Alert' }, { Name: 'Late' }];
		const { Log, Alert, Late } = rowsOf(await tryOn([{ subject: 'x' }], rules));
		expect([Log, Alert, Late].map((row) => row?.delivered)).toEqual([1, 1, 0]);
	});

	it('names values that messages lack, also where an empty text stands in', async () => {
		const mails = [{ subject: 'one', body: 'Host: db1' }, { subject: 'two' }];
		const rule = (WhenMissing: string) => ({
			Name: WhenMissing,
			Payload: { Fields: [HOST], WhenMissing },
		});
		const rows = rowsOf(
			await tryOn(mails, [rule('LeaveOut'), rule('EmptyString'), rule('Refuse')]),
		);
		const missing = ['host: 1, such as "two"'];
		expect(rows['LeaveOut']?.missing).toEqual(missing);
		expect(rows['EmptyString']?.missing).toEqual(missing);
		expect(rows['Refuse']).toMatchObject({ matched: 1, refusedBy: ['host is missing: 1'] });
	});

	it('lists what no rule takes, and apart from that what could not be judged', async () => {
		const mails = [{ subject: 'Newsletter' }, { subject: 'Broken', failure: 'No body came.' }];
		const rows = rowsOf(await tryOn(mails, [subjectRule('Problem', 'Problem:')]));
		const shown = { from: 'a@example.org', receivedAt: '2026-11-23T03:00:00.000Z' };
		expect(rows['(no rule)']).toMatchObject({
			matched: 1,
			messages: [{ ...shown, subject: 'Newsletter' }],
		});
		expect(rows['(not judged)']).toMatchObject({
			matched: 1,
			messages: [{ ...shown, subject: 'Broken', reason: 'No body came.' }],
		});
		expect(rows['Problem']?.refusedBy).toEqual(['Subject starts with "Problem:": 1']);
	});

	it('stays small, however much there is', async () => {
		const mails = Array.from({ length: 300 }, (_, index) => ({
			subject: `${String(index)} ${'x'.repeat(1000)}`,
		}));
		const rules = Array.from({ length: 30 }, (_, index) => ({ Name: `Rule ${String(index)}` }));
		const [first] = (await tryOn(mails, rules)).rows;
		expect(first?.matched).toBe(300);
		expect(first?.overlaps).toHaveLength(20);
		const rest = rowsOf(await tryOn(mails, [subjectRule('Problem', 'Problem:')]))['(no rule)'];
		expect(rest?.messages).toHaveLength(50);
		expect(JSON.stringify(rest).length).toBeLessThan(20_000);
	});
});

describe('comparing with other rules', () => {
	const now = [subjectRule('Problem', 'Problem:', { Payload: { Fields: [HOST] } })];

	it('tells nothing of messages that nothing changes for', async () => {
		const trial = await tryOn([{ subject: 'Problem: disk' }, { subject: 'x' }], now, now);
		expect(trial.changes).toBe(0);
		expect(trial.rows.flatMap(({ changes }) => changes)).toEqual([]);
	});

	it('names messages that another rule takes, or that lose or gain one', async () => {
		const mails = [{ subject: 'Problem: disk' }, { subject: 'Problem: fan' }, { subject: 'Down' }];
		const then = [subjectRule('Disk', 'Problem: disk'), subjectRule('Down', 'Down')];
		const trial = await tryOn(mails, now, then);
		const rows = rowsOf(trial);
		expect(trial.changes).toBe(3);
		expect(rows['Problem']?.changes).toMatchObject([
			{ subject: 'Problem: disk', then: ['Disk'], payload: [] },
			{ subject: 'Problem: fan', then: [], payload: [] },
		]);
		expect(rows['(no rule)']?.changes).toMatchObject([{ subject: 'Down', then: ['Down'] }]);
	});

	it('names the values that differ', async () => {
		const then = [
			subjectRule('Problem', 'Problem:', {
				Payload: { Fields: [HOST], Texts: { title: '{host} is down' } },
			}),
		];
		const mail = { subject: 'Problem: disk', body: 'Host: db1' };
		const [row] = (await tryOn([mail], now, then)).rows;
		expect(row?.changes).toMatchObject([
			{ then: ['Problem'], payload: ['title: nothing -> "db1 is down"'] },
		]);
	});
});
