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

/** Names of fields as programs write them; anything else is the text. */
const FIELD = /^[A-Za-z][\w.-]*[ \t]*:/;

/** What stands in a header behind its last field, where the line between it and the text is missing. */
export function textWithinHeader(header: Buffer): Buffer | undefined {
	const lines = header.toString('latin1').split('\n');
	const start = lines.findIndex(
		(line) => line.trim() !== '' && !FIELD.test(line) && !/^[ \t]/.test(line),
	);
	return start > 0 ? Buffer.from(lines.slice(start).join('\n'), 'latin1') : undefined;
}

/** A header that ends where a part or a text begins, and whose parameters are all of the field before them. */
function repairHeader(source: Buffer): Buffer {
	const lines = source.toString('latin1').split('\n');
	let end = lines.length;
	for (const [index, line] of lines.entries()) {
		end = index;
		if (line.trim() === '') {
			lines[index] = '\r';
			break;
		}
		if (FIELD.test(line) || /^[ \t]/.test(line)) continue;
		const isParameter = /^[\w*-]+=/.test(line) && /;\s*$/.test(lines[index - 1] ?? '');
		if (isParameter) {
			lines[index] = ` ${line}`;
			continue;
		}
		lines[index] = `\r\n${line}`;
		break;
	}
	return Buffer.from(withRightBoundary(lines, end).join('\n'), 'latin1');
}

const PART_START = /^--(?<boundary>[^\r]{1,200}?)[ \t]*\r?\n(?:Content-|MIME-)[\w-]{1,40}:/im;

/** With the boundary that is used, where that of the header is not. */
function withRightBoundary(lines: readonly string[], end: number): readonly string[] {
	const boundary = PART_START.exec(lines.slice(end).join('\n'))?.groups?.['boundary'];
	const header = lines.slice(0, end).join('\n');
	const [field, subtype] =
		/^Content-Type:[ \t]*multipart\/([\w-]+)[^\n]*(?:\n[ \t][^\n]*)*/im.exec(header) ?? [];
	if (boundary === undefined || field === undefined || subtype === undefined) return lines;
	if (field.includes(`"${boundary}"`)) return lines;
	const type = `Content-Type: multipart/${subtype}; boundary="${boundary.replace(/["\\]/g, '\\$&')}"\r`;
	return [header.replace(field, () => type), ...lines.slice(end)];
}
