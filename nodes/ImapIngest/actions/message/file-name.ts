const MAX_LENGTH = 150;

/**
 * A name that is only a name: whoever sent the mail wrote it, and n8n takes what stands before a slash for a folder.
 * Keeps the extension of a long one.
 */
export function toFileName(name: string): string {
	const plain = withoutEdges(name.replace(/[\p{Cc}\p{Cf}]+/gu, '').replace(/[/\\:*?"<>|]+/g, '_'));
	if (plain === '') return 'file';
	if (plain.length <= MAX_LENGTH) return plain;
	const extension = /\.[^.]{1,10}$/.exec(plain)?.[0] ?? '';
	return `${plain.slice(0, MAX_LENGTH - extension.length)}${extension}`;
}

/** Without the dots and blanks around it. */
function withoutEdges(text: string): string {
	const isEdge = (at: number): boolean => /[.\s]/.test(text.charAt(at));
	let start = 0;
	let end = text.length;
	while (start < end && isEdge(start)) start += 1;
	while (end > start && isEdge(end - 1)) end -= 1;
	return text.slice(start, end);
}
