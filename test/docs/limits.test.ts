import { describe, expect, it } from 'vitest';

import { MAX_DEPTH } from '../../nodes/core/regex/parse/reader';
import { MatchBudget, MAX_PATTERN_LENGTH } from '../../nodes/core/regex/pattern';
import { DELIVERY_RETRY, nextDelay } from '../../nodes/core/delivery/retry';
import { MAX_ADDRESSES_LENGTH } from '../../nodes/mail/addresses/addresses';
import { MAX_HTML_LENGTH } from '../../nodes/mail/text/html-text';
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS } from '../../nodes/mail/limits';
import { AUTOMATIC, toBatchPolicy } from '../../nodes/core/delivery/flow';
import { QUARANTINE } from '../../nodes/ImapIngest/trigger/options';
import { PAGES } from './pages';

const textOf = (path: string): string =>
	(PAGES.find((page) => page.path === path)?.text ?? '').replace(/\s+/g, ' ');
const seconds = (ms: number): string => String(ms / 1000);
const grouped = (count: number): string => count.toLocaleString('en-US');

const OPERATIONS = textOf('docs/operations.md');
const BUDGET = new MatchBudget();
const longestPauses = [1, 2, 3, 4].map((attempt) => nextDelay(DELIVERY_RETRY, attempt, 1));

describe('docs/operations.md gives the numbers of the code', () => {
	it.each([
		['text of a message', `${String(DEFAULT_LIMITS.bodyBytes / 1024)} KiB as transferred`],
		['HTML', `of HTML the first ${grouped(MAX_HTML_LENGTH)} characters`],
		['addresses', `reads of one field**: ${grouped(MAX_ADDRESSES_LENGTH)} characters`],
		[
			'MIME parts',
			`${grouped(DEFAULT_LIMITS.parts)} MIME parts, ${grouped(DEFAULT_LIMITS.depth)} levels`,
		],
		['patterns', `${grouped(MAX_PATTERN_LENGTH)} characters, ${grouped(MAX_DEPTH)} nested groups`],
		['one message', `${grouped(BUDGET.totalSteps)} steps for all patterns`],
		['a batch', `gets up to ${grouped(toBatchPolicy(AUTOMATIC).first)} messages`],
		['a larger one', `up to ${grouped(toBatchPolicy(AUTOMATIC).most)} while more wait`],
		['quarantine', `default \`${QUARANTINE}\``],
		['connecting', `${seconds(DEFAULT_TIMEOUTS.connect)} seconds to connect`],
		['greeting', `${seconds(DEFAULT_TIMEOUTS.greeting)} for the greeting`],
		['silence', `${seconds(DEFAULT_TIMEOUTS.silence)} of silence`],
	])('%s', (_, phrase) => {
		expect(OPERATIONS).toContain(phrase);
	});

	it('five attempts with pauses of up to 30 seconds, 2.5, 12.5 and 60 minutes', () => {
		expect(DELIVERY_RETRY.maxAttempts).toBe(5);
		expect(longestPauses).toEqual([30_000, 150_000, 750_000, 3_600_000]);
		expect(OPERATIONS).toContain('it has failed alone five times');
		expect(OPERATIONS).toContain(
			'a pause of up to 30 seconds, then up to 2.5, 12.5 and 60 minutes',
		);
	});
});
