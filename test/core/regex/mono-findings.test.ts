import { describe, expect, it } from 'vitest';
import { compilePattern, PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import {
	enginesFor,
	matchOnce,
	parse,
	readFixture,
	toExpectation,
	toOptions,
	withoutAbsent,
	type Expectation,
	type Vector,
} from './matching';

interface Difference {
	readonly pattern: string;
	readonly options: string;
	readonly input: string;
	readonly mono: Expectation;
	readonly ours: Expectation;
	readonly why: string;
}

interface Findings {
	readonly rows: readonly Vector[];
	readonly differences: readonly Difference[];
}

const { rows, differences } = readFixture<Findings>('regex-mono-findings.json');
const refused = rows.filter(({ expected }) => 'error' in expected);
const matched = rows.filter(({ expected }) => !('error' in expected));

describe("what Mono's regular expressions do", () => {
	it.each(matched)('is done with $pattern, options "$options", on $input', (row) => {
		const match = matchOnce(row.pattern, row.input, row.options);
		expect(toExpectation(match)).toEqual(withoutAbsent(row.expected));
	});

	it.each(matched)('is done by every engine with $pattern, options "$options"', (row) => {
		for (const [name, match] of enginesFor(parse(row.pattern, row.options), row.input)) {
			expect(toExpectation(match(row.input)), name).toEqual(withoutAbsent(row.expected));
		}
	});

	it.each(refused)('$pattern, options "$options", is refused', ({ pattern, options }) => {
		expect(() => compilePattern(pattern, toOptions(options))).toThrow(PatternSyntaxError);
	});

	it.each(differences)('is not done with $pattern: $why', ({ pattern, options, input, ours }) => {
		if ('error' in ours) {
			expect(() => compilePattern(pattern, toOptions(options))).toThrow(PatternSyntaxError);
		} else expect(toExpectation(matchOnce(pattern, input, options))).toEqual(withoutAbsent(ours));
	});
});
