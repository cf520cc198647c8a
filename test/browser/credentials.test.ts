import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findFreePort } from '../support/servers/free-port';
import { guideConfiguration, guideOAuth } from '../support/guide-example';
import { takePicture, watched } from './camera';
import { launchChromium } from './chromium';
import type { CredentialDialog } from './credential-dialog';
import type { NodeView } from './node-view';
import { openSession, type Session } from './session';
import { CLIENT_SECRET, NEO, PASSWORD, SCOPE, startStage, type Stage } from './stage';

/** What the list under Authentication says. */
type Mode = 'Password' | 'OAuth2 with Client Secret' | 'AlertMagic Configuration';

/** A credential filled in as somebody might, and what its test is to say; nothing where it is content. */
interface Attempt {
	readonly title: string;
	readonly mode: Mode;
	readonly fields: () =>
		Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
	readonly failure?: RegExp;
	/** Names of pictures: of the empty form, and of what the test said. */
	readonly pictures?: { readonly before?: string; readonly after?: string };
}

let browser: Browser;
let stage: Stage;
let session: Session;
let node: NodeView;

beforeAll(async () => {
	browser = await launchChromium();
	stage = await startStage();
	session = await openSession(browser, stage.n8n, 'light');
	await session.editor.openNew();
	await session.editor.openPanel();
	node = await session.editor.add('imap ingest', 'IMAP Ingest', 'On new IMAP Ingest event');
});
afterAll(async () => {
	await browser.close();
	await stage.stop();
});

const url = () => `imaps://localhost:${stage.dovecot.port}`;
const mailbox = () => ({ url: url(), username: NEO, caCertificate: stage.mailTls.ca });
const withPassword = () => ({ ...mailbox(), password: PASSWORD });
const withSecret = () => ({
	...mailbox(),
	clientId: stage.entra.clientId,
	clientSecret: CLIENT_SECRET,
	tokenUrl: stage.entra.tokenUrl,
	scope: SCOPE,
});
/** An AlertMagic connection with OAuth2, of which `changes` are made to the JSON. */
const withJson = (changes: object = {}) => {
	const oauth = { ...guideOAuth(stage.entra), ...changes };
	const configuration = guideConfiguration({ uri: stage.webhook.url, oauth });
	return { ...mailbox(), password: CLIENT_SECRET, configuration };
};

const ATTEMPTS: readonly Attempt[] = [
	{ title: 'the right password', mode: 'Password', fields: withPassword },
	{
		title: 'the right client secret',
		mode: 'OAuth2 with Client Secret',
		fields: withSecret,
		pictures: { before: 'microsoft-365' },
	},
	{ title: 'an AlertMagic connection', mode: 'AlertMagic Configuration', fields: withJson },
	{
		title: 'a wrong password',
		mode: 'Password',
		fields: () => ({ ...withPassword(), password: 'wrong' }),
		failure: /rejected user name or password of neo@example\.com/u,
	},
	{
		title: 'a port where nobody listens',
		mode: 'Password',
		fields: async () => ({
			...withPassword(),
			url: `imaps://localhost:${String(await findFreePort())}`,
		}),
		failure: /Nothing answers at localhost:\d+\. Check host and port/u,
	},
	{
		title: 'a certificate of an unknown authority',
		mode: 'Password',
		fields: () => ({ ...withPassword(), caCertificate: '' }),
		failure: /CA Certificate/u,
	},
	{
		title: 'a URL with a slash at the end, which does no harm',
		mode: 'Password',
		fields: () => ({ ...withPassword(), url: `${url()}/` }),
	},
	{
		title: 'a URL without TLS',
		mode: 'Password',
		fields: () => ({ ...withPassword(), url: url().replace('imaps:', 'imap:') }),
		failure: /imaps:\/\//u,
	},
	{
		title: 'JSON that is none',
		mode: 'AlertMagic Configuration',
		fields: () => ({ ...withJson(), configuration: '{ "AlertMagic": ' }),
		failure: /JSON/u,
	},
	{
		title: 'JSON without the client ID',
		mode: 'AlertMagic Configuration',
		fields: () => withJson({ ClientID: undefined }),
		failure: /ClientID/u,
	},
	{
		title: 'a wrong client secret',
		mode: 'OAuth2 with Client Secret',
		fields: () => ({ ...withSecret(), clientSecret: 'wrong' }),
		failure: /secret/iu,
		pictures: { after: 'credential-refused' },
	},
];

async function attempt(dialog: CredentialDialog, { mode, fields, failure, pictures }: Attempt) {
	await dialog.fields.choose('authentication', mode);
	if (pictures?.before !== undefined) await takePicture(dialog.root, pictures.before);
	await dialog.fields.fillAll(await fields());
	const result = await dialog.save();
	if (failure === undefined) {
		expect(result.status).toBe('OK');
		return;
	}
	expect(result.status).toBe('Error');
	const shown = await dialog.readFailure();
	expect(shown).toMatch(failure);
	expect(shown).toContain(result.message);
	if (pictures?.after !== undefined) await takePicture(dialog.root, pictures.after);
}

describe('the credential form of an account', () => {
	it.each(ATTEMPTS)('says of $title what its test found', async (given) => {
		const dialog = await watched(session.page, () => node.createCredential());
		try {
			await watched(session.page, () => attempt(dialog, given));
		} finally {
			await dialog.close();
		}
	});
});
