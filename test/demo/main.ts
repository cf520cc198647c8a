import './own-home';
import type { IRun } from 'n8n-workflow';

import { startEmbeddedImap } from '../support/imap/embedded-imap';
import { GUIDE_MAIL, GUIDE_PAYLOAD, guideConfiguration } from '../support/guide-example';
import { guideEngine, guideWorkflow, TRIGGER } from '../support/n8n/guide-workflow';
import { startHttpsWebhook } from '../support/servers/https-webhook';
import { outputOf } from '../support/n8n/n8n-engine';
import { createTestCa } from '../support/servers/tls';

const USER = 'alerts@example.com';
const PASSWORD = 'demo-password';
const OTHER_MAIL = GUIDE_MAIL.replace('alert - Wake up Neo', 'Lunch?').replace(
	'knock-knock',
	'lunch',
);

const say = (title: string, text: string): void => {
	process.stdout.write(`\n${title}\n${text.replace(/^/gm, '    ')}\n`);
};
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** Runs the worked example of the AlertMagic guide on an IMAPS server in this process and n8n's own engine. */
async function main(): Promise<void> {
	const tls = await createTestCa();
	const imap = await startEmbeddedImap({ users: { [USER]: PASSWORD }, tls });
	const webhook = await startHttpsWebhook(tls);
	try {
		imap.deliver(OTHER_MAIL);
		imap.deliver(GUIDE_MAIL);
		say(
			'1. Two messages came into INBOX; the second one is',
			GUIDE_MAIL.replaceAll('\r', '').trimEnd(),
		);

		const engine = await guideEngine({
			url: `imaps://localhost:${String(imap.port)}`,
			authentication: 'configuration',
			username: USER,
			password: PASSWORD,
			caCertificate: imap.ca,
			configuration: guideConfiguration({ uri: webhook.url }),
		});
		const workflow = engine.publish(guideWorkflow({ webhookCa: tls.ca }), TRIGGER);
		const [run] = await workflow.tick();
		say(
			"2. The rule matched one of them, and n8n's engine ran the workflow with this item",
			pretty(itemOf(run)),
		);

		const [request] = webhook.requests;
		say(
			`3. The AlertMagic node posted to the webhook as user "${request?.basicAuth?.username ?? ''}"`,
			request?.body ?? 'nothing',
		);
		// The clean-up follows the end of the execution; the next poll waits for it.
		await workflow.tick();
		say('4. After that success, and not before, the mailbox was tidied up', foldersOf(imap));
		check(request?.body, imap.list('AlertMagic Processed').length, imap.list().length);
	} finally {
		await imap.stop();
		await webhook.close();
	}
}

function itemOf(run: IRun | undefined): unknown {
	return run === undefined ? undefined : outputOf(run, TRIGGER)[0]?.json;
}

function foldersOf(imap: { list(mailbox?: string): readonly unknown[] }): string {
	return ['INBOX', 'AlertMagic Processed']
		.map((folder) => `${folder}: ${String(imap.list(folder).length)} message(s)`)
		.join('\n');
}

function check(body: string | undefined, moved: number, left: number): void {
	const same = JSON.stringify(JSON.parse(body ?? 'null')) === JSON.stringify(GUIDE_PAYLOAD);
	if (!same || moved !== 1 || left !== 1) throw new Error('The result is not what the guide says.');
	say('The result is letter for letter what the AlertMagic guide says.', '1 passed, 0 failed');
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
