import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../nodes/mail/text/decode';
import { decodeRawHeader } from '../../../nodes/mail/text/header-text';

const how = (encoding = '', charset = '', more: { flowed?: boolean; delSp?: boolean } = {}) => ({
	encoding,
	charset,
	flowed: more.flowed ?? false,
	delSp: more.delSp ?? false,
});
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

describe('charsets', () => {
	it.each([
		['utf-8', 'UTF-8', hex('63 61 66 c3 a9'), 'café'],
		['windows-1252 above 0x7F', 'windows-1252', hex('80 93 94'), '€“”'],
		['iso-8859-1, read as windows-1252 as mail programs do', 'iso-8859-1', hex('e9 80'), 'é€'],
		['iso-8859-2', 'iso-8859-2', hex('b3 f3 64 bc'), 'łódź'],
		['iso-8859-15', 'iso-8859-15', hex('a4'), '€'],
		['windows-1251', 'windows-1251', hex('cf f0 e8'), 'При'],
		['koi8-r', 'koi8-r', hex('f0 d2 c9'), 'При'],
		['iso-2022-jp', 'iso-2022-jp', hex('1b 24 42 46 7c 4b 5c 1b 28 42'), '日本'],
		['shift_jis', 'shift_jis', hex('93 fa 96 7b'), '日本'],
		['euc-jp', 'euc-jp', hex('c6 fc cb dc'), '日本'],
		['gb18030 beyond gbk', 'gb18030', hex('d6 d0 95 32 82 36'), '中𠀀'],
		['gb2312', 'gb2312', hex('d6 d0'), '中'],
		['big5', 'big5', hex('a4 a4'), '中'],
		['ks_c_5601-1987', 'ks_c_5601-1987', hex('c7 d1'), '한'],
		['utf-16le with a byte order mark', 'utf-16', hex('ff fe 41 00 e9 00'), 'Aé'],
		['a label in quotes and capitals', ' ISO-8859-1 ', hex('e9'), 'é'],
	])('%s', (_name, charset, input, expected) => {
		expect(decodeText(input, how('8bit', charset))).toBe(expected);
	});
});

describe('labels that are wrong, unknown or missing', () => {
	it.each([
		['utf-8 that is windows-1252', 'utf-8', hex('63 61 66 e9'), 'café'],
		['us-ascii that is utf-8', 'us-ascii', hex('c3 a9'), 'é'],
		['us-ascii that is windows-1252', 'us-ascii', hex('93 41 94'), '“A”'],
		['no label, utf-8', '', hex('c3 a9'), 'é'],
		['no label, windows-1252', '', hex('e9 20 41'), 'é A'],
		['an unknown label on utf-8', 'x-who-knows', hex('c3 a9'), 'é'],
		['an unknown label on windows-1252', 'x-who-knows', hex('e9'), 'é'],
		['a transfer encoding as label', 'base64', hex('c3 a9'), 'é'],
		['utf-7, which is refused and left as written', 'utf-7', bytes('+AGE-'), '+AGE-'],
		['a name of Object.prototype', '__proto__', hex('c3 a9'), 'é'],
		['one damaged byte among utf-8', 'utf-8', hex('c3 a9 c3 a8 ff'), 'éè\uFFFD'],
		['iso-8859-1 that is utf-8', 'iso-8859-1', Buffer.from('Größe'), 'Größe'],
		['windows-1252 that is utf-8', 'windows-1252', Buffer.from('é'), 'é'],
		[
			'windows-1252 that also might be utf-8 but for one character',
			'windows-1252',
			hex('c3 b6 20 f6'),
			'Ã¶ ö',
		],
		['windows-1251 that is utf-8', 'windows-1251', Buffer.from('Диск'), 'Диск'],
		['koi8-r that hardly is utf-8', 'koi8-r', hex('d6 a3'), 'жё'],
		['x-gbk that is utf-8', 'x-gbk', Buffer.from('磁盘已满'), '磁盘已满'],
		['iso-2022-jp that is utf-8', 'iso-2022-jp', Buffer.from('磁'), '磁'],
		['utf-16 that is utf-8', 'utf-16', Buffer.from('Größe'), 'Größe'],
		['ucs-2 without a byte order mark', 'UCS-2', hex('00 41 00 20 00 e9 00 0a'), 'A é\n'],
		['the binary text of Ruby', 'ASCII-8BIT', Buffer.from('é'), 'é'],
		['CESU-8, as Java writes it', 'utf-8', hex('ed a0 bd ed b4 a5 20 c3 a9'), '🔥 é'],
		['half of that', 'utf-8', hex('c3 a9 20 c3 a9 ed a0 bd'), 'é é\uFFFD\uFFFD\uFFFD'],
		['another name of us-ascii', 'ANSI_X3.4-1968', hex('e9'), 'é'],
		['a name of gb2312', 'cn-gb', hex('d6 d0'), '中'],
		['a byte order mark against the label', 'windows-1252', hex('ef bb bf c3 a9'), 'é'],
	])('%s', (_name, charset, input, expected) => {
		expect(decodeText(input, how('8bit', charset))).toBe(expected);
	});

	it('never throws, whatever the bytes and the label', () => {
		const encodings = fc.constantFrom('', '7bit', 'quoted-printable', 'base64', 'x-uuencode');
		const charsets = fc.oneof(
			fc.constantFrom(
				'utf-8',
				'iso-2022-jp',
				'gb18030',
				'utf-16',
				'utf-32',
				'euc-jp',
				'utf-7',
				'hex',
			),
			fc.string(),
		);
		fc.assert(
			fc.property(
				fc.uint8Array(),
				encodings,
				charsets,
				fc.boolean(),
				(raw, encoding, charset, cut) => {
					const text = decodeText(Buffer.from(raw), how(encoding, charset, { flowed: cut }), cut);
					expect(text).not.toContain('\0');
				},
			),
		);
	});
});

describe('transfer encodings', () => {
	it.each([
		[
			'quoted-printable with soft breaks and trailing blanks',
			'quoted-printable',
			'a=\r\nb =C3=A9  \r\nc',
			'ab é\r\nc',
		],
		[
			'quoted-printable with escapes that are none',
			'quoted-printable',
			'100=% =ZZ =',
			'100=% =ZZ ',
		],
		['quoted-printable with raw 8-bit bytes', 'quoted-printable', '\xc3\xa9=3D', 'é='],
		['base64 with junk and line breaks', 'base64', 'aGVs\r\n bG8*=', 'hello'],
		['base64 without padding', 'base64', 'aGk', 'hi'],
		['base64 in pieces with padding each', 'base64', 'aA==aQ==', 'hi'],
		['8bit as it is', '8bit', 'plain', 'plain'],
		['an unknown encoding as it is', 'x-own', 'plain', 'plain'],
	])('%s', (_name, encoding, input, expected) => {
		expect(decodeText(bytes(input), how(encoding, 'utf-8'))).toBe(expected);
	});

	it('joins the lines of format=flowed', () => {
		const input = bytes('Disk is \r\nfull\r\n-- \r\nhost\r\n');

		expect(decodeText(input, how('7bit', 'us-ascii', { flowed: true }))).toBe(
			'Disk is full\n-- \nhost\n',
		);
	});

	it('joins them without the blank where delsp says so', () => {
		const input = bytes('https://example.com/ \r\nlong\r\n');

		expect(decodeText(input, how('7bit', 'us-ascii', { flowed: true, delSp: true }))).toBe(
			'https://example.com/long\n',
		);
	});

	it('takes the stuffing from continued lines too', () => {
		const input = bytes('load  \r\n > 4  \r\n From noon\r\n');

		expect(decodeText(input, how('7bit', '', { flowed: true, delSp: true }))).toBe(
			'load > 4 From noon\n',
		);
	});

	it('drops NUL characters and keeps line ends as they are', () => {
		expect(decodeText(bytes('a\0b\r\nc\nd\re'), how())).toBe('ab\r\nc\nd\re');
	});
});

describe('a text that was cut', () => {
	const long = 'x'.repeat(9000);

	it.each([
		['ends at its last whole line', '', 'utf-8', bytes('one\r\ntwo'), 'one\r\n'],
		['drops half a utf-8 character', '', 'utf-8', Buffer.concat([bytes(long), hex('e2 82')]), long],
		[
			'keeps a whole utf-8 character at the end',
			'',
			'utf-8',
			Buffer.concat([bytes(long), hex('e2 82 ac')]),
			`${long}€`,
		],
		['drops half an escape', 'quoted-printable', 'utf-8', bytes(`${long}=C`), long],
		['drops half a soft break', 'quoted-printable', 'utf-8', bytes(`${long}=\r`), long],
		[
			'drops an escape whose character is cut',
			'quoted-printable',
			'utf-8',
			bytes(`${long}=C3`),
			long,
		],
		[
			'drops half a double-byte character',
			'',
			'shift_jis',
			Buffer.concat([bytes(long), hex('93')]),
			long,
		],
		[
			'is not taken for windows-1252',
			'',
			'',
			Buffer.concat([hex('c3 a9'), bytes(long), hex('c3')]),
			`é${long}`,
		],
	])('%s', (_name, encoding, charset, input, expected) => {
		expect(decodeText(input, how(encoding, charset), true)).toBe(expected);
	});

	it('drops half a base64 group', () => {
		const encoded = Buffer.from(long).toString('base64').slice(0, -2);

		expect(long).toContain(decodeText(bytes(encoded), how('base64', 'utf-8'), true));
	});
});

describe('raw headers', () => {
	it.each([
		['utf-8 whatever the text is written in', hex('c3 a9'), 'windows-1251', 'é'],
		['the charset of the text', hex('cf f0 e8'), 'windows-1251', 'При'],
		['windows-1252 without one', hex('e9'), '', 'é'],
		[
			'ISO-2022-JP, which is plain ASCII to a UTF-8 test',
			hex('1b 24 42 46 7c 4b 5c 1b 28 42'),
			'iso-2022-jp',
			'日本',
		],
	])('are read as %s', (_name, input, charset, expected) => {
		expect(decodeRawHeader(input, charset)).toBe(expected);
	});
});
