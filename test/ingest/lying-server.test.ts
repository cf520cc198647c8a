import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import type { MailAccount } from '../../nodes/mail/ports';
import { startFakeImapServer } from '../support/imap/fake-imap-server';
import type { FakeImapServer, Reply } from '../support/imap/fake-imap-server';
import { IngestBench } from '../support/imap/ingest-bench';
import { ScriptedStore } from '../support/imap/scripted-store';
import type { Lies } from '../support/imap/scripted-store';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const RULE = { Name: 'Alerts', Filter: { Subject: '^alert' } };
const AUDIT_MINUTES = 61;

/** The mailbox of the run that is tried just now. */
let store = new ScriptedStore();
let server: FakeImapServer;
let account: MailAccount;

beforeAll(async () => {
	const commands = Object.keys(store.answers);
	server = await startFakeImapServer({
		answers: Object.fromEntries(
			commands.map((command) => [
				command,
				(line, connection): Reply => {
					const answer = store.answers[command];
					return typeof answer === 'function' ? answer(line, connection) : 'end';
				},
			]),
		),
	});
	account = createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 2_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	});
});
afterAll(() => server.stop());

const number = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 40 }));
const refusal = fc.constantFrom<Reply>('end', 'reset', ['TAG NO not now'], ['TAG BAD what']);
const quietLies = fc.record(
	{
		uidNext: number,
		statusUidNext: number,
		exists: fc.integer({ min: 0, max: 40 }),
		hidden: fc.oneof(
			fc.constant('all' as const),
			fc.uniqueArray(fc.integer({ min: 1, max: 40 })).map((uids) => new Set(uids)),
		),
	},
	{ requiredKeys: [] },
);
/** Also refuses some of its commands, or ends the connection at them. */
const lies: fc.Arbitrary<Lies> = fc
	.tuple(quietLies, fc.array(fc.option(refusal, { freq: 6, nil: undefined }), { maxLength: 12 }))
	.map(([quiet, replies]) => ({ ...quiet, instead: () => replies.shift() }));

type Step =
	| { readonly kind: 'mail'; readonly count: number }
	| { readonly kind: 'restore'; readonly lost: number }
	| { readonly kind: 'poll'; readonly lies: Lies; readonly minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant('mail' as const), count: fc.integer({ min: 1, max: 4 }) }),
	fc.record({ kind: fc.constant('restore' as const), lost: fc.integer({ min: 1, max: 5 }) }),
	fc.record({
		kind: fc.constant('poll' as const),
		lies,
		minutes: fc.constantFrom(1, 2, AUDIT_MINUTES),
	}),
);

it('whatever a server says wrongly of its mail, none that matches is undelivered after two audits', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { minLength: 3, maxLength: 14 }),
			fc.array(quietLies, { minLength: 3, maxLength: 3 }),
			async (steps, lastLies) => {
				store = new ScriptedStore();
				const bench = new IngestBench([RULE], {}, account);
				bench.endAtOnce = true;
				let mails = 0;
				for (const { kind, ...more } of steps) {
					if (kind === 'mail' && 'count' in more) {
						for (let n = 0; n < more.count; n += 1) {
							mails += 1;
							store.deliver(`alert ${String(mails)}`, { received: new Date(bench.now) });
						}
					}
					if ('lost' in more) store.restore(Math.max(1, store.nextUid() - more.lost));
					if ('lies' in more) {
						store.lies = more.lies;
						await bench.poll(more.minutes).catch(() => undefined);
					}
				}
				for (const quiet of lastLies) {
					store.lies = quiet;
					await bench.poll(AUDIT_MINUTES).catch(() => undefined);
				}
				const missing = store.subjects().filter((subject) => !bench.subjects.includes(subject));
				expect(missing).toEqual([]);
			},
		),
		{ numRuns: 25 },
	);
});
