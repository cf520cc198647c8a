import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer, Reply } from '../../support/imap/fake-imap-server';
import { openSharedAccount } from '../../support/imap/shared-account';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

const MESSAGES = 16;
const UIDS = Array.from({ length: MESSAGES }, (_, index) => index + 1);

let tls: TestCa;
const running: FakeImapServer[] = [];

beforeAll(async () => {
	tls = await createTestCa();
});
afterEach(async () => {
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

const toUids = (line: string) =>
	(line.split(' ')[2] ?? '').split(',').flatMap((range) => {
		const [first = '0', last = first] = range.split(':');
		return UIDS.filter((uid) => uid >= Number(first) && uid <= Number(last));
	});
const SURE = 'FLAGS (\\Seen) INTERNALDATE "23-Nov-2026 10:00:00 +0000" RFC822.SIZE 42';
const STRUCTURE = 'BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 5 1)';
/** Header fields as a literal (RFC 3501, 4.3), as servers give them. */
const fieldsOf = (header: string) =>
	`BODY[HEADER.FIELDS (FROM SUBJECT)]<0> {${String(Buffer.byteLength(header))}}\r\n${header}`;
const header = (uid: number) =>
	fieldsOf(
		`From: Ops <ops@x.org>\r\nSubject: alert ${String(uid)}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${String(uid)}@x.org>\r\n\r\n`,
	);
const row = (uid: number, items: string) => `* ${String(uid)} FETCH (UID ${String(uid)} ${items})`;
const goodRow = (uid: number) => row(uid, `${SURE} ${header(uid)} ${STRUCTURE}`);
/** More parts than the driver is told to accept. */
const flood = (uid: number) =>
	row(uid, `${SURE} BODY[HEADER.FIELDS (FROM)] (${'() '.repeat(600_000)})`);

/** A text that is larger than the driver is told to accept. */
const literal = (uid: number) =>
	`* ${String(uid)} FETCH (UID ${String(uid)} BODY[HEADER.FIELDS (FROM)]<0> {99999999}`;

/** A server whose rows for some messages are `bad`, each of them when it is asked for `what`. */
async function readHeads(
	bad: ReadonlyMap<number, (uid: number) => string>,
	gone: readonly number[] = [],
	what: 'HEADER.FIELDS' | 'BODYSTRUCTURE' = 'HEADER.FIELDS',
) {
	const fetch = (line: string): Reply => {
		const uids = toUids(line).filter((uid) => !gone.includes(uid));
		if (!line.includes(what)) {
			const items = (uid: number) =>
				line.includes('HEADER.FIELDS') ? `${SURE} ${header(uid)}` : SURE;
			return [...uids.map((uid) => row(uid, items(uid))), 'TAG OK'];
		}
		return [
			...uids.map((uid) => (bad.get(uid) ?? goodRow)(uid)).filter((text) => text !== ''),
			'TAG OK',
		];
	};
	const server = await startFakeImapServer({
		tls,
		answers: {
			'UID FETCH': fetch,
			'UID SEARCH': (line) => [
				`* SEARCH ${toUids(line.replace('SEARCH UID', 'SEARCH'))
					.filter((uid) => !gone.includes(uid))
					.join(' ')}`,
				'TAG OK',
			],
		},
	});
	running.push(server);
	const registry = new ConnectionRegistry();
	const timeouts = { silence: 20_000, logout: 200 };
	const account = openSharedAccount(server, { registry, timeouts });
	const heads = await account.withMailbox('INBOX', async (mailbox) => {
		if (what === 'HEADER.FIELDS') return await mailbox.heads(UIDS);
		const first = await mailbox.heads(UIDS, { structure: false });
		return await mailbox.structures(first);
	});
	await registry.closeIdle();
	return { heads, server };
}

const failedUids = (heads: Awaited<ReturnType<typeof readHeads>>['heads']) =>
	heads.filter(({ failure }) => failure !== undefined).map(({ summary }) => summary.uid);

describe('heads', () => {
	it('come with one command when all can be read', async () => {
		const { heads, server } = await readHeads(new Map());

		expect(heads.map(({ summary }) => summary.subject)).toStrictEqual(
			UIDS.map((uid) => `alert ${String(uid)}`),
		);
		expect(failedUids(heads)).toStrictEqual([]);
		expect(server.commands.filter((command) => command.startsWith('UID'))).toHaveLength(1);
	});

	it.each([
		['with too many parts', flood],
		['with too long a text', literal],
	])('of one message %s break the connection and do not stop the others', async (_name, bad) => {
		const { heads, server } = await readHeads(new Map([[11, bad]]));

		expect(heads).toHaveLength(MESSAGES);
		expect(failedUids(heads)).toStrictEqual([11]);
		expect(heads[10]).toMatchObject({
			summary: { uid: 11, size: 42, receivedAt: '2026-11-23T10:00:00.000Z', subject: '' },
			failure: {
				code: 'message-unreadable',
				message: expect.stringMatching(/^Message 11 in "INBOX"/),
			},
		});
		expect([...(heads[10]?.flags ?? [])]).toStrictEqual(['\\Seen']);
		expect(heads[11]?.summary.subject).toBe('alert 12');
		// Halving 16 takes four steps, and the message alone one.
		expect(server.connectionCount).toBe(1 + 5);
	});

	it('that all break the connection end in a bounded number of connections', async () => {
		const { heads, server } = await readHeads(new Map(UIDS.map((uid) => [uid, literal])));

		expect(failedUids(heads)).toStrictEqual(UIDS);
		expect(server.connectionCount).toBeLessThanOrEqual(1 + 31);
	});

	it.each([
		['cannot be parsed', () => '* 3 FETCH (UID 3 BODY[HEADER.FIELDS (FROM)] "never closed)'],
		['is left out of the answer', () => ''],
	])(
		'of a message whose row %s are not taken for those of a message that is gone',
		async (_name, bad) => {
			const { heads } = await readHeads(new Map([[3, bad]]), [5]);

			expect(heads.map(({ summary }) => summary.uid)).toStrictEqual(
				UIDS.filter((uid) => uid !== 5),
			);
			expect(failedUids(heads)).toStrictEqual([3]);
		},
	);

	it('without a structure, since it is nested too deeply, are not judged as if the message were empty', async () => {
		const deep = (uid: number) =>
			row(uid, `${SURE} ${header(uid)} BODYSTRUCTURE ${'('.repeat(150)}${')'.repeat(150)}`);
		const { heads } = await readHeads(new Map([[2, deep]]));

		expect(failedUids(heads)).toStrictEqual([2]);
		expect(heads[1]).toMatchObject({ summary: { subject: 'alert 2' }, textPart: null });
	});
});

describe('structures of heads that were read without', () => {
	const structured = (uid: number) => row(uid, `RFC822.SIZE 42 ${STRUCTURE}`);
	const readStructures = (bad: ReadonlyMap<number, (uid: number) => string>) =>
		readHeads(
			new Map([...UIDS.map((uid) => [uid, structured] as const), ...bad]),
			[],
			'BODYSTRUCTURE',
		);

	it('come with one more command', async () => {
		const { heads, server } = await readStructures(new Map());

		expect(heads.map(({ summary }) => summary.subject)).toContain('alert 16');
		expect(heads.map(({ textPart }) => textPart)).toStrictEqual(
			UIDS.map(() => expect.objectContaining({ key: '1', format: 'text', size: 5 })),
		);
		const fetches = server.commands.filter((command) => command.startsWith('UID FETCH'));
		expect(fetches.map((command) => command.includes('BODYSTRUCTURE'))).toStrictEqual([
			false,
			true,
		]);
	});

	it.each([
		['has too many parts', (uid: number) => row(uid, `BODYSTRUCTURE (${'() '.repeat(600_000)})`)],
		['cannot be parsed', (uid: number) => row(uid, 'BODYSTRUCTURE ("never closed')],
		[
			'is nested too deeply',
			(uid: number) =>
				row(uid, `RFC822.SIZE 42 BODYSTRUCTURE ${'('.repeat(150)}${')'.repeat(150)}`),
		],
		['is left out of the answer', () => ''],
	])('stop no other one when one %s', async (_name, bad) => {
		const { heads } = await readStructures(new Map([[7, bad]]));

		expect(heads).toHaveLength(MESSAGES);
		expect(failedUids(heads)).toStrictEqual([7]);
		expect(heads[6]).toMatchObject({ summary: { subject: 'alert 7' }, textPart: null });
	});

	it('leave out a message that is gone by then', async () => {
		const server = await startFakeImapServer({
			tls,
			answers: {
				'UID FETCH': (line) =>
					line.includes('HEADER.FIELDS')
						? [row(1, `${SURE} ${header(1)}`), row(2, `${SURE} ${header(2)}`), 'TAG OK']
						: [structured(2), 'TAG OK'],
				'UID SEARCH': ['* SEARCH', 'TAG OK'],
			},
		});
		running.push(server);
		const registry = new ConnectionRegistry();
		const account = openSharedAccount(server, { registry, timeouts: { logout: 200 } });

		const whole = await account.withMailbox('INBOX', async (mailbox) =>
			mailbox.structures(await mailbox.heads([1, 2], { structure: false })),
		);
		await registry.closeIdle();

		expect(whole.map(({ summary }) => summary.uid)).toStrictEqual([2]);
	});
});
