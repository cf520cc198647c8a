import { describe, expect, it } from 'vitest';
import {
	compilePattern,
	PatternBudgetError,
	PatternSyntaxError,
	textFor,
	toMatchableText,
} from '../../../nodes/core/regex/pattern';
import {
	enginesFor,
	matchOnce,
	parse,
	readFixture,
	realBudget,
	toExpectation,
	toOptions,
	withoutAbsent,
	type Vector,
} from './matching';

interface DotNetVector extends Vector {
	readonly id: string;
	readonly certainty: 'documented' | 'suite' | 'source' | 'uncertain';
	readonly engineClass?: 'linear' | 'backtracking' | 'unsupported';
}

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
	readonly expected: { readonly success: false } | { readonly error: 'timeout' };
}

interface VectorFile {
	readonly dotnet: readonly DotNetVector[];
	readonly policy: readonly PolicyVector[];
	readonly redos: readonly HostileVector[];
}

/** What is asked is the answer, however busy the machine. */
const NO_HURRY_MS = 60_000;
const { dotnet, policy, redos } = readFixture<VectorFile>('regex-vectors.json');
const certain = dotnet.filter(({ certainty }) => certainty !== 'uncertain');
const supported = certain.filter(({ engineClass }) => engineClass !== 'unsupported');
const unsupported = certain.filter(({ engineClass }) => engineClass === 'unsupported');
const refused = supported.filter(({ expected }) => 'error' in expected);
const matched = supported.filter(({ expected }) => !('error' in expected));

describe('.NET vectors', () => {
	it.each(matched)('$id $feature: $pattern is matched as .NET does', (vector) => {
		const match = matchOnce(vector.pattern, vector.input, vector.options);
		expect(toExpectation(match)).toEqual(withoutAbsent(vector.expected));
	});

	it.each(matched)('$id: every engine that applies to $pattern agrees', (vector) => {
		const engines = enginesFor(parse(vector.pattern, vector.options), vector.input);
		for (const [name, match] of engines) {
			const found = toExpectation(match(vector.input));
			expect(found, name).toEqual(withoutAbsent(vector.expected));
		}
	});

	it.each([...refused, ...unsupported])('$id $feature: $pattern is refused', (vector) => {
		expect(() => compilePattern(vector.pattern, toOptions(vector.options))).toThrow(
			PatternSyntaxError,
		);
	});

	it.each(matched.filter(({ engineClass }) => engineClass === undefined))(
		'$id: $pattern runs in linear time',
		({ pattern, options }) => {
			expect(compilePattern(pattern, toOptions(options)).engine).toBe('linear');
		},
	);
});

describe('line ends', () => {
	it.each(policy)('$id: $pattern on $rawInput', ({ pattern, rawInput, expected }) => {
		const compiled = compilePattern(pattern);
		const match = compiled.match(textFor(compiled, toMatchableText(rawInput)), realBudget());
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
	it.each(redos.filter(({ expected }) => 'success' in expected))(
		'$id: $pattern is decided',
		({ pattern, input }) => {
			const text = input.repeat.repeat(input.times) + (input.suffix ?? '');
			expect(compilePattern(pattern).match(text, realBudget(NO_HURRY_MS))).toBeUndefined();
		},
	);

	it.each(redos.filter(({ expected }) => 'error' in expected))(
		'$id: $pattern is given up with an error',
		({ pattern, input }) => {
			const text = input.repeat.repeat(input.times) + (input.suffix ?? '');
			expect(() => compilePattern(pattern).match(text, realBudget())).toThrow(PatternBudgetError);
		},
	);
});
