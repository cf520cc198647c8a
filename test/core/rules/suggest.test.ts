import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { writeRule } from '../../../nodes/core/rules/json/rules';
import { suggestRule, suggestRuleFor } from '../../../nodes/core/rules/suggest';
import type { SampleMessage } from '../../../nodes/core/rules/suggest';

const from = (subject: string, more: Partial<SampleMessage> = {}): SampleMessage => ({
	from: ['zabbix@example.org'],
	subject,
	text: 'Problem started at 04:12:33 on 2026.11.23\r\nHost: db2\r\nSeverity : High\r\n',
	...more,
});
const PROBLEM = from('Problem: Less than 10% free on volume /var');
const OTHER = from('Problem: Host is down', { text: 'Host: web1\nSeverity: Low\nSite: B' });

const payloadOf = async (rule: object, { from: addresses, subject, text }: SampleMessage) => {
	const body = { text, source: 'text', truncated: false } as const;
	const { matches } = await evaluate(
		compileRules(parseRules([rule])),
		{ from: addresses, subject, body },
		{
			which: 'first',
			budget: new MatchBudget(),
			pause: () => Promise.resolve(),
		},
	);
	return matches[0]?.payload;
};

describe('a rule that is suggested', () => {
	it('is for the sender and the constant part of the subject, and captures the labels', () => {
		expect(writeRule(suggestRule([PROBLEM]))).toEqual({
			Name: 'Problem:',
			Filter: {
				Conditions: [
					{ Field: 'From', Operator: 'Equals', Value: 'zabbix@example.org' },
					{ Field: 'Subject', Operator: 'StartsWith', Value: 'Problem:' },
				],
			},
			Payload: {
				Fields: [
					{ Name: 'subject', Field: 'Subject', How: 'WholeField' },
					{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' },
					{ Name: 'severity', Field: 'Body', How: 'AfterLabel', Label: 'Severity:' },
				],
			},
		});
	});

	it('takes the messages it was made of, and captures their values', async () => {
		const rule = writeRule(suggestRule([PROBLEM, OTHER]));
		expect(await payloadOf(rule, PROBLEM)).toEqual({
			subject: PROBLEM.subject,
			host: 'db2',
			severity: 'High',
		});
		expect(await payloadOf(rule, OTHER)).toMatchObject({ host: 'web1', severity: 'Low' });
	});

	it('asks for the domain where the address differs, and for nobody where that does', () => {
		const elsewhere = from('Problem: x', { from: ['proxy@example.org'] });
		const [domain] = suggestRule([PROBLEM, elsewhere]).conditions ?? [];
		expect(domain).toEqual({ field: 'senderDomain', operator: 'equals', value: 'example.org' });
		const foreign = from('Problem: x', { from: ['a@example.com'] });
		expect(suggestRule([PROBLEM, foreign]).conditions).toMatchObject([{ field: 'subject' }]);
	});

	it.each([
		[['[PRTG] Disk (Down)'], '[PRTG]'],
		[['Backup of files01 failed'], 'Backup of'],
		[['Disk report', 'Disk report'], 'Disk report'],
		[['Backup ok on a', 'Backup OK on b'], 'Backup ok on'],
		[['a', 'b'], ''],
		[[''], ''],
	])('of the subjects %j begins with %j', (subjects, expected) => {
		const [first = PROBLEM, ...others] = subjects.map((subject) => from(subject));
		const { conditions = [] } = suggestRule([first, ...others]);
		expect(conditions.find(({ field }) => field === 'subject')?.value ?? '').toBe(expected);
	});

	it('takes the rows of a table', () => {
		const cells = 'Host\tFree\na\t1\nb\t2';
		expect(suggestRule([from('Disks', { text: 'Host Free', cells })]).records).toEqual([
			{ name: 'rows', how: 'table' },
		]);
	});

	it('can always be used, and takes what it was made of', async () => {
		const text = fc.string({ unit: 'grapheme-ascii' });
		const sample = fc.record({ subject: text, body: text });
		await fc.assert(
			fc.asyncProperty(sample, async ({ subject, body }) => {
				const message = from(subject.trim().replace(/\s+/g, ' '), { text: body });
				expect(await payloadOf(writeRule(suggestRule([message])), message)).toBeDefined();
			}),
		);
	});
});

describe('a rule for messages like one', () => {
	const written = (others: readonly SampleMessage[]) => writeRule(suggestRuleFor(PROBLEM, others));

	it('is surer of the labels, the more messages of its kind there are', () => {
		expect(written([OTHER])['Payload']).toEqual({
			Fields: [
				{ Name: 'subject', Field: 'Subject', How: 'WholeField' },
				{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' },
				{ Name: 'severity', Field: 'Body', How: 'AfterLabel', Label: 'Severity:' },
			],
		});
		expect(written([OTHER])['Filter']).toEqual(written([])['Filter']);
	});

	it('does not ask those of another sender or another subject', () => {
		const stranger = from('Problem: none', { from: ['other@example.org'], text: 'Nothing' });
		const resolved = from('Resolved: Host is down', { text: 'Nothing' });
		expect(written([stranger, resolved])).toEqual(written([]));
	});

	it('captures the whole text where there is hardly a label', () => {
		const cron = from('Cron <root@web1> backup.sh', { text: 'rsync: connection closed\nfailed' });
		expect(writeRule(suggestRuleFor(cron, []))['Payload']).toMatchObject({
			Fields: expect.arrayContaining([
				{ Name: 'text', Field: 'Body', How: 'WholeField' },
			]) as unknown,
		});
	});
});
