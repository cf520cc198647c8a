/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
	/** What stands after BEGIN, e.g. `CERTIFICATE`. */
	readonly label: string;
	/** The block in its strict form: one header, lines of 64 characters, one footer. */
	readonly pem: string;
	/** True for a private key that a passphrase protects, in the PKCS#8 or the older OpenSSL form. */
	readonly encrypted: boolean;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*(?:-(?!----)[^-]*)*)-----END \1-----/g;

/**
 * Finds the PEM blocks in a text and restores their line ends. A PEM that was pasted into a one-line field comes with blanks in
 * place of its line ends, one from a JSON or an environment file with the two characters `\n`; both are read.
 */
export function readPemBlocks(text: string): readonly PemBlock[] {
	const lines = text.replace(/\\r\\n|\\n|\\r/g, '\n');
	return [...lines.matchAll(BLOCK)].map(([, label = '', body = '']) => {
		const encrypted = label.startsWith('ENCRYPTED') || /Proc-Type:\s*4,ENCRYPTED/i.test(body);
		const base64 = body.replace(/\s+/g, '');
		const wrapped = base64.match(/.{1,64}/g)?.join('\n') ?? '';
		return {
			label,
			encrypted,
			pem: `-----BEGIN ${label}-----\n${wrapped}\n-----END ${label}-----\n`,
		};
	});
}
