import { beforeAll, describe, expect, it } from 'vitest';
import type { FakeImapOptions } from '../../support/imap/fake-imap-server';
import { performScripted } from '../../support/imap/scripted-mailbox';
import type { ScriptedMailbox } from '../../support/imap/scripted-mailbox';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

let tls: TestCa;
beforeAll(async () => {
	tls = await createTestCa();
});

const perform = <Result>(
	script: FakeImapOptions,
	work: (mailbox: ScriptedMailbox) => Promise<Result>,
	options: { readOnly?: boolean } = {},
) => performScripted({ tls, ...script }, work, options);

const refused = (code: string) => ({ name: 'IngestError', code });
const MOVED = ['* OK [COPYUID 9 1:2 11:12] moved', 'TAG OK'];
const selected = (uidValidity: number) => [
	'* 3 EXISTS',
	`* OK [UIDVALIDITY ${String(uidValidity)}] ok`,
	'* OK [UIDNEXT 4] ok',
	'TAG OK [READ-WRITE] ok',
];
const WITHOUT_MOVE = 'IMAP4rev1 UIDPLUS NAMESPACE';

describe('moving', () => {
	it.each([
		['is full', '[OVERQUOTA] no room', 'refused-by-server', /is full/],
		['may not be written', '[NOPERM] not yours', 'mailbox-read-only', /may not change .*"Done"/],
	])(
		'says that the folder %s, creates nothing and leaves the messages',
		async (_name, answer, code, words) => {
			const { outcome, commands } = await perform(
				{ answers: { 'UID MOVE': [`TAG NO ${answer}`] } },
				(mailbox) => mailbox.move([1], 'Done'),
			);

			expect(outcome).toMatchObject({ ...refused(code), message: expect.stringMatching(words) });
			expect(commands.filter((command) => !command.startsWith('STATUS'))).toStrictEqual([
				'UID MOVE 1 Done',
			]);
		},
	);

	it('says so when the missing folder may not be created', async () => {
		const { outcome } = await perform(
			{
				answers: {
					'UID MOVE': ['TAG NO [TRYCREATE] no such mailbox'],
					STATUS: ['TAG NO no such mailbox'],
					LIST: ['TAG OK'],
					CREATE: ['TAG NO [NOPERM] not here'],
				},
			},
			(mailbox) => mailbox.move([1], 'Done'),
		);

		expect(outcome).toMatchObject({
			...refused('mailbox-read-only'),
			message: expect.stringContaining('not here'),
		});
	});

	it.each([
		['full', 'UID COPY', ['TAG NO [OVERQUOTA] no room'], ['UID COPY 1 Done']],
		[
			'marked as deleted by nobody',
			'UID STORE',
			['TAG NO not now'],
			[
				'UID COPY 1 Done',
				'UID STORE 1 +FLAGS (\\Deleted)',
				'UID SEARCH UID 1',
				'UID STORE 1 -FLAGS (\\Deleted)',
			],
		],
		[
			'not expunged',
			'UID EXPUNGE',
			['TAG NO not now'],
			[
				'UID COPY 1 Done',
				'UID STORE 1 +FLAGS (\\Deleted)',
				'UID EXPUNGE 1',
				'UID SEARCH UID 1',
				'UID STORE 1 -FLAGS (\\Deleted)',
				'UID SEARCH UID 1',
				// Its numbering is not the one that the copy was confirmed in: nothing is deleted there.
				'SELECT Done',
			],
		],
	])(
		'without MOVE goes no further when the rest is refused: %s',
		async (_name, command, answer, sent) => {
			const { outcome, commands } = await perform(
				{
					capability: WITHOUT_MOVE,
					answers: { 'UID COPY': ['TAG OK [COPYUID 9 1 11] copied'], [command]: answer },
				},
				(mailbox) => mailbox.move([1], 'Done'),
			);

			expect(outcome).toMatchObject(refused('refused-by-server'));
			expect(commands.filter((line) => !line.startsWith('STATUS'))).toStrictEqual(sent);
		},
	);

	it('without MOVE takes the copies back of what could not be deleted, and of nothing else', async () => {
		const { outcome, commands } = await perform(
			{
				capability: WITHOUT_MOVE,
				answers: {
					SELECT: { turns: [selected(7), selected(9)] },
					'UID COPY': ['TAG OK [COPYUID 9 1:3 11:13] copied'],
					'UID SEARCH': {
						turns: [
							// Message 2 is gone in spite of the refusal, so its copy is all there is.
							['* SEARCH 1 3', 'TAG OK'],
							['* SEARCH 1 3', 'TAG OK'],
							['* SEARCH', 'TAG OK'],
						],
					},
					'UID EXPUNGE': { turns: [['TAG NO not yours'], ['TAG OK']] },
				},
			},
			(mailbox) => mailbox.move([1, 2, 3], 'Done'),
		);

		expect(outcome).toMatchObject({
			...refused('refused-by-server'),
			message: expect.stringContaining('not yours'),
		});
		expect(commands.filter((line) => /^(?:SELECT|UID STORE|UID EXPUNGE)/.test(line))).toStrictEqual(
			[
				'UID STORE 1:3 +FLAGS (\\Deleted)',
				'UID EXPUNGE 1:3',
				'UID STORE 1,3 -FLAGS (\\Deleted)',
				'SELECT Done',
				'UID STORE 11,13 +FLAGS (\\Deleted)',
				'UID EXPUNGE 11,13',
			],
		);
	});

	it.each([
		['', 'IMAP4rev1 MOVE UIDPLUS NAMESPACE'],
		[', also where it would take UTF-8', 'IMAP4rev1 MOVE UIDPLUS NAMESPACE ENABLE UTF8=ACCEPT'],
	])('writes a folder beyond ASCII in modified UTF-7%s', async (_name, capability) => {
		const { commands } = await perform({ capability, answers: { 'UID MOVE': MOVED } }, (mailbox) =>
			mailbox.move([1, 2], 'Erledigt & größer'),
		);

		expect(commands).toStrictEqual(['UID MOVE 1:2 "Erledigt &- gr&APYA3w-er"']);
	});
});

describe('keywords', () => {
	const keeping = (flags: string): FakeImapOptions => ({
		answers: {
			SELECT: [
				'* 3 EXISTS',
				`* OK [PERMANENTFLAGS (${flags})] ok`,
				'* OK [UIDVALIDITY 7] ok',
				'* OK [UIDNEXT 4] ok',
				'TAG OK',
			],
		},
	});

	it.each([
		['any may be made', '\\Seen \\*', true],
		['it is known', '\\Seen $Done', true],
		['the mailbox keeps none', '\\Seen', false],
	])('are added when %s', async (_name, flags, isKept) => {
		const { outcome, commands } = await perform(keeping(flags), (mailbox) =>
			mailbox.addKeyword([2], '$Done'),
		);

		expect(outcome).toBe(isKept);
		expect(commands).toStrictEqual(isKept ? ['UID STORE 2 +FLAGS ($Done)'] : []);
	});
});
