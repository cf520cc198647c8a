import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { parseAccount } from '../../nodes/core/account/parse-account';
import { SILENT_LOG } from '../support/silent-log';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { createMailAccount } from '../../nodes/mail/account';
import { PROCESS_SERVICES } from '../../nodes/shell/open-account';
import type { AccountServices } from '../../nodes/shell/open-account';
import { PROCESS_ENVIRONMENT } from '../../nodes/ImapIngest/trigger/states';
import { pollTrigger } from '../../nodes/ImapIngest/trigger/poll-trigger';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { servedByEntra } from '../support/oauth/served-by-entra';
import {
	GUIDE_MAIL,
	GUIDE_PAYLOAD,
	guideConfiguration,
	guideOAuth,
} from '../support/guide-example';
import { guideEngine, guideWorkflow, TRIGGER } from '../support/n8n/guide-workflow';
import { startHttpsWebhook } from '../support/servers/https-webhook';
import type { HttpsWebhook } from '../support/servers/https-webhook';
import { createEngine } from '../support/n8n/n8n-engine';
import { createTestCa } from '../support/servers/tls';
import type { TestCa } from '../support/servers/tls';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const NEO = 'neo@example.com';
const SECRET = 'client-secret-of-the-test';
const SCOPE = 'https://outlook.office365.com/.default';

let tls: TestCa;
let entra: EntraStandIn;
let dovecot: Dovecot;
let webhook: HttpsWebhook;

beforeAll(async () => {
	tls = await createTestCa();
	entra = await startEntra({ tls, secret: SECRET });
	dovecot = await startDovecot({
		tls,
		users: { [NEO]: 'secret-pw' },
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
	webhook = await startHttpsWebhook(tls);
});
afterAll(async () => {
	await dovecot.stop();
	await entra.stop();
	await webhook.close();
});
beforeEach(async () => {
	await dovecot.withClient(NEO, async (client) => {
		await client.mailboxDelete('AlertMagic Processed').catch(() => undefined);
		await client.mailboxOpen('INBOX');
		await client.messageDelete('1:*');
	});
});

/** The connection as AlertMagic has it: URL, user name, password and JSON. */
const connection = (password: string, oauth?: object) => ({
	url: `imaps://localhost:${String(dovecot.port)}`,
	authentication: 'configuration',
	username: NEO,
	password,
	configuration: guideConfiguration({ uri: webhook.url, ...(oauth !== undefined && { oauth }) }),
	caCertificate: tls.ca,
});

const subjects = async (mailbox?: string): Promise<unknown[]> =>
	(await dovecot.list(NEO, mailbox)).map(({ subject }) => subject);

describe("the guide's example, from the mail to the webhook", () => {
	it.each<[string, string, () => object | undefined]>([
		['a password', 'secret-pw', () => undefined],
		['OAuth2 client credentials (XOAUTH2)', SECRET, () => guideOAuth(entra)],
	])('runs unchanged with %s', async (name, password, oauth) => {
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const before = webhook.requests.length;
		const engine = await guideEngine(connection(password, oauth()));
		const workflow = engine.publish(guideWorkflow({ webhookCa: tls.ca, triggerId: name }), TRIGGER);
		const [run] = await workflow.tick();
		await workflow.tick();

		expect(run?.status).toBe('success');
		const [request, ...others] = webhook.requests.slice(before);
		expect(others).toEqual([]);
		expect(request).toMatchObject({
			method: 'POST',
			path: '/api/notify',
			basicAuth: { username: 'xxx', password: 'yyy' },
		});
		expect(request?.body).toBe(JSON.stringify(GUIDE_PAYLOAD));
		expect(await subjects()).toEqual([]);
		expect(await subjects('AlertMagic Processed')).toEqual(['alert - Wake up Neo']);
	});

	it('leaves the mail where it is while the webhook refuses it', async () => {
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const engine = await guideEngine(connection('secret-pw'));
		const workflow = engine.publish(
			guideWorkflow({ webhookCa: tls.ca, triggerId: 'down' }),
			TRIGGER,
		);
		webhook.answerWith({ status: 503 });
		const [run] = await workflow.tick();
		expect(run?.status).toBe('error');
		await workflow.tick();
		expect(await subjects()).toEqual(['alert - Wake up Neo']);
		expect(await subjects('AlertMagic Processed')).toEqual([]);
	});
});

/** The trigger as it is, in a process that lets MSAL ask the stand-in as if it were one of Microsoft's authorities. */
class TriggerWithMsal extends ImapIngestTrigger {
	override async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const services: AccountServices = {
			...PROCESS_SERVICES,
			parse: (fields) => servedByEntra(parseAccount(fields), entra),
		};
		return await pollTrigger(this, { ...PROCESS_ENVIRONMENT, services });
	}
}

describe('a token from MSAL', () => {
	it('carries the example from the mail to the webhook, checked by the server as a signed JWT', async () => {
		await dovecot.deliver(NEO, GUIDE_MAIL);
		const [discoveries, before] = [entra.discoveries(), webhook.requests.length];
		const engine = createEngine({
			nodeTypes: [new TriggerWithMsal(), new AlertMagic()],
			credentialTypes: [new ImapIngestApi()],
			credentials: { imapIngestApi: connection(SECRET, guideOAuth(entra)) },
		});
		const workflow = engine.publish(
			guideWorkflow({ webhookCa: tls.ca, triggerId: 'msal' }),
			TRIGGER,
		);
		await workflow.tick();
		await workflow.tick();

		expect(webhook.requests.slice(before).map(({ body }) => body)).toEqual([
			JSON.stringify(GUIDE_PAYLOAD),
		]);
		expect(await subjects('AlertMagic Processed')).toEqual(['alert - Wake up Neo']);
		// Only MSAL asks for the discovery document.
		expect(entra.discoveries()).toBeGreaterThan(discoveries);
	});

	it('that the server refuses is explained by what it lacks', async () => {
		const account = servedByEntra(
			parseAccount(connection(SECRET, { ...guideOAuth(entra), Scope: `${SCOPE} ` })),
			entra,
		);
		entra.setClaims({ roles: ['Mail.Read'] });
		try {
			const { signIn, explainRefusal } = createSignIn(
				{ ...account, username: 'someone@example.com' },
				{ now: Date.now, log: SILENT_LOG, registry: new TokenRegistry() },
			);
			const mail = createMailAccount({
				account,
				signIn,
				explainRefusal,
				log: SILENT_LOG,
				shared: OWN_CONNECTIONS,
			});
			await expect(mail.list()).rejects.toMatchObject({ code: 'consent-missing' });
		} finally {
			entra.setClaims({ roles: ['IMAP.AccessAsApp'] });
		}
	});
});
