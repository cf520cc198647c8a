import type { EmailFields } from './detect-email';
import { convertAsMailparser } from '../mail/messages/mailparser-text';

/** A longer HTML is not converted a second time; its type alone tells. */
const LONGEST_COMPARED = 65_536;

/**
 * True for a text that is not of the mail: Email Trigger (IMAP) and Gmail put out one that mailparser made of the HTML, with
 * headings in capitals, cells run together and lines cut.
 */
export async function isMadeOfHtml({
	text,
	html,
	contentType = '',
}: EmailFields): Promise<boolean> {
	if (/^text\/html\b/i.test(contentType)) return true;
	if (/^text\//i.test(contentType) || html.length > LONGEST_COMPARED) return false;
	return (await convertAsMailparser(html)) === text.replace(/\r\n/g, '\n').trimEnd();
}
