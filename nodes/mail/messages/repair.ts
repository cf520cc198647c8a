import { simpleParser } from 'mailparser';
import type { BodyText, TextFrom } from '../../core/message/message';
import { toHtmlBody } from '../text/html-text';
import { NO_TEXT } from './read-text';
import { isVisible } from '../text/visible';

/**
 * The text of a message whose structure the server could not make out: a header without an end, a boundary that is
 * written in an unusual way. Undefined where nothing is found either.
 *
 * @param source the message, up to a limit of bytes
 */
export async function repairText(
	source: Buffer,
	truncated: boolean,
	textFrom: TextFrom,
): Promise<BodyText | undefined> {
	try {
		const { text = '', html } = await simpleParser(repairHeader(source), {
			skipHtmlToText: true,
			skipTextToHtml: true,
			skipImageLinks: true,
			keepCidLinks: true,
		});
		const ofHtml = (): BodyText | undefined => {
			const made = typeof html === 'string' ? toHtmlBody(html, truncated) : NO_TEXT;
			return isVisible(made.text) ? { ...made, source: 'html' } : undefined;
		};
		const plain: BodyText | undefined = isVisible(text)
			? { text, source: 'text', truncated }
			: undefined;
		return textFrom === 'html' ? (ofHtml() ?? plain) : (plain ?? ofHtml());
	} catch {
		// Not even that reads it: then it has no text.
		return undefined;
	}
}

const FIELD = /^[!-9;-~]+[ \t]*:/;

/** A header that ends where a part or a text begins, and whose parameters are all of the field before them. */
function repairHeader(source: Buffer): Buffer {
	const lines = source.toString('latin1').split('\n');
	for (const [index, line] of lines.entries()) {
		if (line.trim() === '') break;
		if (FIELD.test(line) || /^[ \t]/.test(line)) continue;
		const isParameter = /^[\w*-]+=/.test(line) && /;\s*$/.test(lines[index - 1] ?? '');
		if (isParameter) {
			lines[index] = ` ${line}`;
			continue;
		}
		lines[index] = `\r\n${line}`;
		break;
	}
	return Buffer.from(lines.join('\n'), 'latin1');
}
