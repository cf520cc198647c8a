const MAX_LENGTH = 150;

/**
 * A name that is only a name: whoever sent the mail wrote it, and n8n takes what stands before a slash for a folder.
 * Keeps the extension of a long one.
 */
export function toFileName(name: string): string {
	const plain = name
		.replace(/[\p{Cc}\p{Cf}]+/gu, '')
		.replace(/[/\\:*?"<>|]+/g, '_')
		.replace(/^[.\s]+|[.\s]+$/g, '');
	if (plain === '') return 'file';
	if (plain.length <= MAX_LENGTH) return plain;
	const extension = /\.[^.]{1,10}$/.exec(plain)?.[0] ?? '';
	return `${plain.slice(0, MAX_LENGTH - extension.length)}${extension}`;
}
