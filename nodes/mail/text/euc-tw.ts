import { decode } from 'libmime/lib/charset.js';

/** Where the order of CNS 11643 departs from that of Big5: a place of the plane, and how far the same character is from it in Big5. */
const DEPARTURES: Readonly<Record<number, readonly number[]>> = {
	1: [
		0, 0, 21, 2, 24, -2, 29, 0, 73, 1, 74, -1, 75, 0, 127, 1, 128, -1, 129, 0, 148, 1, 149, -1, 150,
		0, 155, -134, 156, 0, 282, -48, 470, 5631, 3290, -2819, 4702, -2818, 5126, -3243, 5127, -2819,
		7003, -2432, 7004, -2820, 7391, -2819, 7916, -2630, 7917, -2820, 8106, -2819, 8190, -2673, 8191,
		-2820, 8245, -2819, 8246, -2821, 8247, -2820, 8337, -2819,
	],
	2: [
		0, 6280, 10, 6281, 43, 6329, 44, 6280, 92, 6281, 138, 6448, 139, 6280, 306, 6281, 2146, 6928,
		2147, 6281, 2255, 6282, 2792, 5635, 2793, 6282, 2893, 5643, 2894, 6281, 3293, 6282, 4930, 6831,
		4931, 6281, 5077, 6822, 5078, 6280, 5365, 7143, 5366, 6279, 5482, 6280, 5619, 6281, 5723, 6702,
		5724, 6280, 5946, 6281, 6144, 6282, 6226, 6283, 6312, 5914, 6313, 6282, 6321, 6283, 6474, 6284,
		6530, 6584, 6531, 6283, 6644, 5959, 6645, 6282, 6787, 5970, 6788, 6281, 6833, 6282, 6904, 6476,
		6905, 6281, 7099, 6282, 7589, 6325, 7590, 6281, 7633, 6282, 7634, 6283, 7645, 6271, 7646, 6282,
	],
};

const COLUMNS = 94;
/** Second bytes of Big5: from 0x40 to 0x7E and from 0xA1 to 0xFE. */
const BIG5_COLUMNS = 157;
const BIG5_LOW_COLUMNS = 63;

/** EUC-TW: the first two planes of CNS 11643, which have the characters of Big5 in nearly the same order. */
export function decodeEucTw(bytes: Buffer): string {
	const big5: number[] = [];
	for (let at = 0; at < bytes.length;) {
		const isLong = bytes[at] === 0x8e && (bytes[at + 1] ?? 0) > 0xa0;
		const plane = isLong ? (bytes[at + 1] ?? 0) - 0xa0 : 1;
		const start = isLong ? at + 2 : at;
		const [row, column] = [(bytes[start] ?? 0) - 0xa1, (bytes[start + 1] ?? 0) - 0xa1];
		if (row < 0 || column < 0) {
			big5.push(bytes[at] ?? 0);
			at += 1;
			continue;
		}
		big5.push(...toBig5(plane, row * COLUMNS + column));
		at = start + 2;
	}
	return decode(Buffer.from(big5), 'big5');
}

/** A character that Big5 does not have. */
const NONE = [0x3f];

function toBig5(plane: number, place: number): readonly number[] {
	const departures = DEPARTURES[plane];
	if (departures === undefined) return NONE;
	let distance = 0;
	for (let at = 0; at < departures.length && (departures[at] ?? 0) <= place; at += 2) {
		distance = departures[at + 1] ?? 0;
	}
	const found = place + distance;
	const column = found % BIG5_COLUMNS;
	const trail = column < BIG5_LOW_COLUMNS ? 0x40 + column : 0xa1 - BIG5_LOW_COLUMNS + column;
	return [0xa1 + Math.floor(found / BIG5_COLUMNS), trail];
}
