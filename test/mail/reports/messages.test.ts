import { afterEach, describe, expect, it } from 'vitest';

import { startScriptedBench, stopScriptedBenches } from '../../support/imap/scripted-bench';
import type { Lies, ScriptedMessage } from '../../support/imap/scripted-store';

afterEach(stopScriptedBenches);

/** Three alerts on a server that lies about the second; what was delivered after a poll. */
async function deliverThree(lies: Lies, rule: object = {}) {
	const scripted = await startScriptedBench({ rule });
	scripted.store.lies = lies;
	scripted.deliver('alert 1', 'alert 2', 'alert 3');
	await scripted.bench.poll();
	return scripted;
}

const HOUR = 61;
const ALL = ['alert 1', 'alert 2', 'alert 3'];
const OTHERS = ['alert 1', 'alert 3'];
const toBodyRule = () => ({ Filter: { Subject: '^alert', Body: 'About' } });
const ofSecond =
	(change: (row: string) => string) =>
	(row: string, { uid }: ScriptedMessage) =>
		uid === 2 ? change(row) : row;
const withStructure = (structure: string): Lies => ({
	row: (row) =>
		row.replace(/BODYSTRUCTURE \((?:[^()]|\([^()]*\))*\)/, `BODYSTRUCTURE ${structure}`),
});

describe('a message that the server gives otherwise than others do is delivered', () => {
	it.each<[string, (row: string) => string]>([
		[
			'with blanks within the brackets (QQ)',
			(row) => row.replace('FETCH (', 'FETCH ( ').replace(/\)$/, ' )'),
		],
		[
			'with the date 00-Jan-0000',
			(row) => row.replace(/INTERNALDATE "[^"]*"/, 'INTERNALDATE "00-Jan-0000 00:00:00 +0000"'),
		],
		['with the date NIL', (row) => row.replace(/INTERNALDATE "[^"]*"/, 'INTERNALDATE NIL')],
		['with the size 0 (hMailServer)', (row) => row.replace(/RFC822.SIZE \d+/, 'RFC822.SIZE 0')],
	])('%s', async (_, change) => {
		const { bench } = await deliverThree({ row: ofSecond(change) });
		expect(bench.subjects).toEqual(ALL);
	});

	it('with an EXPUNGE of another one in the midst of the rows', async () => {
		const { bench } = await deliverThree({
			row: ofSecond((row) => `* 9 EXPUNGE\r\n${row}`),
		});
		expect(bench.subjects).toEqual(ALL);
	});
});

describe('rows that nobody has asked for', () => {
	it('as another program marks mail as read, are no sign of a restored mailbox', async () => {
		const news = (row: string, { uid }: ScriptedMessage) =>
			`${row}\r\n* ${String(uid)} FETCH (UID ${String(uid)} FLAGS (\\Seen))`;
		const { bench, deliver } = await deliverThree({ row: news });
		await bench.poll();
		await bench.poll(HOUR);
		deliver('alert 4');
		await bench.poll(HOUR);
		expect(bench.reported).toEqual([]);
		expect(bench.subjects).toEqual([...ALL, 'alert 4']);
	});
});

describe('a message that SEARCH does not find', () => {
	it.each([/HEADER\.FIELDS/, /BODY\.PEEK\[1\]/])(
		'goes to quarantine in the end where its row is left out, too: %s',
		async (what) => {
			const scripted = await startScriptedBench({ rule: toBodyRule() });
			const { bench, store } = scripted;
			let line = '';
			store.lies = {
				hidden: 'all',
				instead: (_, command) => {
					line = command;
					return undefined;
				},
				row: ofSecond((row) => (what.test(line) ? '* OK nothing' : row)),
			};
			scripted.deliver('alert 1', 'alert 2', 'alert 3');
			for (let attempt = 1; attempt <= 6; attempt += 1) await bench.poll(HOUR);
			expect(bench.subjects).toEqual(OTHERS);
			expect(store.subjects('Ingest Quarantine')).toEqual(['alert 2']);
		},
	);
});

describe('a server that gives few messages at once', () => {
	it.each(['TAG NO Too many messages requested', 'TAG BAD Invalid message set'])(
		'is asked for fewer: %s',
		async (refusal) => {
			const many = Array.from({ length: 20 }, (_, index) => `alert ${String(index)}`);
			const scripted = await startScriptedBench();
			const { bench, store } = scripted;
			store.lies = {
				instead: (command, line) =>
					command === 'UID FETCH' && !/^UID FETCH \d+ /.test(line) ? [refusal] : undefined,
			};
			scripted.deliver(...many);
			await bench.poll();
			await bench.poll(HOUR);
			expect(bench.subjects).toEqual(many);
		},
	);
});

describe('a structure that other programs stumble over leads to the text', () => {
	it.each([
		[
			'a boundary NIL (mail.ru)',
			'(("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" 13 1) "MIXED" ("BOUNDARY" NIL) NIL NIL)',
		],
		['a parameter NIL (IceWarp)', '("TEXT" "PLAIN" ("CHARSET" NIL) NIL NIL "8BIT" 13 1)'],
		['parameters NIL', '("TEXT" "PLAIN" NIL NIL NIL "8BIT" 13 1)'],
		[
			'a bare disposition (Exchange)',
			'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" 13 1 NIL "inline" NIL NIL)',
		],
		['a multipart as a leaf (GMX)', '("MULTIPART" "MIXED" ("BOUNDARY" "b") NIL NIL "8BIT" 13)'],
		['an empty child (Yandex)', '(("TEXT" "PLAIN" NIL NIL NIL "8BIT" 13 1) () "MIXED")'],
		['a size 0', '("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" 0 0)'],
		['sizes NIL', '("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" NIL NIL)'],
		['a type NIL', '(NIL NIL NIL NIL NIL "8BIT" 13 1)'],
	])('with %s', async (_, structure) => {
		const { bench } = await deliverThree(withStructure(structure), toBodyRule());
		expect(bench.subjects).toEqual(ALL);
	});
});

describe('a message of which the server makes no sense stops no other, and goes to quarantine in the end', () => {
	it.each<[string, (row: string) => string]>([
		[
			'its structure is NIL',
			(row) => row.replace(/BODYSTRUCTURE .*?\)(?= BODY\[|\)$)/, 'BODYSTRUCTURE NIL'),
		],
		['a bracket is missing', (row) => row.replace('NIL NIL "8BIT"', 'NIL (NIL "8BIT"')],
		['a bracket comes early (Xeams)', (row) => row.replace('BODYSTRUCTURE (', 'BODYSTRUCTURE ) (')],
		['its row has no UID', (row) => row.replace(/UID \d+ /, '')],
		[
			'its header comes empty',
			(row) =>
				row
					.replace(/(BODY\[HEADER\.FIELDS [^\]]*\]) \{\d+\}[^]*$/, '$1 {0}\r\n)')
					.replace(
						/BODY\[\]<0> \{\d+\}\r\n/,
						'BODY[]<0> {37}\r\nSubject: alert 2\r\n\r\nFrom nobody\r\n',
					),
		],
		['its header is not in the row', (row) => row.replace(/ BODY\[HEADER[^]*$/, ')')],
		['its row is left out (Cyrus)', () => '* OK nothing'],
	])('%s', async (_, change) => {
		const { bench, store } = await deliverThree({ row: ofSecond(change) }, toBodyRule());
		expect(bench.subjects).toEqual(OTHERS);
		for (let attempt = 2; attempt <= 6; attempt += 1) await bench.poll(70).catch(() => undefined);
		expect(store.subjects()).toEqual(OTHERS);
		expect(store.subjects('Ingest Quarantine')).toEqual(['alert 2']);
		expect(bench.reported).toMatchObject([{ event: 'quarantined', uids: [2] }]);
	});
});

it('a row that is left out (Cyrus) is no sign that the action node has acknowledged the message', async () => {
	const { bench, store, deliver } = await startScriptedBench({
		settings: { acknowledge: 'actionNode' },
	});
	store.lies = { row: ofSecond(() => '* OK nothing') };
	deliver('alert 1', 'alert 2', 'alert 3');
	for (let attempt = 1; attempt <= 6; attempt += 1) await bench.poll(HOUR);
	expect(bench.subjects).toEqual(OTHERS);
	expect(store.subjects('Ingest Quarantine')).toEqual(['alert 2']);
});

it('two messages with one number go to quarantine in the end, as nobody can tell them apart', async () => {
	const { bench, store, deliver } = await startScriptedBench();
	deliver('alert 1', 'alert 2', 'alert 3');
	const [first, ...others] = store.messages();
	store.mailboxes.set('INBOX', [
		...(first === undefined ? [] : [first]),
		...others.map((message) => ({ ...message, uid: 2 })),
	]);
	for (let attempt = 1; attempt <= 6; attempt += 1) await bench.poll(HOUR);
	expect(bench.subjects).toEqual(['alert 1']);
	expect(store.subjects('Ingest Quarantine')).toEqual(['alert 2', 'alert 3']);
});

describe('a body is read', () => {
	it.each<[string, (row: string) => string]>([
		[
			'as a quoted string',
			(row) => row.replace(/BODY\[1\]<0> \{\d+\}\r\n(.*)\)$/, 'BODY[1]<0> "$1")'),
		],
		['in lower case', (row) => row.replace(/BODY\[1\]/, 'body[1]')],
		['without its origin', (row) => row.replace(/BODY\[1\]<0>/, 'BODY[1]')],
		['as a literal8', (row) => row.replace(/BODY\[1\]<0> \{/, 'BODY[1]<0> ~{')],
	])('%s', async (_, change) => {
		const { bench } = await deliverThree({ row: ofSecond(change) }, toBodyRule());
		expect(bench.subjects).toEqual(ALL);
	});

	it('from the whole message where it is NIL', async () => {
		const nil = (row: string) => row.replace(/BODY\[1\]<0> \{\d+\}\r\n.*\)$/, 'BODY[1]<0> NIL)');
		const { bench } = await deliverThree({ row: ofSecond(nil) }, toBodyRule());
		expect(bench.subjects).toEqual(ALL);
	});
});

describe("the server's stand-in for a message that it cannot convert (Exchange)", () => {
	it('is no message: it is tried again and goes to quarantine, and says of which one it stands', async () => {
		const scripted = await startScriptedBench();
		const { bench, store } = scripted;
		const subject = 'Retrieval using the IMAP4 protocol failed for the following message: 20004';
		const body = [
			"The server couldn't retrieve the following message:",
			'',
			'Subject: "Database \\"prod\\" is down"',
			'From: "Monitor" ("SMTP:monitor@zion.com")',
			'Sent date: 11/23/2026 3:00:00 AM',
		].join('\r\n');
		store.deliver(subject, { from: '', body, received: new Date(bench.now) });
		scripted.deliver('alert 2');
		await bench.poll();
		expect(bench.subjects).toEqual(['alert 2']);
		for (let attempt = 2; attempt <= 6; attempt += 1) await bench.poll(70);
		expect(store.subjects('Ingest Quarantine')).toEqual([subject]);
		const alert = { subject: 'Database \\"prod\\" is down', from: ['monitor@zion.com'] };
		expect(bench.reported).toMatchObject([
			{ event: 'quarantined', uids: [1], messages: [{ uid: 1, ...alert }] },
		]);
		expect(bench.logged.join('\n')).toContain(`"${alert.subject}" from monitor@zion.com`);
	});
});

describe('a message whose FETCH fails (Yahoo, Gmail, Dovecot)', () => {
	it.each<[string, readonly string[] | 'end']>([
		['is refused', ['TAG NO FETCH Server error while fetching messages']],
		['is refused with a code', ['TAG NO [SERVERBUG] Internal error occurred.']],
		['ends the connection', 'end'],
	])('and %s is quarantined in the end, whatever was asked of it', async (_, reply) => {
		for (const what of [/HEADER\.FIELDS/, /BODY\.PEEK\[1\]/]) {
			const { bench, store } = await deliverThree(
				{
					instead: (command, line) =>
						command === 'UID FETCH' && what.test(line) && mayHold(line, 2) ? reply : undefined,
				},
				toBodyRule(),
			);
			for (let attempt = 2; attempt <= 6; attempt += 1) await bench.poll(70);
			expect(bench.subjects).toEqual(OTHERS);
			expect(store.subjects('Ingest Quarantine')).toEqual(['alert 2']);
		}
	});
});

/** Whether the set of a UID FETCH holds a UID. */
function mayHold(line: string, uid: number): boolean {
	const sets = (line.split(' ')[2] ?? '').split(',');
	return sets.some((range) => {
		const [from = 0, to = from] = range.split(':').map((end) => (end === '*' ? uid : Number(end)));
		return from <= uid && uid <= to;
	});
}
