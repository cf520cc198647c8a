/** Unfolds a header value (RFC 5322, 2.2.3) and keeps it on one line, as mail programs show it. */
export function toOneLine(value: string): string {
	return value
		.replace(/\r?\n(?=[ \t])/g, '')
		.replace(/[\0\r\n\t]+/g, ' ')
		.trim();
}
