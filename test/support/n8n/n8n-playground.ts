import { createServer } from 'node:https';
import { once } from 'node:events';
import { startEmbeddedImap, type EmbeddedImap } from '../imap/embedded-imap';
import { GUIDE_MAIL, guideConfiguration } from '../guide-example';
import { importExamples, type ImportedExample } from './n8n-examples';
import { linkPackage } from './n8n-package';
import { startN8n, type N8nServer } from './n8n-server';
import { createTestCa, type TestCa } from '../servers/tls';

const USER = 'alerts@example.com';
const PASSWORD = 'playground';

/** A webhook that takes whatever comes and tells of it. */
async function startWebhook({ cert, key }: TestCa, onDelivery: (body: string) => void) {
	const server = createServer({ cert, key }, (request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			onDelivery(Buffer.concat(chunks).toString());
			response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The webhook has no port');
	return { server, url: `https://localhost:${address.port}/api/notify` };
}

export interface PlaygroundOptions {
	/** Of n8n; a free one when left out. */
	port?: number;
	/** Told each body that arrives at the webhook stand-in. */
	onDelivery?: (body: string) => void;
}

export interface Playground {
	n8n: N8nServer;
	imap: EmbeddedImap;
	user: string;
	password: string;
	webhookUrl: string;
	examples: ImportedExample[];
	/** Puts the package into n8n as it is built now. */
	reload(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * A real n8n with the package as it is built now, a mailbox with the guide's mail in it, a webhook
 * stand-in, and the example workflows with credentials for both.
 */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
	const tls = await createTestCa();
	const imap = await startEmbeddedImap({ users: { [USER]: PASSWORD }, tls });
	imap.deliver(GUIDE_MAIL);
	const { onDelivery = () => undefined } = options;
	const webhook = await startWebhook(tls, onDelivery);
	const n8n = await startN8n({
		prepare: linkPackage,
		ca: tls.ca,
		...(options.port !== undefined && { port: options.port }),
	});
	const account = await n8n.api.createCredential('Playground mailbox', 'imapIngestApi', {
		url: `imaps://localhost:${imap.port}`,
		authentication: 'configuration',
		username: USER,
		password: PASSWORD,
		configuration: guideConfiguration({ uri: webhook.url }),
		caCertificate: tls.ca,
	});
	const destination = await n8n.api.createCredential('Playground webhook', 'alertMagicApi', {
		url: webhook.url,
		username: 'user',
		password: PASSWORD,
	});
	return {
		n8n,
		imap,
		user: USER,
		password: PASSWORD,
		webhookUrl: webhook.url,
		examples: await importExamples(n8n.api, [account, destination]),
		reload: async () => {
			await linkPackage(n8n.userFolder);
			await n8n.restart();
		},
		stop: async () => {
			await n8n.stop();
			await imap.stop();
			webhook.server.close();
		},
	};
}
