/*
 * A JSON text is parsed with the places of its values (json-source.ts), read field by field while faults are collected
 * (fields.ts), and quoted in an error where nobody can see it any more (quote-line.ts).
 */
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

import { wrongSetting } from '../errors';
import type { Place, IngestError } from '../errors';
import { quoteLine } from './quote-line';

/** A value that was read, and what its places are called for those who wrote it. */
export interface JsonSource {
	readonly value: unknown;
	/** What those who wrote it call a place, with the keys as they are documented: `Ingests[0].Name`. */
	describe(place: Place): string;
	/** ` (line 3, column 7: "Nam": "…")` for a place with the keys as the source spells them; empty where there is no text. */
	locate(spelled: Place): string;
}

/** A value that did not come from a text. */
export function fromValue(value: unknown): JsonSource {
	return { value, describe: writePlace, locate: () => '' };
}

/** `AlertMagic.Ingests[0].Name`; the whole document is the Configuration. */
export function writePlace(place: Place): string {
	const text = place
		.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${shortenKey(part)}`))
		.join('');
	return text === '' ? 'Configuration' : text.replace(/^\./, '');
}

function shortenKey(key: string): string {
	return key.length > 80 ? `${key.slice(0, 80)}…` : key;
}

const FAULT_WORDS: Readonly<Record<string, string>> = {
	InvalidSymbol: 'an unknown word',
	InvalidNumberFormat: 'a number that is not one',
	PropertyNameExpected: 'a property name in double quotes is expected',
	ValueExpected: 'a value is expected',
	ColonExpected: 'a colon is expected',
	CommaExpected: 'a comma is expected',
	CloseBraceExpected: 'a closing } is expected',
	CloseBracketExpected: 'a closing ] is expected',
	EndOfFileExpected: 'there is text after the end',
	UnexpectedEndOfString: 'a string is not closed',
	UnexpectedEndOfNumber: 'a number is not complete',
	UnexpectedEndOfComment: 'a comment is not closed',
	InvalidUnicode: 'a \\u escape is not followed by four hexadecimal digits',
	InvalidEscapeCharacter:
		'a backslash starts an escape that JSON does not know; in a pattern write it twice (\\\\d)',
	InvalidCharacter: 'a line end or tab stands inside a string; write it as \\n or \\t',
};

interface Document {
	readonly text: string;
	readonly field: string;
	readonly isHidden: boolean;
}

/**
 * Reads a JSON text as AlertMagic's own reader does: comments and trailing commas are allowed, a key given twice is not.
 *
 * @param field what the user calls the text, e.g. `Configuration`
 * @param isHidden whether the user cannot see the text any more, so that errors quote it
 * @throws IngestError `configuration` with line and column of the first fault
 */
export function parseJson(text: string, field: string, isHidden = false): JsonSource {
	const document: Document = { text, field, isHidden };
	const errors: ParseError[] = [];
	const root = parseNodes(document, errors);
	const [fault] = errors;
	if (root === undefined || fault !== undefined) {
		throw invalidJson(document, fault);
	}
	const source: JsonSource = {
		value: getNodeValue(root),
		describe: writePlace,
		locate: (spelled) => locateNode(document, root, spelled),
	};
	refuseRepeatedKeys(document, root);
	return source;
}

function parseNodes({ text, field }: Document, errors: ParseError[]): Node | undefined {
	try {
		return parseTree(text, errors, { allowTrailingComma: true });
	} catch (error) {
		// The parser calls itself for each level.
		if (!(error instanceof RangeError)) throw error;
		throw wrongSetting(field, 'is nested too deeply', 'Remove the brackets that are not needed.');
	}
}

function invalidJson(document: Document, fault: ParseError | undefined): IngestError {
	const { text, field } = document;
	const remedy = 'Correct the JSON at that place; a JSON validator shows it too.';
	if (fault === undefined || text.trim() === '') {
		return wrongSetting(
			field,
			'is empty, a JSON object is expected',
			'Paste the configuration JSON.',
		);
	}
	const name = printParseErrorCode(fault.error);
	const words = FAULT_WORDS[name] ?? name;
	return wrongSetting(
		field,
		`is not valid JSON${position(document, fault.offset)}: ${words}`,
		remedy,
	);
}

/** `__proto__` is a plain key to JSON, but setting it on the object the driver builds would be lost silently. */
const UNREADABLE_KEYS = new Set(['__proto__']);

function refuseRepeatedKeys(document: Document, node: Node): void {
	const { field } = document;
	const seen = new Set<string>();
	for (const child of node.children ?? []) {
		if (child.type === 'property') {
			const [keyNode] = child.children ?? [];
			const key = String(keyNode?.value);
			// AlertMagic reads keys without regard to case, so "Name" and "name" are one key given twice.
			const folded = key.toLowerCase();
			if (seen.has(folded) || UNREADABLE_KEYS.has(folded)) {
				throw wrongSetting(
					field,
					`has the key "${shortenKey(key)}" ${seen.has(folded) ? 'twice' : 'which cannot be used'}${position(document, child.offset)}`,
					'Keep one of them.',
				);
			}
			seen.add(folded);
		}
		refuseRepeatedKeys(document, child);
	}
}

function locateNode(document: Document, root: Node, path: Place): string {
	const node = findNodeAtLocation(root, [...path]);
	return node === undefined ? '' : position(document, node.offset);
}

function position({ text, isHidden }: Document, offset: number): string {
	const before = text.slice(0, offset);
	const line = before.split('\n').length;
	const column = offset - before.lastIndexOf('\n');
	const quote = isHidden ? quoteLine(text, offset) : undefined;
	const shown = quote === undefined ? '' : `: ${quote}`;
	return ` (line ${String(line)}, column ${String(column)}${shown})`;
}
