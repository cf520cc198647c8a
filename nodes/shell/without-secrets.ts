const USER_INFO = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]+@/giu;
const AUTHORIZATION = /\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}/gu;
const NAMED_SECRET =
	/((?:password|passwd|secret|token|assertion|private_?key)["']?\s*[:=]\s*["']?)[^\s"',;&]+/giu;

/** Blanks out user-info in addresses, Authorization values and `password=`-like pairs of a foreign text. */
export function withoutSecrets(text: string): string {
	return text
		.replace(USER_INFO, '$1***@')
		.replace(AUTHORIZATION, '$1 ***')
		.replace(NAMED_SECRET, '$1***');
}
