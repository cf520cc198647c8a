import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startDovecot, type Dovecot } from '../support/servers/dovecot';
import { startEntra, type EntraStandIn } from '../support/oauth/entra';
import { startHttpsWebhook, type HttpsWebhook } from '../support/servers/https-webhook';
import { installPackage, packPackage, readManifest } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';
import { createTestCa, type TestCa } from '../support/servers/tls';

/** Whose mailbox it is. */
export const NEO = 'neo@example.com';
export const PASSWORD = 'secret-pw-of-neo';
/** Of the application, at the token server. */
export const CLIENT_SECRET = 'secret-of-the-application';

/** What it asks for. */
export const SCOPE = 'https://outlook.office365.com/.default';

/** All that a user of the package has around: n8n with it, a mail server, a token server and a webhook. */
export interface Stage {
	readonly n8n: N8nServer;
	readonly dovecot: Dovecot;
	readonly entra: EntraStandIn;
	readonly webhook: HttpsWebhook;
	/** Of mail and token server. n8n trusts it only where a credential says so. */
	readonly mailTls: TestCa;
	stop(): Promise<void>;
}

/**
 * Starts everything on the loopback address; the package is the packed tarball, installed as n8n does it.
 * @param trust Whether n8n trusts the mail server as it trusts a public one, so that no credential has to.
 */
export async function startStage(trust: 'webhook' | 'everything' = 'webhook'): Promise<Stage> {
	const [mailTls, webhookTls] = [await createTestCa(), await createTestCa()];
	const entra = await startEntra({ tls: mailTls, secret: CLIENT_SECRET });
	const oauth = { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem };
	const dovecot = await startDovecot({ tls: mailTls, users: { [NEO]: PASSWORD }, oauth });
	const webhook = await startHttpsWebhook(webhookTls);
	const target = await mkdtemp(path.join(tmpdir(), 'packed-'));
	const [tarball, manifest] = [await packPackage(target), await readManifest()];
	const n8n = await startN8n({
		ca: trust === 'everything' ? `${webhookTls.ca}\n${mailTls.ca}` : webhookTls.ca,
		prepare: (userFolder) => installPackage(tarball, userFolder, manifest.name),
	});
	return {
		n8n,
		dovecot,
		entra,
		webhook,
		mailTls,
		stop: async () => {
			await n8n.stop();
			await dovecot.stop();
			await entra.stop();
			await webhook.close();
			await rm(target, { recursive: true, force: true });
		},
	};
}
