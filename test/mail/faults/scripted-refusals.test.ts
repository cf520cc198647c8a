import { describe, expect, it } from 'vitest';

import type { FakeImapOptions } from '../../support/imap/fake-imap-server';
import { performScripted } from '../../support/imap/scripted-mailbox';

/** What comes of reading the heads of a scripted INBOX. */
const readHeads = async (script: FakeImapOptions): Promise<unknown> =>
	(await performScripted(script, (mailbox) => mailbox.heads([1, 2, 3]))).outcome;

const OUTAGE = { code: 'throttled', kind: 'unavailable' };
const HOUR = 3_600_000;

describe('a server on the wire', () => {
	it.each([
		'TAG NO Temporary authentication failure',
		'TAG NO [UNAVAILABLE] Temporary authentication failure',
		'TAG NO [AUTHENTICATIONFAILED] Service temporarily unavailable',
		'TAG NO Server Unavailable. 15',
		'TAG NO Too many open connections',
		'TAG NO Login fail. login frequency limited',
		'TAG NO System busy, try again later',
	])('that does not sign in for now is an outage: %s', async (answer) => {
		expect(await readHeads({ answers: { LOGIN: [answer] } })).toMatchObject(OUTAGE);
	});

	it.each(['TAG NO LOGIN failed.', 'TAG NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)'])(
		'that does not know the password is none: %s',
		async (answer) => {
			expect(await readHeads({ answers: { LOGIN: [answer] } })).toMatchObject({
				code: 'password-rejected',
				kind: 'signIn',
			});
		},
	);

	it.each(['TAG NO Server Unavailable. 15', 'TAG NO Command Error. 12', 'TAG NO [INUSE] locked'])(
		'that does not open the mailbox for now is an outage: %s',
		async (answer) => {
			const answers = { SELECT: [answer], EXAMINE: [answer] };
			expect(await readHeads({ answers })).toMatchObject(OUTAGE);
		},
	);

	it.each([
		['at the sign-in', { LOGIN: ['TAG NO [OVERQUOTA] Account exceeded bandwidth limits.'] }],
		['at the mailbox', { SELECT: ['TAG NO [OVERQUOTA] Account exceeded command limits.'] }],
		['at a message', { 'UID FETCH': ['TAG NO [OVERQUOTA] Account exceeded command limits.'] }],
	])('that has reached the limit of a day %s is left alone for an hour', async (_when, answers) => {
		expect(await readHeads({ answers })).toMatchObject({ ...OUTAGE, retryAfterMs: HOUR });
	});

	it.each(['SERVERBUG', 'UNAVAILABLE', 'LIMIT'])(
		'whose FETCH fails with the code %s is an outage',
		async (code) => {
			const answers = { 'UID FETCH': [`TAG NO [${code}] FETCH failed`] };
			expect(await readHeads({ answers })).toMatchObject(OUTAGE);
		},
	);
});
