import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../../support/silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import type { OpenMailbox, RetentionMailbox } from '../../../nodes/mail/ports';
import { toImapDate } from '../../../nodes/mail/mailboxes/save-date';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from '../../support/imap/fake-imap-server';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const running: FakeImapServer[] = [];

afterEach(async () => {
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function inInbox<Result>(
	script: FakeImapOptions,
	work: (mailbox: OpenMailbox & RetentionMailbox) => Promise<Result>,
) {
	const server = await startFakeImapServer(script);
	running.push(server);
	const outcome = await createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 2_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	})
		.withMailbox('INBOX', work)
		.catch((error: unknown) => error);
	return { outcome, commands: server.commands };
}

const CAPABILITY = 'IMAP4rev1 UIDPLUS MOVE NAMESPACE SAVEDATE';
const selected = (uidValidity: number) => [
	'* 3 EXISTS',
	`* OK [UIDVALIDITY ${String(uidValidity)}] ok`,
	'* OK [UIDNEXT 4] ok',
	'TAG OK [READ-WRITE] ok',
];

describe('retention by save date', () => {
	it('deletes what the server finds', async () => {
		const { outcome, commands } = await inInbox(
			{
				capability: CAPABILITY,
				answers: {
					'UID SEARCH': {
						turns: [
							['* SEARCH 3', 'TAG OK'],
							['* SEARCH 2 1', 'TAG OK'],
							['* SEARCH', 'TAG OK'],
						],
					},
				},
			},
			(mailbox) => mailbox.deleteSavedBefore('Done', new Date('2026-11-05T10:00:00Z')),
		);

		expect(outcome).toBe(2);
		expect(commands).toStrictEqual(
			expect.arrayContaining([
				'UID SEARCH SAVEDATESUPPORTED UID *',
				'UID SEARCH SAVEDBEFORE 05-Nov-2026',
				'UID EXPUNGE 1:2',
			]),
		);
	});

	it('leaves a mailbox alone that does not keep that date', async () => {
		const { outcome, commands } = await inInbox(
			{ capability: CAPABILITY, answers: { 'UID SEARCH': ['* SEARCH', 'TAG OK'] } },
			(mailbox) => mailbox.deleteSavedBefore('Done', new Date()),
		);

		expect(outcome).toBeUndefined();
		expect(commands.some((command) => command.includes('EXPUNGE'))).toBe(false);
	});

	it('deletes nothing when the search is refused', async () => {
		const { outcome, commands } = await inInbox(
			{ capability: CAPABILITY, answers: { 'UID SEARCH': ['TAG NO not now'] } },
			(mailbox) => mailbox.deleteSavedBefore('Done', new Date()),
		);

		expect(outcome).toMatchObject({ code: 'refused-by-server' });
		expect(commands.some((command) => command.includes('EXPUNGE'))).toBe(false);
	});
});

it('refuses to go on when the mailbox was created anew meanwhile, since its UIDs mean other messages', async () => {
	const { outcome, commands } = await inInbox(
		{
			capability: CAPABILITY,
			answers: { SELECT: { turns: [selected(7), selected(9), selected(8)] } },
		},
		async (mailbox) => {
			await mailbox.deleteBelow('Done', '9', 2);
			await mailbox.delete([1]);
		},
	);

	expect(outcome).toMatchObject({ code: 'stale-reference' });
	expect(commands.filter((command) => command.includes('EXPUNGE'))).toStrictEqual([
		'UID EXPUNGE 1',
	]);
});

describe('a day as IMAP writes it', () => {
	it.each([
		['2026-01-05T23:59:59Z', '05-Jan-2026'],
		['2026-12-31T00:00:00Z', '31-Dec-2026'],
	])('%s is %s', (iso, expected) => {
		expect(toImapDate(new Date(iso))).toBe(expected);
	});
});
