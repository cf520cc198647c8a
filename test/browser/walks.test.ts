import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GUIDE_MAIL } from '../support/guide-example';
import { PROJECT_FOLDER } from '../support/n8n/n8n-package';
import { watched } from './camera';
import { launchChromium } from './chromium';
import { openSession, type Session } from './session';
import { NEO, startStage, type Stage } from './stage';
import { WALK_MAILS, type WalkMail } from './walk-mails';
import { Walk, type Effort } from './walks';

const TRIGGER = 'IMAP Ingest Trigger';
const DOCUMENT = readFileSync(path.join(PROJECT_FOLDER, 'docs/rules.md'), 'utf8');

let browser: Browser;
let stage: Stage;
let session: Session;

beforeAll(async () => {
	browser = await launchChromium();
	stage = await startStage('everything');
	for (const { raw } of WALK_MAILS) await stage.dovecot.deliver(NEO, raw);
	session = await openSession(browser, stage.n8n, 'light');
});
afterAll(async () => {
	await browser.close();
	await stage.stop();
});

/** What the document says that a walk costs. */
function readEffort(title: string): Effort {
	const row = DOCUMENT.split('\n').find((line) => line.startsWith(`| ${title} `)) ?? '';
	const [clicks = NaN, keys = NaN] = row.split('|').slice(2, 4).map(Number);
	return { clicks, keys };
}

const lastBody = (): string => stage.webhook.requests.at(-1)?.body ?? '';

async function walk({ subject, payload }: WalkMail, areAccountsThere: boolean): Promise<Effort> {
	const one = new Walk(session, stage);
	const trigger = await one.begin('On new IMAP Ingest event');
	await one.connectMailbox(trigger, areAccountsThere);
	await one.pickMessage(trigger, subject);
	await one.execute(trigger, 'payload');
	const alertMagic = await one.goOnToAlertMagic(TRIGGER);
	await one.connectWebhook(alertMagic, areAccountsThere);
	const before = stage.webhook.requests.length;
	await one.execute(alertMagic, 'delivered');
	expect(stage.webhook.requests.length).toBe(before + 1);
	expect(JSON.parse(lastBody())).toMatchObject(payload);
	return one.effort;
}

describe('from an empty canvas to the first alert, without a pattern', () => {
	// The first one makes the accounts, which n8n gives to the nodes of the others by itself.
	it.each(WALK_MAILS)(
		'takes for $name as many clicks and keys as the document says',
		async (mail) => {
			const isFirst = mail === WALK_MAILS[0];
			const effort = await watched(session.page, () => walk(mail, !isFirst));
			expect(effort).toEqual(readEffort(mail.name));
			expect(effort.clicks).toBeLessThanOrEqual(22);
			expect(effort.keys).toBeLessThanOrEqual(60);
		},
	);
});

describe("AlertMagic's JSON in the clipboard", () => {
	it('becomes a trigger and an AlertMagic node that delivers', async () => {
		await stage.dovecot.deliver(NEO, GUIDE_MAIL);
		const json = readFileSync(
			path.join(PROJECT_FOLDER, 'test/fixtures/guide/configuration.json'),
			'utf8',
		);
		const one = new Walk(session, stage);
		await watched(session.page, async () => {
			const action = await one.begin('Import rules from AlertMagic');
			await one.connectMailbox(action, true);
			await one.pasteJson(action, 'rulesJson', json);
			await one.execute(action, 'workflow');
			await one.carryToCanvas(action, 'workflow');
			const alertMagic = await one.open('AlertMagic');
			await one.connectWebhook(alertMagic, true);
			await one.execute(alertMagic, 'delivered');
		});
		expect(lastBody()).toContain('Wake up Neo');
		expect(one.effort).toEqual(readEffort('JSON of AlertMagic'));
		expect(one.effort.clicks).toBeLessThanOrEqual(18);
	});
});
