import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { GUIDE_MAIL, GUIDE_PAYLOAD } from '../support/guide-example';
import { takePicture, toBox, watched } from './camera';
import { launchChromium } from './chromium';
import type { NodeView } from './node-view';
import { openSession, type Session } from './session';
import { CLIENT_SECRET, NEO, startStage, type Stage } from './stage';
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

/** The rule of AlertMagic's guide, field by field. */
async function fillInRule({ fields }: NodeView): Promise<void> {
	await fields.fillAll({
		name: 'Knock Knock',
		fromFilter: '^tri.+@zion.com$',
		subjectFilter: '^alert',
		bodyFilter: 'white.+rabbit',
	});
	await fields.fillList('fromCaptures', 'From Captures', ['^(?<from>.+)$']);
	await fields.fillList('subjectCaptures', 'Subject Captures', ['^alert - (?<subject>.+)$']);
	await fields.fillList('bodyCaptures', 'Body Captures', [
		'Spoon: (?<spoon>[^\\n]+)',
		'Skills: (?<skills>[^\\n]+)',
	]);
	await fields.choose('cleanUpAction', 'Move to Folder');
	await fields.fill('cleanUpFolder', PROCESSED);
	await fields.fill('deleteAfterDays', '30');
}

describe("the guide's example, built on the canvas from nothing", () => {
	it('begins with the trigger from the search panel and an account that signs in with OAuth2', async () => {
		await watched(session.page, async () => {
			await editor.openNew();
			await editor.openPanel();
			await editor.search('imap ingest', 'IMAP Ingest');
			trigger = await editor.add('IMAP Ingest', 'On new IMAP Ingest event');
			const account = await trigger.createCredential();
			await account.fields.choose('authentication', 'OAuth2 with Client Secret');
			await account.fields.fillAll({
				url: `imaps://localhost:${stage.dovecot.port}`,
				username: NEO,
				clientId: stage.entra.clientId,
				clientSecret: CLIENT_SECRET,
				tokenUrl: stage.entra.tokenUrl,
				caCertificate: stage.mailTls.ca,
			});
			expect(await account.save()).toMatchObject({ status: 'OK' });
		});
	});

	it('says in the preview that there is no mail yet, and then what the rule makes of it', async () => {
		await watched(session.page, async () => {
			await trigger.execute();
			expect(await trigger.readOutput()).toContain('There is no message in "INBOX" to test with.');
			await fillInRule(trigger);
			await stage.dovecot.deliver(NEO, GUIDE_MAIL);
			await trigger.execute();
			const output = await trigger.readOutput();
			for (const value of Object.values(GUIDE_PAYLOAD as Record<string, string>)) {
				expect(output).toContain(JSON.stringify(value));
			}
			expect(await subjects()).toEqual(['alert - Wake up Neo']);
			await takePicture(session.page, 'preview', await toBox(trigger.root, 0));
			await trigger.close();
		});
	});

	it('goes on to AlertMagic, whose credential is tested too', async () => {
		await watched(session.page, async () => {
			await editor.openPanel(TRIGGER);
			await editor.search('alertmagic', 'AlertMagic');
			const alertMagic = await editor.add('AlertMagic');
			const credential = await alertMagic.createCredential();
			const { url } = stage.webhook;
			await credential.fields.fillAll({ url, username: 'xxx', password: 'yyy' });
			expect(await credential.save()).toMatchObject({ status: 'OK' });
			await alertMagic.close();
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
});
