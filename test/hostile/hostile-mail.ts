import { createRandom, flood, UNITS } from './hostile-texts';

/** A mail that is to break something, and what it tries. */
export interface HostileMail {
	readonly name: string;
	readonly raw: string;
}

type Random = ReturnType<typeof createRandom>;
type Make = (random: Random) => string;
/** The fields of a part that its sender chooses, and its content. */
type MakePart = (random: Random) => {
	readonly fields: readonly string[];
	readonly content: string;
};

const KIB = 1024;
/** No line without an end: mail servers split such ones in the middle of anything. */
const LINE = 900;
const lengthOf = (random: Random): number => (32 + random(224)) * KIB;
const unitOf = (random: Random): string => UNITS[random(UNITS.length)] ?? ' ';
const fold = (text: string): string =>
	text
		.replace(/[\r\n\0]/g, ' ')
		.replace(new RegExp(`.{${String(LINE)}}`, 'gs'), (line) => `${line}\r\n `);
const times = (count: number, make: (index: number) => string): string =>
	Array.from({ length: count }, (_, index) => make(index)).join('');
const addresses = (count: number): string =>
	times(count, (index) => `"Somebody ${String(index)}" <user${String(index)}@example.com>,\r\n `);

/** Heads that a sender can write, beside the fields that every mail has. */
const HEADS: Readonly<Record<string, Make>> = {
	'many recipients': (random) => `To: ${addresses(2000 + random(6000))}last@example.com`,
	'an address list of one unit': (random) => `To: ${fold(flood(unitOf(random), lengthOf(random)))}`,
	'a sender of one unit': (random) => `From: ${fold(flood(unitOf(random), 16 * KIB))}`,
	'a forged domain': () => 'From: "trinity@zion.com"@MISSING_DOMAIN',
	'many senders': () => `From: ${addresses(2000)}trinity@zion.com`,
	'nested groups and comments': (random) =>
		`Cc: ${fold(`${'(a '.repeat(random(5000))}g:${'h:'.repeat(1000)}x@example.com;`)}`,
	'a long subject': (random) => `Subject: ${fold(flood(unitOf(random), lengthOf(random)))}`,
	'encoded words without end': (random) =>
		`Subject: ${fold('=?iso-2022-jp?B?GyRC?= '.repeat(100 + random(4000)))}`,
	'a date of one unit': (random) => `Date: ${fold(flood(unitOf(random), 32 * KIB, 'Mon, 23 Nov'))}`,
	'thousands of fields': (random) =>
		times(1000 + random(4000), (index) => `X-Field-${String(index)}: value\r\n`).trimEnd(),
	'a long chain of references': (random) =>
		`References: ${fold('<aaaaaaaa@example.com> '.repeat(1000 + random(3000)))}`,
};

const text = (content: string, more: readonly string[] = []) => ({
	fields: ['Content-Type: text/plain; charset=utf-8', ...more],
	content,
});
const html = (content: string) => ({ fields: ['Content-Type: text/html'], content });
const MULTIPART = 'Content-Type: multipart/mixed; boundary=x';

/** Bodies: texts, HTML, transfer encodings, charsets and structures. */
const BODIES: Readonly<Record<string, MakePart>> = {
	'a text of one unit': (random) => text(flood(unitOf(random), lengthOf(random))),
	'a value of blanks': (random) => text(`Time: a${' '.repeat(lengthOf(random))}b`),
	'a value of parentheses': (random) => text(`Time: ${flood('(', lengthOf(random))}`),
	'a number without end': (random) => text(`Load: ${flood('1,', lengthOf(random), '1', '')}`),
	'quoted text that flows': (random) => ({
		fields: ['Content-Type: text/plain; format=flowed; delsp=yes'],
		content: '>'.repeat(500).concat(' x \r\n').repeat(random(200)),
	}),
	'quoted-printable of one unit': (random) =>
		text(flood(unitOf(random), lengthOf(random)), ['Content-Transfer-Encoding: quoted-printable']),
	'base64 of one unit': (random) =>
		text(flood(unitOf(random), lengthOf(random)), ['Content-Transfer-Encoding: base64']),
	'a charset that switches': (random) => ({
		fields: ['Content-Type: text/plain; charset=iso-2022-jp'],
		content: flood('\u001b$B!!\u001b(B', lengthOf(random)),
	}),
	'a charset of one unit': (random) => ({
		fields: [`Content-Type: text/plain; charset="${fold(flood(unitOf(random), 2 * KIB))}"`],
		content: 'Time: now',
	}),
	'HTML of one unit': (random) => html(flood(unitOf(random), lengthOf(random))),
	'deep HTML': (random) => html('<div><b>'.repeat(5000 + random(20_000))),
	'HTML tables in tables': (random) => html('<table><tr><td colspan=999>'.repeat(random(4000))),
	'HTML with a long attribute': (random) => html(`<a href="${flood('&amp;', lengthOf(random))}">x`),
	'HTML with many links': (random) =>
		html('<a href="https://example.com/">x</a>'.repeat(random(8000))),
	'parts in parts': (random) => ({
		fields: ['Content-Type: multipart/mixed; boundary=b0'],
		content: times(20 + random(200), (level) =>
			[
				`--b${String(level)}`,
				`Content-Type: multipart/mixed; boundary=b${String(level + 1)}`,
				'',
				'',
			].join('\r\n'),
		),
	}),
	'thousands of parts': (random) => ({
		fields: [MULTIPART],
		content: '--x\r\nContent-Type: text/plain; name=a.txt\r\n\r\na\r\n'.repeat(1000 + random(4000)),
	}),
	'messages in messages': (random) => ({
		fields: ['Content-Type: message/rfc822'],
		content: 'Content-Type: message/rfc822\r\n\r\n'.repeat(10 + random(90)),
	}),
	'a file name in pieces': (random) => ({
		fields: [
			`Content-Disposition: attachment${times(200 + random(1000), (index) => `;\r\n filename*${String(index)}*=%E4%BD`)}`,
		],
		content: 'x',
	}),
	'a file name of one unit': (random) => ({
		fields: [
			`Content-Disposition: attachment; filename="${fold(flood(unitOf(random), 16 * KIB))}"`,
		],
		content: 'x',
	}),
};

/** Fields that a mail has unless its hostile head brings them. */
const USUAL = [
	'From: Trinity <trinity@zion.com>',
	'To: neo@example.com',
	'Subject: alert',
	'Date: Mon, 23 Nov 2026 03:00:00 +0000',
];

/** Mails that are to break something: every kind of head and of body in turn, the rest by chance, always the same for a seed. */
export function makeHostileMails(count: number, seed = 1): readonly HostileMail[] {
	const random = createRandom(seed);
	const heads = Object.entries(HEADS);
	const bodies = Object.entries(BODIES);
	return Array.from({ length: count }, (_, index) => {
		const [headName = '', head = () => ''] = heads[index % heads.length] ?? [];
		const [bodyName = '', body = () => text('')] = bodies[index % bodies.length] ?? [];
		const own = head(random);
		const { fields, content } = body(random);
		const nameOf = (field: string): string => `${field.split(':')[0] ?? ''}:`;
		const usual = USUAL.filter((field) => !own.startsWith(nameOf(field)));
		const id = `Message-ID: <hostile-${String(index)}@example.com>`;
		const raw = [...usual, id, own, 'MIME-Version: 1.0', ...fields, '', content, ''].join('\r\n');
		return { name: `${String(index)}: ${headName}; ${bodyName}`, raw };
	});
}

/** A mail that nobody has tampered with, which has to arrive whatever comes with it. */
export function makeGenuineMail(index: number): string {
	const id = `Message-ID: <genuine-${String(index)}@example.com>`;
	return [...USUAL, id, '', 'Time: 2026-11-23', 'Load: 1,000', ''].join('\r\n');
}

/** A rule that has everything done to a mail that can be done. */
export const GREEDY_RULE = {
	Name: 'Greedy',
	Filter: { Subject: '(?s).*' },
	Payload: {
		FromCaptures: ['(?<from>.+)'],
		ToCaptures: ['(?<to>.+)'],
		CcCaptures: ['(?<cc>.+)'],
		SubjectCaptures: ['(?<subject>.*)'],
		BodyCaptures: [
			'Time: (?<time>[^\\n]*)',
			'Load: (?<load>[^\\n]*)',
			'(?<flag>on|off)',
			'(?s)(?<all>.*)',
		],
		AttachmentNameCaptures: ['(?<file>.+)'],
		Types: { time: 'Date', load: 'Number', flag: 'Boolean' },
	},
	CleanUp: { Action: 'Delete' },
};
