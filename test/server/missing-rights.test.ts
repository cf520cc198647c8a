import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import type { OpenMailbox } from '../../nodes/mail/ports';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const USER = 'neo@example.com';
/** Rights (RFC 4314) by mailbox: `k` to create below, `i` to put in, `t` and `e` to delete, `w` and `s` for flags. */
const RIGHTS = {
	'Only to Read': 'lr',
	'Nothing Kept': 'lri',
	'No Deleting': 'lrwsi',
	'No Expunging': 'lrwsti',
	'No Keywords': 'lrsite',
	'No Room': 'lr',
	Blind: 'i',
};
type Place = keyof typeof RIGHTS;
const PLACES = Object.keys(RIGHTS) as Place[];
/** Everybody may do everything there. */
const DONE = 'Done';

const toConfig = (folder: string) => `mail_plugins = $mail_plugins acl
plugin {
  acl = vfile:${folder}/acl
}
`;
const ACL = Object.entries(RIGHTS)
	.map(([name, rights]) => `"${name}" owner ${rights}\n`)
	.join('');

/** Puts the mailboxes back to one message each, in INBOX and in those where the account may do less. */
async function reset(dovecot: Dovecot) {
	await dovecot.setFile('acl', '');
	await dovecot.withClient(USER, async (client) => {
		for (const place of [...PLACES, DONE]) {
			await client.mailboxCreate(place);
			await client.mailboxDelete(place);
			await client.mailboxCreate(place);
		}
		await client.mailboxOpen('INBOX');
		await client.messageDelete('1:*');
	});
	for (const place of PLACES) {
		await dovecot.deliver(USER, `Subject: ${place}\r\n\r\n\r\n`, { mailbox: place });
	}
	await dovecot.deliver(USER, 'Subject: INBOX\r\n\r\n\r\n');
	await dovecot.setFile('acl', ACL);
}

describe.each([
	['with MOVE', undefined],
	['without MOVE', 'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS NAMESPACE'],
])('an account that lacks rights, on a server %s', (_name, capability) => {
	let dovecot: Dovecot;

	beforeAll(async () => {
		dovecot = await startDovecot({
			users: { [USER]: 'white-rabbit' },
			...(capability !== undefined && { capability }),
			config: toConfig,
			files: { acl: '' },
		});
	});
	afterAll(() => dovecot.stop());
	beforeEach(() => reset(dovecot));

	const act = <Result>(
		place: Place | 'INBOX',
		work: (mailbox: OpenMailbox, uids: readonly number[]) => Promise<Result>,
	) =>
		createMailAccount({
			account: {
				host: dovecot.host,
				port: dovecot.port,
				username: USER,
				caCertificate: dovecot.ca,
			},
			signIn: () => Promise.resolve({ user: USER, password: 'white-rabbit' }),
			log: SILENT_LOG,
			shared: OWN_CONNECTIONS,
		}).withMailbox(place, async (mailbox) => await work(mailbox, await mailbox.uidsAfter(0)));

	/** Subjects and flags, by mailbox; what cannot be read is left out. */
	const look = async (place: string) =>
		(await dovecot.list(USER, place)).map(({ subject, flags }) => [subject, ...flags].join(' '));

	it.each<Place>(['Only to Read', 'Nothing Kept', 'No Deleting', 'No Expunging'])(
		'neither moves nor copies out of "%s", however often it tries',
		async (place) => {
			for (let attempt = 0; attempt < 3; attempt += 1) {
				await expect(act(place, (mailbox, uids) => mailbox.move(uids, DONE))).rejects.toMatchObject(
					{ kind: 'mailbox', message: expect.stringMatching(/"|reading only/) as unknown },
				);
			}
			expect(await look(place)).toEqual([place]);
			expect(await look(DONE)).toEqual([]);
		},
	);

	it.each<Place>(['Only to Read', 'Nothing Kept', 'No Deleting', 'No Expunging'])(
		'says that nothing is deleted in "%s"',
		async (place) => {
			await expect(act(place, (mailbox, uids) => mailbox.delete(uids))).rejects.toMatchObject({
				kind: 'mailbox',
				message: expect.stringContaining(`"${place}"`) as unknown,
			});
			expect(await look(place)).toEqual([expect.stringMatching(`^${place}`)]);
		},
	);

	it.each<[Place, boolean]>([
		['Only to Read', false],
		['Nothing Kept', false],
		['No Keywords', true],
	])('marks as read in "%s" where it may: %s', async (place, isAllowed) => {
		const marking = act(place, (mailbox, uids) => mailbox.addFlag(uids, '\\Seen'));
		if (isAllowed) await marking;
		else await expect(marking).rejects.toMatchObject({ kind: 'mailbox' });
		expect(await look(place)).toEqual([isAllowed ? `${place} \\Seen` : place]);
	});

	it('says that a flag is not kept, and that a keyword was not added', async () => {
		await expect(
			act('No Keywords', (mailbox, uids) => mailbox.addFlag(uids, '\\Flagged')),
		).rejects.toMatchObject({ message: expect.stringContaining('\\Flagged') as unknown });
		expect(await act('No Keywords', (mailbox, uids) => mailbox.addKeyword(uids, '$Done'))).toBe(
			false,
		);
		expect(await look('No Keywords')).toEqual(['No Keywords']);
	});

	it.each(['No Room', 'No Room/New'])(
		'leaves the message where it is when it may not be put into "%s"',
		async (folder) => {
			await expect(
				act('INBOX', (mailbox, uids) => mailbox.move(uids, folder)),
			).rejects.toMatchObject({
				code: 'mailbox-read-only',
				message: expect.stringContaining(`"${folder}"`) as unknown,
			});
			expect(await look('INBOX')).toEqual(['INBOX']);
		},
	);

	it('never deletes a message whose copy the server does not confirm', async () => {
		const moving = act('INBOX', (mailbox, uids) => mailbox.move(uids, 'Blind'));
		if (capability === undefined) {
			await moving;
			expect(await look('INBOX')).toEqual([]);
		} else {
			await expect(moving).rejects.toMatchObject({
				message: expect.stringContaining('left 1 messages in "INBOX"') as unknown,
			});
			expect(await look('INBOX')).toEqual(['INBOX']);
		}
	});
});
