/** What patterns and parsers stumble over when there is a lot of it. */
export const UNITS: readonly string[] = [
	' ',
	'\t',
	'\n',
	'\r\n ',
	'(',
	')',
	'<',
	'>',
	'<!--',
	'<div>',
	'<table><tr><td>',
	'<a href="',
	'"',
	'\\',
	"'",
	',',
	';',
	':',
	'a:b;',
	'@',
	'a@',
	'.',
	'-',
	'0',
	'1,',
	'9'.repeat(20),
	'=',
	'=\r\n',
	'=?',
	'=?utf-8?q?',
	'=?utf-8?b?4pyT?= ',
	'&',
	'&#1',
	'%',
	'%E4%BD',
	'\u0000',
	'\u001b$B',
	'\ud83d',
	'\u202e',
	'a b',
	'"a" <a@example.com>, ',
	'a*0*=',
	'__proto__: ',
];

/** `unit` again and again, between a beginning and an end that keep a search going. */
export function flood(unit: string, length: number, first = 'a', last = 'b'): string {
	return first + unit.repeat(Math.ceil(length / unit.length)) + last;
}

/** Numbers from 0 to `below`, always the same ones for a seed (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
	};
}
