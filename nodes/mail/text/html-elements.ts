import { TokenizerMode } from 'parse5';
import type { Tokenizer } from 'parse5';

const LINE = [
	'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset',
	'figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav',
	'noframes ol optgroup option search section summary tbody tfoot thead ul',
].flatMap((names) => names.split(' '));
const PARAGRAPH = ['p', 'pre', 'listing', 'plaintext', 'xmp'];

/**
 * Elements that are blocks (HTML Standard, 15.3), and how many line ends stand between one and what is before and
 * behind it.
 */
export const BLOCKS: ReadonlyMap<string, number> = new Map([
	...LINE.map((name) => [name, 1] as const),
	...PARAGRAPH.map((name) => [name, 2] as const),
]);

/** Elements whose content no mail program shows as text. */
export const DROPPED: ReadonlySet<string> = new Set([
	'audio',
	'canvas',
	'datalist',
	'iframe',
	'noembed',
	'noframes',
	'object',
	'script',
	'style',
	'svg',
	'template',
	'title',
	'video',
]);

/** Elements in which the tokenizer finds no tags (HTML Standard, 13.2.6). */
export const RAW_TEXT: ReadonlyMap<string, Tokenizer['state']> = new Map<
	string,
	Tokenizer['state']
>([
	['iframe', TokenizerMode.RAWTEXT],
	['noembed', TokenizerMode.RAWTEXT],
	['noframes', TokenizerMode.RAWTEXT],
	['plaintext', TokenizerMode.PLAINTEXT],
	['script', TokenizerMode.SCRIPT_DATA],
	['style', TokenizerMode.RAWTEXT],
	['textarea', TokenizerMode.RCDATA],
	['title', TokenizerMode.RCDATA],
	['xmp', TokenizerMode.RAWTEXT],
]);

const VOID: ReadonlySet<string> = new Set([
	...'area base basefont bgsound br col embed frame hr img input link meta param source track wbr'.split(
		' ',
	),
]);

/** True for an element that has no end tag. */
export function hasNoContent(name: string): boolean {
	return VOID.has(name);
}

/** Elements whose line ends count as they stand (HTML Standard, 15.3.3 and 15.5). */
export const PREFORMATTED: ReadonlySet<string> = new Set([
	'listing',
	'plaintext',
	'pre',
	'textarea',
	'xmp',
]);

/** Start tags that end an element without an end tag (HTML Standard, 13.1.2.4). */
const SIBLINGS: Readonly<Partial<Record<string, readonly string[]>>> = {
	li: ['li'],
	dt: ['dt', 'dd'],
	dd: ['dt', 'dd'],
	option: ['option'],
	td: ['td', 'th', 'tr'],
	th: ['td', 'th', 'tr'],
	tr: ['tr'],
};

/** True where the start tag `next` ends an open element, whose own end tag may be left out. */
export function endsBefore(open: string, next: string): boolean {
	return open === 'p' ? BLOCKS.has(next) : SIBLINGS[open]?.includes(next) === true;
}
