/** Blanks, line ends, controls, and characters that take no room: no-break and zero-width spaces, marks of direction. */
const INVISIBLE = /^(?:[\s\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]|\u034F)*$/u;

/** True for a text in which there is something to see. */
export function isVisible(text: string): boolean {
	return !INVISIBLE.test(text);
}
