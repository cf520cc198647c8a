import type { ILoadOptionsFunctions, INode } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import { listSuggestedRules } from '../../nodes/shell/rules/list-suggested-rules';
import { createStrictContext } from '../support/n8n/strict-context';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';

const NEO = 'neo@example.com';
let dovecot: Dovecot;

const mail = (subject: string, text: string) =>
	`From: Zabbix <zabbix@example.org>\r\nSubject: ${subject}\r\n\r\n${text}\r\n`;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [NEO]: 'secret-pw' } });
	await dovecot.deliver(NEO, mail('Problem: High CPU', 'Host: db2\r\nSeverity: High'));
	await dovecot.deliver(NEO, mail('Resolved: High CPU', 'Host: db2\r\nDuration: 5m'));
});
afterAll(async () => {
	await dovecot.stop();
});

const node: INode = {
	id: 'trigger',
	name: 'Trigger',
	type: 'imapIngestTrigger',
	typeVersion: 2,
	position: [0, 0],
	parameters: {},
};

const list = (filter?: string) =>
	listSuggestedRules.call(
		createStrictContext<ILoadOptionsFunctions>({
			getCredentials: (() =>
				Promise.resolve({
					url: `imaps://localhost:${String(dovecot.port)}`,
					authentication: 'password',
					username: NEO,
					password: 'secret-pw',
					caCertificate: dovecot.ca,
				})) as ILoadOptionsFunctions['getCredentials'],
			getCurrentNodeParameter: () => 'INBOX',
			logger: SILENT_LOG,
			getNode: () => node,
			getMode: () => 'internal',
			helpers: {} as ILoadOptionsFunctions['helpers'],
		}),
		filter,
	);

describe('the list of messages that rules are made of', () => {
	it('shows the newest first, each with the rule that it suggests', async () => {
		const { results } = await list();
		expect(results.map(({ name }) => name)).toEqual([
			'Resolved: High CPU - zabbix@example.org',
			'Problem: High CPU - zabbix@example.org',
		]);
		const [rule] = parseRules(`[${String(results[1]?.value)}]`, 'the value');
		expect(rule).toMatchObject({
			name: 'Problem:',
			conditions: [
				{ field: 'from', operator: 'equals', value: 'zabbix@example.org' },
				{ field: 'subject', operator: 'startsWith', value: 'Problem:' },
			],
		});
		expect(rule?.fields?.map(({ name }) => name)).toEqual(['subject', 'host', 'severity']);
	});

	it('finds by a part of subject or sender, in any case', async () => {
		expect((await list('resolved')).results).toHaveLength(1);
	});
});
