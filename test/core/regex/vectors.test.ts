import { describe, expect, it } from 'vitest';
import {
	compilePattern,
	MatchBudget,
	PatternSyntaxError,
	textFor,
	toMatchableText,
} from '../../../nodes/core/regex/pattern';
import {
	matchOnce,
	readFixture,
	toExpectation,
	toOptions,
	withoutAbsent,
	type AskedRows,
	type Vector,
} from './matching';

interface PolicyVector {
	readonly id: string;
	readonly pattern: string;
	readonly rawInput: string;
	readonly expected: { readonly groups: Readonly<Record<string, string>> };
}

interface HostileVector {
	readonly id: string;
	readonly pattern: string;
	readonly input: { readonly repeat: string; readonly times: number; readonly suffix?: string };
	readonly expected: { readonly success: false };
}

interface VectorFile {
	readonly dotnet: readonly Vector[];
	readonly policy: readonly PolicyVector[];
	readonly redos: readonly HostileVector[];
}

const { dotnet, policy, redos } = readFixture<VectorFile>('regex-vectors.json');
const { rows, faults } = readFixture<AskedRows>('regex-net10.json');
const vectors = [...dotnet, ...rows];
const refused = vectors.filter(({ expected }) => 'error' in expected);
const matched = vectors.filter(({ expected }) => !('error' in expected));

describe('.NET', () => {
	it.each([...matched, ...faults])('matches $pattern, options "$options", on $input', (vector) => {
		const match = matchOnce(vector.pattern, vector.input, vector.options);
		expect(toExpectation(match)).toEqual(withoutAbsent(vector.expected));
	});

	it.each(refused)('refuses $pattern, options "$options"', ({ pattern, options }) => {
		expect(() => compilePattern(pattern, toOptions(options))).toThrow(PatternSyntaxError);
	});
});

describe('line ends', () => {
	it.each(policy)('$id: $pattern on $rawInput', ({ pattern, rawInput, expected }) => {
		const compiled = compilePattern(pattern);
		const match = compiled.match(textFor(compiled, toMatchableText(rawInput)), new MatchBudget());
		expect(Object.fromEntries(match?.groups ?? [])).toEqual(expected.groups);
	});

	it.each(['\\r', '\r', '\\x0D', '\\u000d', '\\cM', '\\015', '[^\\r\\n]', '[\\x0d-\\x0e]'])(
		'%j mentions a carriage return',
		(pattern) => {
			expect(compilePattern(pattern).mentionsCarriageReturn).toBe(true);
		},
	);

	it.each(['\\n', '\\s', '[\\x00-\\x1f]', '.', '(?#\r)a', '(?x)a\r\nb'])(
		'%j does not mention a carriage return',
		(pattern) => {
			expect(compilePattern(pattern).mentionsCarriageReturn).toBe(false);
		},
	);

	it('leaves a text without carriage returns as it is', () => {
		expect(toMatchableText('a\nb')).toEqual({ raw: 'a\nb', normalised: 'a\nb' });
	});

	it('takes a lone carriage return for a line end', () => {
		expect(toMatchableText('a\rb\r\nc\r\r\n').normalised).toBe('a\nb\nc\n\n');
	});
});

describe('hostile vectors', () => {
	it.each(redos)('$id: $pattern is decided', ({ pattern, input }) => {
		const text = input.repeat.repeat(input.times) + (input.suffix ?? '');
		expect(matchOnce(pattern, text)).toBeUndefined();
	});
});
