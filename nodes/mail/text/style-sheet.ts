import type { Token } from 'parse5';
import type { Declarations, ElementStyle } from './html-style';
import {
	mergeDeclarations,
	parseDeclarations,
	toElementStyle,
	withoutComments,
} from './html-style';

/** Of a name's class, id, or element with a class: others depend on what is around an element. */
const SELECTOR = /^(?:[a-z][a-z0-9]*)?[.#][\w-]+$/i;
/** What a wide screen shows, without blanks; what is for small ones, for paper or for the dark is not read. */
const WIDE_SCREEN = /^(?:only)?(?:all|screen)?(?:(?:and)?\(min-(?:device-)?width:[^()]*\))*$/;
const MAX_MEDIA_LENGTH = 200;
/** Classes of one element that are looked at. */
const MAX_CLASSES = 20;

const NO_STYLE: ElementStyle = {};

/** The styles of a document: those of its `<style>` elements so far, and of an element itself. */
export class StyleSheet {
	private readonly rules = new Map<string, Declarations>();

	/** Adds the content of a `<style>`; `media` is what it is for. */
	add(css: string, media = ''): void {
		if (!isForWideScreen(media)) return;
		const text = withoutComments(css.replaceAll('<!--', ' ').replaceAll('-->', ' '));
		const preludes: string[] = [];
		// Blocks that are open, but for those whose rules count like the ones around them.
		let closing = 0;
		let last = '';
		for (const piece of text.split(/([{}])/)) {
			if (piece === '{') {
				const prelude = last.slice(last.lastIndexOf(';') + 1).trim();
				preludes.push(prelude);
				if (!isRead(prelude)) closing += 1;
			} else if (piece === '}') {
				const prelude = preludes.pop();
				if (prelude !== undefined && !isRead(prelude)) closing -= 1;
				if (prelude !== undefined && closing === 0) this.addRule(prelude, last);
			}
			last = /^[{}]$/.test(piece) ? '' : piece;
		}
	}

	/** What is known of an element. */
	styleOf(tag: Token.TagToken): ElementStyle {
		const found: Declarations[] = [];
		for (const { name, value } of tag.attrs) {
			if (name === 'hidden') return { isHidden: true };
			if (this.rules.size === 0) continue;
			if (name === 'class') found.push(...this.rulesOf(tag.tagName, '.', value));
			if (name === 'id') found.push(...this.rulesOf(tag.tagName, '#', value));
		}
		const own = tag.attrs.find(({ name }) => name === 'style');
		if (own !== undefined) found.push(parseDeclarations(own.value));
		return found.length === 0 ? NO_STYLE : toElementStyle(tag, mergeDeclarations(found));
	}

	private addRule(selectors: string, body: string): void {
		const declarations = parseDeclarations(body);
		for (const selector of selectors.split(',').map((one) => one.trim())) {
			if (!SELECTOR.test(selector)) continue;
			const known = this.rules.get(selector);
			const all = known === undefined ? [declarations] : [known, declarations];
			this.rules.set(selector, mergeDeclarations(all));
		}
	}

	private rulesOf(tagName: string, sign: '.' | '#', value: string): readonly Declarations[] {
		const names = value.split(/\s+/, MAX_CLASSES).filter((name) => name !== '');
		return names.flatMap((name) =>
			[`${sign}${name}`, `${tagName}${sign}${name}`].flatMap((key) => this.rules.get(key) ?? []),
		);
	}
}

/** True for a block whose rules count like those around it. */
function isRead(prelude: string): boolean {
	return /^@media\b/i.test(prelude) && isForWideScreen(prelude.slice('@media'.length));
}

function isForWideScreen(media: string): boolean {
	if (media.length > MAX_MEDIA_LENGTH) return false;
	return WIDE_SCREEN.test(media.replace(/\s+/g, '').toLowerCase());
}
