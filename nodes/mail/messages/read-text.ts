import { isUtf8 } from 'node:buffer';
import type { BodyText } from '../../core/message/message';
import { toCalendarText } from '../text/calendar-text';
import { decodeText } from '../text/decode';
import { toHtmlBody } from '../text/html-text';
import type { TextPart } from './structure';
import { decodeTransfer } from '../text/transfer';
import { isVisible } from '../text/visible';

export const NO_TEXT: BodyText = { text: '', source: 'none', truncated: false };

/** Decodes what was read of a text part; a part the server has no bytes for is an empty text. */
export function toBodyText(
	bytes: Buffer | false | undefined,
	part: TextPart,
	limit: number,
): BodyText {
	const read = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
	const truncated = read.length >= limit && part.size !== read.length;
	if (part.kind === 'binary' && !isText(decodeTransfer(read, part.encoding))) return NO_TEXT;
	const text = decodeText(read, part, truncated);
	if (part.unlessLine !== undefined && `\n${text}`.includes(`\n${part.unlessLine}`)) return NO_TEXT;
	if (part.kind === 'calendar') return { text: toCalendarText(text), source: 'text', truncated };
	if (part.format === 'text') return { text, source: 'text', truncated };
	return { ...toHtmlBody(text, truncated), source: 'html' };
}

/** Bytes of no type are text when they are UTF-8 without a NUL. */
function isText(bytes: Buffer): boolean {
	return isUtf8(bytes) && !bytes.includes(0);
}

/** A longer text says something itself. */
const LONGEST_HINT = 500;
const SPEAKS_OF_HTML = /\b(?:html|mime)\b/i;
const SPEAKS_OF_PROGRAMS =
	/\b(?:support|view|display|show|enable|capable|compatible|browser|client|reader|unterst|anzeig|programm|affich|visuali[sz])|対応|表示|ご覧|支持|显示|顯示|поддерж|отобра|просм/i;
/** Nothing but where to read the mail. */
const LEADS_ELSEWHERE =
	/^\W{0,20}(?:view|read|open|see)\b[^\n]{0,60}\b(?:browser|online|web)\b\W{0,20}(?:https?:\S{1,400})?\s*$/i;
/** Some programs put the HTML into both parts. */
const HTML_SOURCE = /^\s{0,100}(?:<!doctype html|<html[\s>])/i;

/** True for a plain text that only says that there is HTML, as some programs send it. */
export function isHint({ text, source }: BodyText): boolean {
	if (source !== 'text') return false;
	if (HTML_SOURCE.test(text)) return true;
	if (text.length > LONGEST_HINT) return false;
	return (SPEAKS_OF_HTML.test(text) && SPEAKS_OF_PROGRAMS.test(text)) || LEADS_ELSEWHERE.test(text);
}

/** True where the HTML says what the plain text says: then that was no mere hint. */
export function saysTheSame(html: BodyText, plain: BodyText): boolean {
	const words = ({ text }: BodyText): string => text.replace(/\s+/g, ' ').trim();
	return words(html).includes(words(plain));
}

/** Which of the texts of a message is its text: the first one with something to see that is no mere hint. */
export class TextChoice {
	private first: BodyText | undefined;
	private hint: BodyText | undefined;

	/** What to take where there is nothing better. */
	get best(): BodyText {
		return this.hint ?? this.first ?? NO_TEXT;
	}

	/** The text, where `body` decides: what seemed to be a mere hint is it where the HTML says the same. */
	take({ next }: Pick<TextPart, 'next'>, body: BodyText): BodyText | undefined {
		this.first ??= body;
		if (!isVisible(body.text)) return undefined;
		if (next?.format === 'html' && isHint(body)) {
			this.hint = body;
			return undefined;
		}
		return this.hint !== undefined && saysTheSame(body, this.hint) ? this.hint : body;
	}
}
