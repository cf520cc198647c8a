import { decode } from 'libmime/lib/charset.js';

/** HZ (RFC 1843): GB 2312 between `~{` and `~}`, without the eighth bit; a `~` is written `~~`. */
export function decodeHz(bytes: Buffer): string {
	const pieces = bytes.toString('latin1').split(/(~[{}~]|~?\r?\n)/);
	let isShifted = false;
	const decoded = pieces.map((piece) => {
		if (piece === '~~') return '~';
		if (piece === '~{' || piece === '~}') {
			isShifted = piece === '~{';
			return '';
		}
		if (piece.endsWith('\n')) {
			// It ends what was not closed, and behind a `~` it is no line end.
			isShifted = false;
			return piece.startsWith('~') ? '' : piece;
		}
		return isShifted ? withEighthBit(piece) : piece;
	});
	return decode(Buffer.from(decoded.join(''), 'latin1'), 'gbk');
}

/** ISO-2022-KR (RFC 1557): KS X 1001 between SO and SI, without the eighth bit. */
export function decodeIso2022Kr(bytes: Buffer): string {
	const pieces = bytes
		.toString('latin1')
		.replaceAll(DESIGNATION, '')
		.split(new RegExp(`([${SHIFT_OUT}${SHIFT_IN}\\n])`));
	let isShifted = false;
	const decoded = pieces.map((piece) => {
		if (piece === SHIFT_OUT || piece === SHIFT_IN) {
			isShifted = piece === SHIFT_OUT;
			return '';
		}
		if (piece === '\n') isShifted = false;
		return isShifted ? withEighthBit(piece) : piece;
	});
	return decode(Buffer.from(decoded.join(''), 'latin1'), 'euc-kr');
}

function withEighthBit(text: string): string {
	return text.replace(/[!-~]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) | EIGHTH_BIT));
}

const SHIFT_OUT = '\u000E';
const SHIFT_IN = '\u000F';
const EIGHTH_BIT = 0x80;
const DESIGNATION = '\u001B$)C';
