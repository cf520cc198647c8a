import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { GuardTimeoutError, runGuarded } from '../../../nodes/core/regex/engines/guard';
import { PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import { enginesFor, parse, toExpectation } from './matching';
import {
	COMMON_GRAMMAR,
	FULL_GRAMMAR,
	patternsOf,
	textsOf,
	UNICODE_GRAMMAR,
	type Grammar,
} from './pattern-arbitraries';

const ENGINE_MS = 2000;

/** Kinds of patterns that all engines must agree on. */
export const GRAMMARS: readonly (readonly [name: string, grammar: Grammar])[] = [
	['ASCII patterns that RE2 and JavaScript share', COMMON_GRAMMAR],
	['Unicode patterns that RE2 and JavaScript share', UNICODE_GRAMMAR],
	['patterns with look-around, references and atomic groups', FULL_GRAMMAR],
];

/** What was compared so far. */
export interface Tally {
	/** Patterns with a text. */
	cases: number;
	/** Of these, those that both the RE2 and the JavaScript printer had an answer for. */
	printers: number;
	/** Answers that were compared with another one. */
	answers: number;
	/** Whether only the programs are compared that a text of its kind is given. */
	readonly which?: 'all' | 'chosen';
}

/** Tries so many patterns of a grammar on a text each; throws the smallest case on which engines differ. */
export function fuzzEngines(grammar: Grammar, cases: number, tally: Tally, seed?: number): void {
	const property = fc.property(patternsOf(grammar), textsOf(grammar), (pattern, text) => {
		compareEngines(pattern, text, tally);
	});
	fc.assert(property, { numRuns: cases, ...(seed !== undefined && { seed }) });
}

/**
 * Compares all engines on a case.
 *
 * @throws when two of them differ
 */
export function compareEngines(pattern: string, text: string, tally: Tally): void {
	const answers = answersTo(pattern, text, tally.which);
	const [first, ...others] = answers;
	tally.cases += 1;
	tally.answers += others.length;
	const has = (printer: string) => answers.some(([name]) => name.startsWith(printer));
	if (has('linear') && has('native')) tally.printers += 1;
	for (const [name, answer] of others) {
		if (!isDeepStrictEqual(answer, first?.[1])) {
			throw new Error(
				`"${pattern}" on ${JSON.stringify(text)}: ${name} gives ${JSON.stringify(answer)}, ${String(first?.[0])} ${JSON.stringify(first?.[1])}`,
			);
		}
	}
}

/** What each engine answers; none for a pattern that is refused, and none from an engine that takes too long. */
function answersTo(
	pattern: string,
	text: string,
	which?: 'all' | 'chosen',
): (readonly [string, object])[] {
	try {
		const engines = enginesFor(parse(pattern), text, which);
		return [...engines].flatMap(([name, match]) => {
			const answer = withinTime(() => toExpectation(match(text)));
			return answer === undefined ? [] : [[name, answer] as const];
		});
	} catch (error) {
		if (error instanceof PatternSyntaxError) return [];
		throw error;
	}
}

function withinTime<T>(task: () => T): T | undefined {
	try {
		return runGuarded(task, ENGINE_MS);
	} catch (error) {
		if (error instanceof GuardTimeoutError) return undefined;
		throw error;
	}
}
