import { simpleParser } from 'mailparser';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { EmailCapture } from '../../nodes/EmailCapture/EmailCapture.node';
import { parseConfiguration, parseRules } from '../../nodes/core/rules/json/alertmagic';
import { readFormRules, toFormRule } from '../../nodes/shell/rules/form-rules';
import { executeNode } from '../support/n8n/strict-context';
import { PACK_MAILS, PACKS, readPack } from '../support/rule-packs';
import type { PackMail } from '../support/rule-packs';

/** What the Email Trigger (IMAP) of n8n makes of a mail. */
async function toEmailItem({ raw }: PackMail): Promise<IDataObject> {
	const { from, subject, text, html } = await simpleParser(raw);
	return JSON.parse(JSON.stringify({ from, subject, text, html })) as IDataObject;
}

const ofPack = (pack: string) => PACK_MAILS.filter((mail) => mail.pack === pack);

describe('the rule packs in Email Capture', () => {
	it.each(PACKS)('%s has two mails that match and one that only looks like it', (pack) => {
		const mails = ofPack(pack);
		expect(mails.filter(({ expected }) => expected !== null).length).toBeGreaterThanOrEqual(2);
		expect(mails.filter(({ expected }) => expected === null).length).toBeGreaterThanOrEqual(1);
	});

	it.each(PACK_MAILS)('$pack makes of $name what it should', async (mail) => {
		const [matched = [], unmatched = []] = await executeNode(new EmailCapture(), {
			items: [await toEmailItem(mail)],
			parameters: { rulesSource: 'json', rulesJson: readPack(mail.pack) },
		});
		const { expected } = mail;
		expect(matched.map(({ json }) => json)).toEqual(expected === null ? [] : [expected]);
		expect(unmatched).toHaveLength(expected === null ? 1 : 0);
	});
});

describe('the payloads of the rule packs', () => {
	const payloads = PACK_MAILS.flatMap(({ pack, name, expected }) =>
		expected === null ? [] : [{ pack, name, payload: expected.payload }],
	);

	it.each(payloads)('have the same words: $pack, $name', ({ pack, payload }) => {
		expect(pack).toContain(payload['source']);
		expect(['problem', 'ok']).toContain(payload['state']);
		expect(['critical', 'warning', 'info']).toContain(payload['severity']);
		expect(payload['message']).toMatch(/\S/);
		expect(payload['host'] ?? payload['service']).toMatch(/\S/);
	});

	it.each(PACKS.filter((pack) => pack !== 'cron'))('of %s tell problem and recovery', (pack) => {
		const states = payloads
			.filter((one) => one.pack === pack)
			.map(({ payload }) => payload['state']);
		expect(new Set(states)).toEqual(new Set(['problem', 'ok']));
	});

	it.each(PACKS.filter((pack) => pack !== 'cron'))(
		'of %s resolve what they have opened',
		(pack) => {
			const keysOf = (wanted: string) =>
				ofPack(pack).flatMap(({ expected }) =>
					expected?.alert?.action === wanted ? [expected.alert.key] : [],
				);
			const opened = keysOf('open');
			expect(keysOf('resolve').filter((key) => opened.includes(key))).not.toEqual([]);
		},
	);

	it.each(PACKS)('of %s can be changed in the form, and kept in an account', (pack) => {
		const rules = parseRules(readPack(pack), 'Rules (JSON)');
		expect(readFormRules(rules.map(toFormRule), 2)).toEqual(rules);
		const configuration = JSON.stringify({
			AlertMagic: { Ingests: JSON.parse(readPack(pack)) as unknown },
		});
		expect(parseConfiguration(configuration).rules).toEqual(rules);
	});
});
