import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import type { FakeImapOptions } from '../support/imap/fake-imap-server';
import { performScripted } from '../support/imap/scripted-mailbox';

const MIB = 1024 * 1024;
const MAX_MEMORY_BYTES = 512 * MIB;
/** Longest text of an error that a person reads. */
const MAX_ERROR_LENGTH = 2000;

const ROW = '* 1 FETCH (UID 1 FLAGS () INTERNALDATE "23-Nov-2026 10:00:00 +0000" RFC822.SIZE 42';
const RECIPIENTS = '(NIL NIL "a" "example.com")'.repeat(100_000);
const repeated = (count: number, make: (index: number) => string): string =>
	Array.from({ length: count }, (_, index) => make(index)).join('\r\n');
const selected = (...lines: readonly string[]): FakeImapOptions => ({
	answers: { SELECT: [...lines, 'TAG OK'], EXAMINE: [...lines, 'TAG OK'] },
});
const fetched = (...lines: readonly string[]): FakeImapOptions => ({
	answers: { 'UID FETCH': [...lines, 'TAG OK'] },
});

/** What a server that means harm, or one that is broken, says at each point of a session. */
const ATTACKS: Readonly<Record<string, FakeImapOptions>> = {
	'a greeting without end': { greeting: `* OK ${'a'.repeat(9 * MIB)}` },
	'a greeting that is a literal of 4 GB': { greeting: '* OK {4294967295}' },
	'a flood instead of a greeting': { greeting: '* 1 EXISTS\r\n'.repeat(500_000) },
	'a capability list without end': { capability: 'X'.repeat(9 * MIB) },
	'a refused sign-in of 9 MB': {
		answers: { AUTHENTICATE: [`TAG NO ${'a'.repeat(9 * MIB)}`] },
	},
	'folders without end': {
		answers: { LIST: [repeated(200_000, () => '* LIST () "/" a'), 'TAG OK'] },
	},
	'a flood of new mail while a mailbox opens': selected(
		repeated(200_000, (index) => `* ${String(index)} EXISTS`),
	),
	'a mailbox with impossible numbers': selected(
		'* 4294967295 EXISTS',
		'* OK [UIDVALIDITY 99999999999999999999] x',
		'* OK [UIDNEXT -1] x',
	),
	'a row that is a literal of 4 GB': fetched(`${ROW} ENVELOPE ({4294967295}`),
	'a row that is a literal of no size at all': fetched(`${ROW} ENVELOPE ({99999999999999999999}`),
	'a row that never ends': fetched(`${ROW} ENVELOPE ("${'a'.repeat(9 * MIB)}`),
	'a row with 100,000 recipients': fetched(
		`${ROW} ENVELOPE (NIL "x" NIL NIL NIL (${RECIPIENTS}) NIL NIL NIL NIL))`,
	),
	'a structure in a structure, 100,000 times': fetched(
		`${ROW} BODYSTRUCTURE ${'('.repeat(100_000)}`,
	),
	'a header of 20 MB': fetched(
		`${ROW} BODY[HEADER.FIELDS (FROM)] {20971520}\r\n${'a'.repeat(20 * MIB)})`,
	),
	'rows that nobody asked for': fetched(
		repeated(200_000, (index) => `* ${String(index + 1)} FETCH (FLAGS ())`),
	),
	'an answer to another command': { answers: { 'UID FETCH': ['A999999 OK done'] } },
	'bytes that are no IMAP': { answers: { 'UID FETCH': ['\u0000\u0000)))((("""{{{'] } },
	'a goodbye in the middle of a row': fetched(`${ROW} ENVELOPE (`, '* BYE', 'TAG NO'),
};

describe('a hostile mail server', () => {
	it.each(Object.keys(ATTACKS))(
		'that sends %s gets a session that ends, in bounded memory, and no trust',
		async (name) => {
			const before = process.memoryUsage.rss();
			const { outcome } = await performScripted(ATTACKS[name] ?? {}, async (mailbox) => {
				const uids = (await mailbox.uidsAfter(0)).slice(0, 3);
				return await mailbox.heads(uids);
			});
			expect(process.memoryUsage.rss() - before).toBeLessThan(MAX_MEMORY_BYTES);
			// It fails in our own words, or only messages do.
			if (!Array.isArray(outcome)) {
				expect(outcome).toBeInstanceOf(IngestError);
				expect(String(outcome).length).toBeLessThan(MAX_ERROR_LENGTH);
			}
			// The next server is served as if nothing had been.
			const { outcome: next } = await performScripted({}, (mailbox) => mailbox.uidsAfter(0));
			expect(next).toEqual([1, 2, 3]);
		},
	);
});
