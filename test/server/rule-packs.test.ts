import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { compileRules } from '../../nodes/core/rules/compile-rules';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import { judgeMessages, readHeads } from '../../nodes/ingest/judge-messages';
import { sortByVerdict } from '../../nodes/ingest/verdicts';
import { TRIGGER_OPTIONS } from '../../nodes/ImapIngest/trigger/options';
import { readOptions } from '../../nodes/shell/node-options';
import { createMailAccount } from '../../nodes/mail/account';
import { SYSTEM_CLOCK } from '../../nodes/shell/clock';
import { PACK_MAILS, PACKS, readPack } from '../support/rule-packs';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { PASSWORD, picked, runAction } from './imap-ingest-run';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const USER = 'packs@example.com';

let dovecot: Dovecot;
const names = new Map<number, string>();

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [USER]: PASSWORD } });
	await dovecot.withClient(USER, async (client) => {
		for (const { pack, name, raw } of PACK_MAILS) {
			const appended = await client.append('INBOX', raw);
			if (appended === false || appended.uid === undefined) throw new Error(`${name} was refused`);
			names.set(appended.uid, `${pack}/${name}`);
		}
	});
});
afterAll(() => dovecot.stop());

/** What a poll would hand over of the mailbox, by mail. */
async function deliver(rulesJson: string): Promise<ReadonlyMap<string, unknown>> {
	const rules = compileRules(parseRules(rulesJson, 'Rules (JSON)'));
	const account = createMailAccount({
		account: { host: dovecot.host, port: dovecot.port, username: USER, caCertificate: dovecot.ca },
		signIn: () => Promise.resolve({ user: USER, password: PASSWORD }),
		log: SILENT_LOG,
		shared: OWN_CONNECTIONS,
	});
	return await account.withMailbox('INBOX', async (mailbox) => {
		const settings = readOptions(TRIGGER_OPTIONS, {});
		const heads = await readHeads(mailbox, await mailbox.uidsAfter(0), { rules });
		const judged = await judgeMessages(mailbox, heads, { ...settings, rules }, SYSTEM_CLOCK);
		const { deliveries, failed } = sortByVerdict({ pending: [] }, judged, settings);
		expect(failed).toEqual([]);
		return new Map(
			deliveries.map(({ uid, items: [item] }) => [
				names.get(uid) ?? '',
				{
					rule: item?.rule,
					payload: item?.payload,
					...(item?.alert !== undefined && { alert: item.alert }),
				},
			]),
		);
	});
}

describe('the rule packs on a real mail server', () => {
	it.each(PACKS)('%s takes its own mails and no others', async (pack) => {
		const expected = PACK_MAILS.filter((mail) => mail.pack === pack).flatMap(
			({ name, expected: item }) => (item === null ? [] : [[`${pack}/${name}`, item] as const]),
		);
		expect(await deliver(readPack(pack))).toEqual(new Map(expected));
	});

	it('can be used together: no mail is taken by two rules', async () => {
		const rules = PACKS.flatMap((pack) => JSON.parse(readPack(pack)) as IDataObject[]);
		const found = await runAction(dovecot, USER, {
			parameters: {
				resource: 'rules',
				operation: 'testOnMailbox',
				mailbox: picked('INBOX'),
				testedRules: 'json',
				rulesJson: JSON.stringify(rules),
			},
		});
		const rows = found.map(({ json }) => json);
		const expected = PACK_MAILS.filter(({ expected: item }) => item === null).length;
		expect(rows.filter(({ overlaps }) => (overlaps as unknown[]).length > 0)).toEqual([]);
		expect(rows.find(({ rule }) => rule === '(no rule)')).toMatchObject({ matched: expected });
		expect(rows.filter(({ matched }) => matched === 0)).toEqual([]);
	});
});
