import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { compileRules, headersOf } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { MatchBudget } from '../../../nodes/core/regex/pattern';

const rulesOf = (filter: object) => compileRules(parseRules([{ Name: 'Knock', Filter: filter }]));
const matches = async (filter: object, results: readonly string[], host?: string) => {
	const message = {
		from: ['trinity@zion.com'],
		subject: 's',
		headers: new Map([['authentication-results', results]]),
		...(host !== undefined && { host }),
	};
	const { matches: found } = await evaluate(rulesOf(filter), message, {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => setImmediate(),
	});
	return found.length === 1;
};

const GOOD = 'mx.google.com; dmarc=pass header.from=zion.com';
const FAILED = 'mx.google.com; dmarc=fail header.from=zion.com';

describe('a rule that asks who vouches for the sender', () => {
	it.each<[string, object, readonly string[], string | undefined, boolean]>([
		['the host of the account', { Authenticated: 'Dmarc' }, [GOOD], 'imap.gmail.com', true],
		['nobody who is known', { Authenticated: 'Dmarc' }, [GOOD], 'mail.example.org', false],
		[
			'a host that is named',
			{ Authenticated: 'Dmarc', TrustedBy: 'MX.google.com' },
			[GOOD],
			undefined,
			true,
		],
		['a second field', { Authenticated: 'Dmarc' }, [FAILED, GOOD], 'imap.gmail.com', false],
		[
			'nobody, though one filter is enough',
			{ Authenticated: 'Dmarc', Subject: 's', Match: 'Any' },
			[FAILED],
			'imap.gmail.com',
			false,
		],
		['nobody, which is not asked for', { Authenticated: 'NotChecked' }, [FAILED], undefined, true],
	])('with %s', async (_who, filter, results, host, expected) => {
		expect(await matches(filter, results, host)).toBe(expected);
	});

	it('has the field read with the head', () => {
		expect(headersOf(rulesOf({ Authenticated: 'Aligned' }))).toStrictEqual([
			'authentication-results',
		]);
		expect(headersOf(rulesOf({ Subject: 's' }))).toStrictEqual([]);
	});
});
