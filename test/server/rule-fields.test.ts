import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';

const NEO = 'neo@example.com';
const MAIL = [
	'From: ups@zion.com',
	'To: Team <alerts@zion.com>, neo@zion.com',
	'Cc: "Boss, The" <boss@zion.com>',
	'Subject: UPS',
	'X-Host: first',
	'X-Host: =?utf-8?q?rack_=C3=A9?=',
	' three',
	'Message-ID: <ups@zion.com>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'Charge: 97.5 %',
	'--b',
	'Content-Type: application/pdf; name="report 7.pdf"',
	'Content-Disposition: attachment; filename="report 7.pdf"',
	'',
	'x',
	'--b--',
	'',
].join('\r\n');

const RULE = {
	Name: 'UPS',
	IgnoreCase: true,
	Filter: {
		To: '^ALERTS@zion\\.com$',
		Cc: '^boss@',
		Headers: { 'x-host': '^rack é three$' },
		AttachmentName: '\\.PDF$',
	},
	Payload: {
		ToCaptures: ['^(?<to>neo)@'],
		HeaderCaptures: { 'X-Host': ['^rack (?<rack>.+)$'], 'Content-Type': ['^(?<type>[^;]+)'] },
		AttachmentNameCaptures: ['^report (?<report>\\d+)'],
		BodyCaptures: ['Charge: (?<charge>\\S+)'],
		Types: { charge: 'Number', report: 'Number' },
		Fixed: { team: 'power' },
	},
	Alert: {
		Key: ['team', 'rack'],
		Actions: [{ Name: 'report', Is: '7', Action: 'Resolve' }],
	},
};

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [NEO]: 'secret-pw' } });
	await dovecot.deliver(NEO, MAIL);
	await dovecot.deliver(NEO, MAIL.replace('rack_=C3=A9', 'shelf'));
});
afterAll(async () => {
	await dovecot.stop();
});

describe('a rule on recipients, header fields and attachment names', () => {
	it('finds them on a real server and leaves the message unread', async () => {
		const node = toNode(
			'imapIngestTrigger',
			{
				mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
				rulesSource: 'json',
				rulesJson: JSON.stringify([RULE]),
				options: { startAt: 'everything' },
			},
			{ id: 'fields', credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
		);
		const engine = createEngine({
			nodeTypes: [new ImapIngestTrigger()],
			credentialTypes: [new ImapIngestApi()],
			credentials: {
				imapIngestApi: {
					url: `imaps://${dovecot.host}:${String(dovecot.port)}`,
					authentication: 'password',
					username: NEO,
					password: 'secret-pw',
					caCertificate: dovecot.ca,
				},
			},
		});
		const [run] = await engine
			.publish({ nodes: [node], connections: {} }, 'imapIngestTrigger')
			.tick();
		expect(run === undefined ? [] : outputOf(run, 'imapIngestTrigger')).toMatchObject([
			{
				json: {
					rule: 'UPS',
					payload: {
						to: 'neo',
						rack: 'é three',
						type: 'multipart/mixed',
						report: 7,
						charge: 97.5,
						team: 'power',
					},
					alert: { key: 'power/é three', action: 'resolve' },
				},
			},
		]);
		const flags = (await dovecot.list(NEO)).flatMap((message) => message.flags);
		expect(flags).not.toContain('\\Seen');
	});
});
