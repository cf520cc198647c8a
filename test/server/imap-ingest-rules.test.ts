import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { findItems, PASSWORD, runAction } from './imap-ingest-run';

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
					Payload: { Fields: [{ Name: 'subject' }, { Name: 'host', Label: 'Host:' }] },
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
