import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { GUIDE_MAIL, GUIDE_PAYLOAD } from '../support/guide-example';
import { CANVAS_MARGIN, takePicture, watched } from './camera';
import { launchChromium } from './chromium';
import type { NodeView } from './node-view';
import { openSession, type Session } from './session';
import { CLIENT_SECRET, NEO, SCOPE, startStage, type Stage } from './stage';
import type { WorkflowEditor } from './workflow-editor';

const TRIGGER = 'IMAP Ingest Trigger';
const PROCESSED = 'AlertMagic Processed';
/** A trigger polls once a minute. */
const NEXT_POLL = { timeout: 200_000, interval: 500 };

let browser: Browser;
let stage: Stage;
let session: Session;
let editor: WorkflowEditor;
let trigger: NodeView;

beforeAll(async () => {
	browser = await launchChromium();
	stage = await startStage();
	session = await openSession(browser, stage.n8n, 'light');
	({ editor } = session);
});
afterAll(async () => {
	await browser.close();
	await stage.stop();
});

const subjects = async (mailbox?: string): Promise<unknown[]> =>
	(await stage.dovecot.list(NEO, mailbox)).map(({ subject }) => subject);

/** The rule of AlertMagic's guide, without a pattern. */
async function fillInRule({ fields }: NodeView): Promise<void> {
	await fields.field('name').first().locator('input').fill('Knock Knock');
	const conditions = fields.rows('conditions');
	for (const [field, operator, value] of [
		['From', 'Equals', 'trinity@zion.com'],
		['Subject', 'Starts With', 'alert'],
		['Body', 'Contains', 'white rabbit'],
	] as const) {
		await conditions.addRow('Add Condition');
		await conditions.choose('field', field);
		await conditions.choose('operator', operator);
		await conditions.fill('value', value);
	}
	// A new rule has sender and subject already.
	const captured = fields.rows('fields');
	await captured.choose('how', 'Text After a Label');
	await captured.fill('label', 'alert -');
	for (const [name, label] of [
		['spoon', 'Spoon:'],
		['skills', 'Skills:'],
	] as const) {
		await captured.addRow('Add Field');
		await captured.fill('name', name);
		await captured.fill('label', label);
	}
	await fields.choose('cleanUpAction', 'Move to Folder');
	await fields.fill('cleanUpFolder', PROCESSED);
	await fields.fill('deleteAfterDays', '30');
}

describe("the guide's example, built on the canvas from nothing", () => {
	it('begins with the trigger from the search panel and an account that signs in with OAuth2', async () => {
		await watched(session.page, async () => {
			await editor.openNew();
			await editor.openPanel();
			trigger = await editor.add('imap ingest', 'IMAP Ingest', 'On new IMAP Ingest event');
			const account = await trigger.createCredential();
			await account.fields.choose('authentication', 'OAuth2 with Client Secret');
			await account.fields.fillAll({
				url: `imaps://localhost:${stage.dovecot.port}`,
				username: NEO,
				clientId: stage.entra.clientId,
				clientSecret: CLIENT_SECRET,
				tokenUrl: stage.entra.tokenUrl,
				scope: SCOPE,
				caCertificate: stage.mailTls.ca,
			});
			expect(await account.save()).toMatchObject({ status: 'OK' });
		});
	});

	it('says in the preview that there is no mail yet, and then what the rule makes of it', async () => {
		await watched(session.page, async () => {
			await trigger.execute();
			await trigger.waitForOutput('There is no message in "INBOX" to test with.');
			await fillInRule(trigger);
			await takePicture(trigger.rules, 'rules-form', { margin: 12, height: 2400 });
			await stage.dovecot.deliver(NEO, GUIDE_MAIL);
			await trigger.execute();
			await trigger.showJson();
			const payload = Object.values(GUIDE_PAYLOAD as Record<string, string>);
			await trigger.waitForOutput(...payload.map((value) => JSON.stringify(value)));
			expect(await subjects()).toEqual(['alert - Wake up Neo']);
			await takePicture(trigger.panes, 'preview');
			await trigger.close();
		});
	});

	it('goes on to AlertMagic, whose credential is tested too', async () => {
		await watched(session.page, async () => {
			await editor.openPanel(TRIGGER);
			const alertMagic = await editor.add('alertmagic', 'AlertMagic');
			const credential = await alertMagic.createCredential();
			const { url } = stage.webhook;
			await credential.fields.fillAll({ url, username: 'xxx', password: 'yyy' });
			expect(await credential.save()).toMatchObject({ status: 'OK' });
			await alertMagic.close();
			await takePicture(editor.nodes, 'alertmagic-light', { margin: CANVAS_MARGIN });
		});
	});

	it('delivers new mail once it is published, and shows the execution', async () => {
		await watched(session.page, async () => {
			const before = stage.webhook.requests.length;
			expect(await editor.publish()).toBe('Published');
			await stage.dovecot.deliver(NEO, GUIDE_MAIL);
			await vi.waitFor(() => {
				expect(stage.webhook.requests.length).toBe(before + 1);
			}, NEXT_POLL);
			const request = stage.webhook.requests.at(-1);
			expect(request?.basicAuth).toEqual({ username: 'xxx', password: 'yyy' });
			expect(request?.body).toBe(JSON.stringify(GUIDE_PAYLOAD));
			const execution = await editor.openExecutions();
			expect(execution).toMatchObject({ succeededNodes: 2 });
			expect(execution.outcome).toContain('Succeeded');
			await vi.waitFor(async () => {
				expect(await subjects(PROCESSED)).toEqual(['alert - Wake up Neo']);
			}, NEXT_POLL);
		});
	});

	it('looks the same at night', async () => {
		const night = await openSession(browser, stage.n8n, 'dark');
		await watched(night.page, async () => {
			await night.page.goto(session.page.url().replace(/\/executions.*$/u, ''));
			const icons = await night.editor.readIcons();
			expect(icons.map(({ source }) => source.replace(/^.*\//u, ''))).toEqual([
				'imapIngest.dark.svg',
				'alertMagic.dark.svg',
			]);
			await takePicture(night.editor.nodes, 'alertmagic-dark', { margin: CANVAS_MARGIN });
		});
		await night.close();
	});
});
