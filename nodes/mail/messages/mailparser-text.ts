import { simpleParser } from 'mailparser';

/** The text that mailparser, and so the nodes of n8n, make of HTML; nothing where it makes none. */
export async function convertAsMailparser(html: string): Promise<string | undefined> {
	try {
		const mail = `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`;
		const { text } = await simpleParser(mail, { skipTextToHtml: true, skipImageLinks: true });
		return text?.trimEnd();
	} catch {
		return undefined;
	}
}
