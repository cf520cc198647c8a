import { describe, expect, it } from 'vitest';

import { compileRules } from '../../nodes/core/rules/compile-rules';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import { evaluate } from '../../nodes/core/rules/evaluate';
import type { MatchableMessage } from '../../nodes/core/message/message';
import { MatchBudget } from '../../nodes/core/regex/pattern';
import { PAGES } from './pages';

/** A rule of docs/rules.md with one mail and the payload that stands below it, `null` for no match. */
interface Example {
	readonly title: string;
	readonly rule: unknown;
	readonly mail: string;
	readonly payload: unknown;
}

const PAGE = PAGES.find(({ path }) => path === 'docs/rules.md')?.text ?? '';
const HEADING_OR_FENCE =
	/^### (?<title>[^\n]+)$|^```\w+ (?<kind>rule|mail|payload)\n(?<text>.*?)^```$/gms;

const EXAMPLES = readExamples(PAGE);

function readExamples(page: string): readonly Example[] {
	const examples: Example[] = [];
	let title = '';
	let rule: unknown;
	let mail = '';
	for (const { groups = {} } of page.matchAll(HEADING_OR_FENCE)) {
		const { title: heading, kind, text = '' } = groups;
		if (heading !== undefined) title = heading;
		else if (kind === 'rule') rule = JSON.parse(text);
		else if (kind === 'mail') mail = text;
		else examples.push({ title, rule, mail, payload: JSON.parse(text) });
	}
	return examples;
}

/** Mails are written as a mail program shows them; on the wire their lines end in CRLF. */
function toMessage(mail: string): MatchableMessage {
	const [head = '', ...paragraphs] = mail.split('\n\n');
	const field = (name: string): string =>
		new RegExp(`^${name}: (.+)$`, 'm').exec(head)?.[1] ?? `no ${name}`;
	const from = field('From');
	return {
		from: [/<(.+)>$/.exec(from)?.[1] ?? from],
		subject: field('Subject'),
		body: {
			text: paragraphs.join('\n\n').replaceAll('\n', '\r\n'),
			source: 'text',
			truncated: false,
		},
	};
}

async function payloadOf({ rule, mail }: Example): Promise<unknown> {
	const { matches } = await evaluate(compileRules(parseRules([rule])), toMessage(mail), {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => Promise.resolve(),
	});
	return matches[0]?.payload ?? null;
}

describe('the worked examples of docs/rules.md', () => {
	it('are there, each with a mail and a payload', () => {
		const titles = new Set(EXAMPLES.map(({ title }) => title));
		expect([...titles]).toEqual([
			'The example of the AlertMagic guide',
			'Without a pattern: Zabbix',
			'Without a pattern: a table',
			'Backup job',
			'Router syslog',
			'UPS',
			'Cron',
			'Zabbix',
			'Nagios',
		]);
		expect(PAGE.match(/^```/gm)).toHaveLength(2 * (titles.size + 2 * EXAMPLES.length));
	});

	it.each(EXAMPLES)('give what the page says: $title', async (example) => {
		expect(JSON.stringify(await payloadOf(example))).toBe(JSON.stringify(example.payload));
	});
});
