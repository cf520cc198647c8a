import { afterAll, beforeAll, expect, it } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { GUIDE_MAIL } from '../support/guide-example';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import { startGoogle } from '../support/oauth/google';
import type { GoogleStandIn } from '../support/oauth/google';
import { startTenant, TENANT_RULES, type Tenant } from '../support/oauth/tenant';

const NEO = 'neo@example.com';
const TRINITY = 'trinity@example.com';
const TRIGGER = 'imapIngestTrigger';

let tenant: Tenant;
let google: GoogleStandIn;
beforeAll(async () => {
	tenant = await startTenant([NEO, TRINITY]);
	// Dovecot takes the tokens of one issuer.
	google = await startGoogle(tenant.tls, () => tenant.entra.issueToken());
	Object.assign(google.setup, { delegated: 'https://mail.google.com/', users: [NEO, TRINITY] });
});
afterAll(async () => {
	await google.stop();
	await tenant.stop();
});

it('one trigger watches users of a Workspace with one service account, as each of them', async () => {
	const { dovecot } = tenant;
	const engine = createEngine({
		nodeTypes: [new ImapIngestTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: {
			imapIngestApi: {
				url: `imaps://127.0.0.1:${String(dovecot.port)}`,
				username: NEO,
				authentication: 'googleServiceAccount',
				serviceAccountKey: google.keyFile,
				caCertificate: dovecot.ca,
			},
		},
	});
	const node = toNode(
		TRIGGER,
		{
			mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
			rulesSource: 'json',
			rulesJson: TENANT_RULES,
			options: { startAt: 'everything', users: [NEO, TRINITY] },
		},
		{ credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
	);
	for (const user of [NEO, TRINITY]) await dovecot.deliver(user, GUIDE_MAIL);
	const workflow = engine.publish({ nodes: [node], connections: {} }, TRIGGER);
	const items = (await workflow.tick()).flatMap((run) => outputOf(run, TRIGGER));
	expect(items).toHaveLength(2);
	expect(google.claims.map(({ sub }) => sub).sort()).toEqual([NEO, TRINITY]);
});
