import type { PayloadValue } from '../typed-value';

/** What a captured value is replaced by. */
export type ValueMap = {
	/** Name of the value. */
	readonly name: string;
	/** The captured text, in any case; absent = any other. */
	readonly from?: string;
	readonly to: string;
};

/** Replaces a captured text by what the maps of its name say; it stays where they do not know it. */
export function mapText(maps: readonly ValueMap[], name: string, text: string): string {
	const own = maps.filter((map) => map.name === name);
	const wanted = text.trim().toLowerCase();
	const found =
		own.find(({ from }) => from?.trim().toLowerCase() === wanted) ??
		own.find(({ from }) => from === undefined);
	return found?.to ?? text;
}

const HOLE = /\{([\p{L}_][\p{L}\p{N}_]*)\}/gu;

/** The names that a text made of values asks for. */
export function namesIn(text: string): readonly string[] {
	return [...text.matchAll(HOLE)].flatMap(([, name]) => name ?? []);
}

/** Fills `{host}: {state}` with values; a value that is not there is an empty text. */
export function fillText(
	text: string,
	valueOf: (name: string) => PayloadValue | undefined,
): string {
	return text.replace(HOLE, (_hole, name: string) => String(valueOf(name) ?? ''));
}
