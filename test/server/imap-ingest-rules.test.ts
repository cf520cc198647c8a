import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { findItems, PASSWORD, picked, runAction } from './imap-ingest-run';

const USER = 'suggest@example.com';

const toHtmlMail = (from: string, subject: string, html: string): string =>
	[`From: ${from}`, `Subject: ${subject}`, 'Content-Type: text/html', '', html, ''].join('\r\n');

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [USER]: PASSWORD } });
	for (const host of ['db1', 'web2']) {
		const lines = `<p>Host: ${host}</p>`;
		await dovecot.deliver(USER, toHtmlMail('a@example.org', `Problem: ${host}`, lines));
	}
	const table =
		'<table><tr><th>Disk</th><th>Free</th></tr><tr><td>C:</td><td>5</td></tr><tr><td>D:</td><td>7</td></tr></table>';
	await dovecot.deliver(USER, toHtmlMail('b@example.org', 'Disk report', table));
});
afterAll(() => dovecot.stop());

describe('suggesting rules', () => {
	it('gives one for each sender, as JSON for the Rules parameter', async () => {
		const items = await findItems(dovecot, USER);
		const parameters = { resource: 'rules', operation: 'suggest' };
		const found = await runAction(dovecot, USER, { items, parameters });
		expect(found.map(({ json }) => json)).toMatchObject([
			{ messages: 1, rule: { Payload: { Records: [{ Name: 'rows', How: 'Table' }] } } },
			{
				messages: 2,
				rule: {
					Name: 'Problem:',
					Payload: {
						Fields: [{ Name: 'subject' }, { Name: 'host', Label: 'Host:' }, { Name: 'text' }],
					},
				},
			},
		]);
		for (const { json } of found) {
			expect(JSON.parse(String(json['rulesJson']))).toEqual([json['rule']]);
		}
	});

	it('refuses an item that names no message', async () => {
		const parameters = { resource: 'rules', operation: 'suggest', message: '' };
		await expect(runAction(dovecot, USER, { parameters })).rejects.toThrow(/^Message /u);
	});
});

describe('testing rules on a mailbox', () => {
	const test = (more: object) => ({
		resource: 'rules',
		operation: 'testOnMailbox',
		mailbox: picked('INBOX'),
		...more,
	});
	const PROBLEM = {
		Name: 'Problem',
		Filter: { Conditions: [{ Field: 'Subject', Operator: 'StartsWith', Value: 'Problem:' }] },
		Payload: { Fields: [{ Name: 'host', Field: 'Body', How: 'AfterLabel', Label: 'Host:' }] },
	};
	const json = (rules: readonly unknown[], more: object = {}) =>
		test({ testedRules: 'json', rulesJson: JSON.stringify(rules), ...more });
	const run = async (parameters: IDataObject, credential: IDataObject = {}) =>
		(
			await runAction(dovecot, USER, {
				parameters,
				credential: credential as ICredentialDataDecryptedObject,
			})
		).map((item) => item.json);
	const DISK = {
		rule: '(no rule)',
		matched: 1,
		messages: [{ from: 'b@example.org', subject: 'Disk report' }],
	};

	it('gives a row for each rule and one for the rest, and changes nothing', async () => {
		const before = await findItems(dovecot, USER);
		const rows = await run(json([PROBLEM, { ...PROBLEM, Name: 'Twice' }]));
		expect(rows).toMatchObject([
			{
				note: 'Looked at 3 messages in INBOX, the newest first.',
				rule: 'Problem',
				matched: 2,
				delivered: 2,
				refusedBy: ['Subject starts with "Problem:": 1'],
				missing: [],
				overlaps: ['Twice: 2, such as "Problem: web2"'],
			},
			{ rule: 'Twice', matched: 2, delivered: 0 },
			DISK,
		]);
		expect(rows.every((row) => !('changes' in row))).toBe(true);
		expect(await findItems(dovecot, USER)).toEqual(before);
		expect(before.map(({ flags }) => flags)).toEqual([[], [], []]);
	});

	it('takes rules of the form and of the account', async () => {
		const form = { rule: [{ name: 'Problem', subjectFilter: '^Problem:' }] };
		const expected = [{ rule: 'Problem', matched: 2 }, DISK];
		expect(await run(test({ testedRules: 'visual', rules: form }))).toMatchObject(expected);
		const copied = { nodes: [{ type: 'x.emailCapture', parameters: { rules: form } }] };
		const copiedNode = JSON.stringify(copied);
		expect(await run(test({ testedRules: 'node', copiedNode }))).toMatchObject(expected);
		const configuration = JSON.stringify({ AlertMagic: { Ingests: [PROBLEM] } });
		expect(await run(test({ testedRules: 'account' }), { configuration })).toMatchObject(expected);
	});

	it('looks at so many messages of so many days', async () => {
		expect(await run(json([PROBLEM], { messages: 1, days: 3 }))).toMatchObject([
			{ note: 'Looked at 1 message in INBOX, the newest first.', matched: 0 },
			DISK,
		]);
	});

	it('shows what other rules would change', async () => {
		const other = { ...PROBLEM, Payload: { Fixed: { team: 'network' } } };
		const options = { compareWith: JSON.stringify([other]) };
		expect(await run(json([PROBLEM], { options }))).toMatchObject([
			{
				note: expect.stringMatching(/Compare With treats 2 of them differently\.$/u) as string,
				changes: [
					{ subject: 'Problem: web2', then: ['Problem'], payload: [HOST_GOES, TEAM_COMES] },
					{ subject: 'Problem: db1' },
				],
			},
			{ ...DISK, changes: [] },
		]);
	});

	const HOST_GOES = 'host: "web2" -> nothing';
	const TEAM_COMES = 'team: nothing -> "network"';

	it('names the rules that are wrong, and where they stand', async () => {
		const broken = { Name: 'Broken', Filter: { Subject: '(' } };
		await expect(run(json([broken]))).rejects.toThrow(/^Rule "Broken"/u);
		const options = { compareWith: JSON.stringify([broken]) };
		await expect(run(json([PROBLEM], { options }))).rejects.toThrow(
			/^Compare With, rule "Broken", Filter\.Subject/u,
		);
		await expect(run(json([PROBLEM], { messages: 0 }))).rejects.toThrow(/^Messages is 0/u);
	});
});
