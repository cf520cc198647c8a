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

/** How a set of ISO 2022 is written in a charset that the library decodes. */
interface Written {
	readonly charset: string;
	/** Stands in front of every character of so many bytes. */
	readonly prefix?: { readonly sign: string; readonly bytes: number };
}

/** Is part of all the others. */
const ASCII: Written = { charset: 'windows-1252' };
const KATAKANA: Written = { charset: 'euc-jp', prefix: { sign: '\u008E', bytes: 1 } };
const KOREAN: Written = { charset: 'euc-kr' };
const CHINESE: Written = { charset: 'gbk' };

/** What an escape sequence switches to, until the next one (RFC 1468, RFC 1554). */
const SETS: Readonly<Record<string, Written>> = {
	'(B': ASCII,
	'(J': ASCII,
	'(I': KATAKANA,
	'$@': { charset: 'euc-jp' },
	$B: { charset: 'euc-jp' },
	'$(D': { charset: 'euc-jp', prefix: { sign: '\u008F', bytes: 2 } },
	'$(C': KOREAN,
	$A: CHINESE,
};
/** What is between SO and SI from then on (RFC 1557, RFC 1922). */
const SHIFTED_SETS: Readonly<Record<string, Written>> = { '$)C': KOREAN, '$)A': CHINESE };

const ESC = '\u001B';
const SHIFT_OUT = '\u000E';
const SHIFT_IN = '\u000F';
const SIGNS = new RegExp(`(${ESC}(?:\\$?[()]?[@-Z])|[${SHIFT_OUT}${SHIFT_IN}\\n])`);

/** The members of ISO 2022 that mail is written in: iso-2022-jp and its extensions, -kr and -cn. */
export function decodeIso2022(bytes: Buffer, charset: string): string {
	let shifted = charset.endsWith('kr') ? KOREAN : charset.endsWith('cn') ? CHINESE : KATAKANA;
	let set = ASCII;
	let isShifted = false;
	const decoder = new SetDecoder();
	for (const piece of bytes.toString('latin1').split(SIGNS)) {
		const escape = piece.startsWith(ESC) ? piece.slice(1) : '';
		const [next, nextShifted] = [SETS[escape], SHIFTED_SETS[escape]];
		if (next !== undefined) set = next;
		else if (nextShifted !== undefined) shifted = nextShifted;
		else if (piece === SHIFT_OUT || piece === SHIFT_IN) isShifted = piece === SHIFT_OUT;
		else decoder.add(piece, isShifted ? shifted : set);
		// A line end ends what was not closed.
		if (piece === '\n') [set, isShifted] = [ASCII, false];
	}
	return decoder.end();
}

/** Decodes pieces of different sets, neighbours of one charset together. */
class SetDecoder {
	private readonly texts: string[] = [];
	private open: string[] = [];
	private charset = ASCII.charset;

	add(piece: string, { charset, prefix }: Written): void {
		if (charset !== ASCII.charset && charset !== this.charset) {
			this.flush();
			this.charset = charset;
		}
		if (charset === ASCII.charset) this.open.push(piece);
		else this.open.push(withPrefix(withEighthBit(piece), prefix));
	}

	end(): string {
		this.flush();
		return this.texts.join('');
	}

	private flush(): void {
		if (this.open.length === 0) return;
		this.texts.push(decode(Buffer.from(this.open.join(''), 'latin1'), this.charset));
		this.open = [];
	}
}

function withPrefix(high: string, prefix: Written['prefix']): string {
	if (prefix === undefined) return high;
	const characters = prefix.bytes === 1 ? /[\u00A1-\u00FE]/g : /[\u00A1-\u00FE]{2}/g;
	return high.replace(characters, (character) => prefix.sign + character);
}

function withEighthBit(text: string): string {
	return text.replace(/[!-~]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) | EIGHTH_BIT));
}

const EIGHTH_BIT = 0x80;
