import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { PASSWORD, picked, runAction, toMail } from './imap-ingest-run';

const USER = 'search@example.com';

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [USER]: PASSWORD } });
	await dovecot.deliver(USER, toMail('backup failed'), {
		internalDate: new Date('2026-11-20T12:00:00Z'),
		flags: ['\\Seen'],
	});
	const second = toMail('=?utf-8?Q?L=C3=A4rm?=', '', 'The Oracle is in the kitchen');
	await dovecot.deliver(USER, second, {
		internalDate: new Date('2026-11-21T12:00:00Z'),
		flags: ['\\Flagged'],
	});
	await dovecot.deliver(USER, WITH_FILE, { internalDate: new Date('2026-11-22T12:00:00Z') });
});
afterAll(() => dovecot.stop());

const WITH_FILE = [
	'From: Agent <smith@matrix.com>',
	'Subject: files',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain',
	'',
	'See the report.',
	'--b',
	'Content-Type: application/pdf; name=report.pdf',
	'',
	'x'.repeat(70).concat('\r\n').repeat(1000),
	'--b--',
	'',
].join('\r\n');

const subjectsOf = (items: readonly INodeExecutionData[]) =>
	items.map(({ json }) => (json['message'] as IDataObject)['subject']);
const run = (parameters: IDataObject) =>
	runAction(dovecot, USER, {
		parameters: { operation: 'search', mailbox: picked('INBOX'), ...parameters },
	});
const find = async (criteria: IDataObject, more: IDataObject = { returnAll: true }) =>
	subjectsOf(await run({ criteria, ...more }));

describe('searching', () => {
	it.each<[string, IDataObject, readonly string[]]>([
		['nothing in particular: everything, newest first', {}, ['files', 'Lärm', 'backup failed']],
		['from', { from: 'TRINITY' }, ['Lärm', 'backup failed']],
		['to', { to: 'neo@' }, ['Lärm', 'backup failed']],
		['subject', { subject: 'lärm' }, ['Lärm']],
		['a subject that looks like a command', { subject: 'x" ALL' }, []],
		['body', { body: 'oracle' }, ['Lärm']],
		['unread', { unread: true }, ['files', 'Lärm']],
		['read', { unread: false }, ['backup failed']],
		['flagged', { flagged: true }, ['Lärm']],
		['not flagged', { flagged: false }, ['files', 'backup failed']],
		['larger', { largerThan: 50 }, ['files']],
		['with attachment', { hasAttachment: true }, ['files']],
		['without attachment', { hasAttachment: false }, ['Lärm', 'backup failed']],
		['since a moment', { since: '2026-11-21T12:00:00Z' }, ['files', 'Lärm']],
		['since the next second', { since: '2026-11-21T12:00:01Z' }, ['files']],
		['before a moment', { before: '2026-11-21T12:00:00Z' }, ['backup failed']],
		['before, in a zone', { before: '2026-11-21T23:00:01+11:00' }, ['Lärm', 'backup failed']],
		['several of them', { unread: true, from: 'trinity' }, ['Lärm']],
	])('finds by %s', async (_case, criteria, subjects) => {
		expect(await find(criteria)).toEqual(subjects);
	});

	it('gives items that the other operations take', async () => {
		expect(await run({ criteria: { flagged: true }, returnAll: true })).toMatchObject([
			{
				json: {
					message: {
						account: `${USER}@${dovecot.host}`,
						mailbox: 'INBOX',
						uidValidity: expect.stringMatching(/^\d+$/) as unknown,
						uid: 2,
						receivedAt: '2026-11-21T12:00:00.000Z',
					},
					flags: ['\\Flagged'],
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('gives no more than the limit, the newest first, also of what the server cannot tell', async () => {
		expect(await find({}, { limit: 2 })).toEqual(['files', 'Lärm']);
		expect(await find({ hasAttachment: false }, { limit: 1 })).toEqual(['Lärm']);
	});

	it('refuses an expression without a result instead of searching wider', async () => {
		await expect(find({ to: '={{ $json.nothing }}' })).rejects.toMatchObject({
			message: 'To is empty.',
			description: /remove the criterion/,
		});
	});

	it('says which mailbox is missing', async () => {
		await expect(find({}, { mailbox: picked('No Such') })).rejects.toThrow(/no mailbox "No Such"/);
	});
});
