import {
	compilePattern,
	MatchBudget,
	PatternBudgetError,
	PatternSyntaxError,
} from '../../../nodes/core/regex/pattern';
import type { PatternMatch } from '../../../nodes/core/regex/pattern';
import { askDotnet, type OracleCase, type OracleMatch } from '../../support/dotnet/oracle';
import { toOptions } from './matching';

const MOST_MATCHES = 20;
/** A lazy repeat of a group or a back-reference, a round of which may match nothing: there .NET 10 itself is wrong. */
const LAZY_GROUP = /(?:\)|\\\d|\\k<\w+>)(?:[*+?]|\{\d+(?:,\d*)?\})\?/;

export interface Comparison {
	readonly differences: readonly string[];
	/** Cases with an answer of .NET's and one of ours. */
	readonly compared: number;
	/** Cases in which .NET answers something else by a known fault of its own. */
	readonly knownFaults: readonly Difference[];
	/** Patterns that .NET decides in time and we do not, within the steps of a message. */
	readonly undecided: readonly string[];
}

/** A run right before a boundary, as in `\\W+\\B`: .NET 10 does not let it give anything back. */
const RUN_BEFORE_BOUNDARY = /[+*}][()?:=]*\\[bB]/;

/**
 * A repeat of another one or nothing, as in `(?:a+|)+`: .NET 10 makes `a+` of it. So it does in a negative look-around, where
 * it leaves captures out, of `((a+)?)+`.
 */
const REPEAT_OR_NOTHING = /[+*?}]\|\)+[+{]|\(\?<?!.*[+*?}]\)+[*+?}]\)+[+{]/s;

/** A repeat of an atomic run, as in `(?>a+){2}`: .NET 10 makes `(?>a{2,})` of it, which finds what the first round has taken. */
const REPEATED_ATOMIC_RUN = /\(\?>(?:\(\?[a-z]*:)*[^()]*\)*(?:[+*?]|\{[\d,]+\})\)+\{2/;

/** Whether a pattern has what .NET 10 is known to be wrong with. */
export function isKnownFault(pattern: string): boolean {
	const faults = [LAZY_GROUP, RUN_BEFORE_BOUNDARY, REPEAT_OR_NOTHING, REPEATED_ATOMIC_RUN];
	return faults.some((fault) => fault.test(pattern)) || looksAtTransferred(pattern);
}

/**
 * Whether a pattern asks for what a balancing group has captured, and has look-around, so that the capture which is taken away
 * may follow that one: .NET 10 then captures a length below 0. In the end that is no capture, but until then it passes for one.
 */
function looksAtTransferred(pattern: string): boolean {
	const names = [...pattern.matchAll(/\(\?<(\w+)-\w+>/g)].map(([, name = '']) => name);
	const looks = names.flatMap((name) => [`(?(${name})`, `k<${name}>`, `\\${name}`, `-${name}>`]);
	return /\(\?<?[=!]/.test(pattern) && looks.some((look) => pattern.includes(look));
}

/**
 * A balancing group that ends a pattern, look-around or atomic group: .NET 10 tries one way through it only. With something
 * on both sides, it tries all.
 */
const BALANCING = /\(\?<\w*-\w+>/;
const SOMETHING = '(?!\ufffe)';
const TOKEN = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(\()(?:\?<\w*-\w+>)?|(\))|[^]/g;

/** The same pattern with something on both sides of every balancing group. */
function withMoreAround(pattern: string): string {
	const open: boolean[] = [];
	return pattern.replace(TOKEN, (token, opening?: string, closing?: string) => {
		if (opening !== undefined) {
			open.push(BALANCING.test(token));
			return open.at(-1) === true ? `(?:${SOMETHING}${token}` : token;
		}
		return closing !== undefined && open.pop() === true ? `)${SOMETHING})` : token;
	});
}

/** Answers to a case as JSON: all matches, or that the pattern is refused. */
export interface Difference {
	readonly asked: OracleCase;
	readonly theirs: string;
	readonly ours: string;
}

/** Asks .NET 10 and this package for all matches. */
export async function compareWithDotnet(cases: readonly OracleCase[]): Promise<Comparison> {
	const { found, compared, knownFaults, undecided } = await findDifferences(cases);
	const suspects = found.filter(({ asked }) => BALANCING.test(asked.pattern));
	const again = await findDifferences(
		suspects.map(({ asked }) => ({ ...asked, pattern: withMoreAround(asked.pattern) })),
	);
	const confirmed = new Set(again.found.map(({ asked }) => asked.pattern));
	const left = found.filter(
		(one) => !suspects.includes(one) || confirmed.has(withMoreAround(one.asked.pattern)),
	);
	return {
		differences: left.map(
			({ asked, theirs, ours }) => `${JSON.stringify(asked)}: .NET ${theirs}, we ${ours}`,
		),
		compared,
		knownFaults: [...knownFaults, ...found.filter((one) => !left.includes(one))],
		undecided,
	};
}

async function findDifferences(cases: readonly OracleCase[]) {
	const answers = cases.length === 0 ? [] : await askDotnet(cases, 500);
	const found: Difference[] = [];
	const undecided: string[] = [];
	const knownFaults: Difference[] = [];
	let compared = 0;
	for (const [index, asked] of cases.entries()) {
		const answer = answers[index];
		if (answer === undefined || ('error' in answer && answer.error !== 'parse')) continue;
		const ours = answerOf(asked);
		if (ours === 'undecided') {
			undecided.push(JSON.stringify(asked));
			continue;
		}
		compared += 1;
		const theirs =
			'matches' in answer ? JSON.stringify(answer.matches.map(withoutAbsent)) : 'refused';
		if (ours === theirs) continue;
		(isKnownFault(asked.pattern) ? knownFaults : found).push({ asked, theirs, ours });
	}
	return { found, compared, knownFaults, undecided };
}

function answerOf({ pattern, options, input }: OracleCase): string {
	try {
		const compiled = compilePattern(pattern, toOptions(options));
		const budget = new MatchBudget();
		const matches: OracleMatch[] = [];
		let match: PatternMatch | undefined;
		while (
			matches.length < MOST_MATCHES &&
			(match = compiled.match(input, budget, match)) !== undefined
		) {
			const { value, index, groups } = match;
			matches.push(withoutAbsent({ value, index, groups: Object.fromEntries(groups) }));
		}
		return JSON.stringify(matches);
	} catch (error) {
		if (error instanceof PatternSyntaxError) return 'refused';
		if (error instanceof PatternBudgetError) return 'undecided';
		throw error;
	}
}

function withoutAbsent({ value, index, groups }: OracleMatch): OracleMatch {
	const present = Object.entries(groups).filter(([, text]) => text !== null);
	return {
		value,
		index,
		groups: Object.fromEntries(present.toSorted(([a], [b]) => (a < b ? -1 : 1))),
	};
}
