import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startDovecot, type Dovecot } from '../servers/dovecot';
import { startHttpsProxy } from '../servers/https-proxy';
import { startHttpsWebhook, type HttpsWebhook } from '../servers/https-webhook';
import { toList, toRecord, toText, type Json, type StoredCredential } from './n8n-answers';
import { PASSWORD, POLL_TIMES } from './n8n-engine-mail';
import { withCredentials } from './n8n-examples';
import { installPackage, packPackage, PROJECT_FOLDER, readManifest } from './n8n-package';
import { startN8n, type N8nServer } from './n8n-server';
import { createTestCa } from '../servers/tls';

/** The examples by file, with the name of the workflow and the owner of its mailbox. */
export const EXAMPLES = {
	'archive-and-retention': { title: 'Archive and Retention Only', user: 'archive@example.com' },
	'attachments-to-s3': { title: 'Mail Attachments to S3', user: 'files@example.com' },
	'health-and-errors': {
		title: 'Health Events and Failures to On-Call',
		user: 'alerts@example.com',
	},
	'open-and-resolve': { title: 'Open and Resolve Alerts', user: 'monitoring@example.com' },
	'slack-and-ticket': { title: 'Mail to Slack, Ticket on Failure', user: 'backup@example.com' },
} as const;

export type ExampleName = keyof typeof EXAMPLES;

/** Where the examples send to: the names in the workflows, and those of the credentials below. */
const SERVICES = {
	alertMagic: 'alertmagic.example.com',
	jira: 'api.atlassian.com',
	onCall: 'oncall.example.com',
	pagerDuty: 'events.pagerduty.com',
	s3: 's3.example.com',
	slack: 'slack.com',
	tickets: 'tickets.example.com',
} as const;

type Service = keyof typeof SERVICES;
const SERVICE_NAMES = Object.keys(SERVICES) as Service[];

/** What every example can choose from beside its account; nothing of it is a secret of anybody. */
const CREDENTIALS: Readonly<Record<string, Json>> = {
	alertMagicApi: {
		url: `https://${SERVICES.alertMagic}/api/notify`,
		username: 'user',
		password: 'pw',
	},
	httpCustomAuth: { json: '{"body":{"routing_key":"key"}}' },
	httpHeaderAuth: { name: 'X-Api-Key', value: 'key' },
	s3: {
		endpoint: `https://${SERVICES.s3}`,
		region: 'us-east-1',
		accessKeyId: 'id',
		secretAccessKey: 'key',
		forcePathStyle: true,
	},
	slackApi: { accessToken: 'xoxb-token', signatureSecret: '' },
};

/** n8n with the examples in it, their mail server, and stand-ins for all that they send to. */
export interface ExamplesBench {
	readonly n8n: N8nServer;
	readonly dovecot: Dovecot;
	readonly services: Readonly<Record<Service, HttpsWebhook>>;
	/** The id of an imported workflow. */
	idOf(name: ExampleName): string;
	deliver(name: ExampleName, mail: string, internalDate?: Date): Promise<number>;
	subjects(name: ExampleName, mailbox?: string): Promise<unknown[]>;
	stop(): Promise<void>;
}

/**
 * Starts it all and imports `examples/` with n8n's own command. The services have the names that the workflows and the
 * credentials give them: n8n reaches them through a proxy that leads to this machine and nowhere else.
 */
export async function startExamplesBench(): Promise<ExamplesBench> {
	const stops: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		const tls = await createTestCa({
			hosts: ['localhost', '127.0.0.1', ...Object.values(SERVICES)],
		});
		const users = Object.fromEntries(Object.values(EXAMPLES).map(({ user }) => [user, PASSWORD]));
		const dovecot = await startDovecot({ tls, users });
		stops.push(() => dovecot.stop());
		const services = await startServices(tls, stops);
		const n8n = await startServer(services, tls.ca, stops);
		await n8n.runCommand('import:workflow', '--separate', `--input=${PROJECT_FOLDER}/examples`);
		const ids = await readIds(n8n);
		const idOf = (name: ExampleName): string => ids.get(EXAMPLES[name].title) ?? '';
		const deliver = (name: ExampleName, mail: string, internalDate?: Date) =>
			dovecot.deliver(EXAMPLES[name].user, mail, internalDate && { internalDate });
		const subjects = async (name: ExampleName, mailbox?: string) =>
			(await dovecot.list(EXAMPLES[name].user, mailbox)).map(({ subject }) => subject);
		return { n8n, dovecot, services, idOf, deliver, subjects, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function startServices(
	tls: Parameters<typeof startHttpsWebhook>[0],
	stops: Array<() => Promise<unknown>>,
): Promise<Record<Service, HttpsWebhook>> {
	const start = async () => {
		const service = await startHttpsWebhook(tls);
		stops.push(() => service.close());
		return service;
	};
	return {
		alertMagic: await start(),
		jira: await start(),
		onCall: await start(),
		pagerDuty: await start(),
		s3: await start(),
		slack: await start(),
		tickets: await start(),
	};
}

async function startServer(
	services: Record<Service, HttpsWebhook>,
	ca: string,
	stops: Array<() => Promise<unknown>>,
): Promise<N8nServer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'packed-'));
	stops.push(() => rm(folder, { recursive: true, force: true }));
	const [tarball, { name }] = [await packPackage(folder), await readManifest()];
	const ports = SERVICE_NAMES.map(
		(service) => [SERVICES[service], services[service].port] as const,
	);
	const proxy = await startHttpsProxy(new Map<string, number>(ports));
	stops.push(() => proxy.close());
	const n8n = await startN8n({
		ca,
		prepare: (userFolder) => installPackage(tarball, userFolder, name),
		env: { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' },
	});
	stops.push(() => n8n.stop());
	return n8n;
}

/** Ids of the workflows by their names. */
async function readIds({ api }: N8nServer): Promise<Map<string, string>> {
	const workflows = toList(toRecord(await api.request('GET', '/api/v1/workflows')).data);
	return new Map(
		workflows.map(toRecord).map(({ name, id }) => [toText(name), toText(id)] as const),
	);
}

/** Once a minute, at once after publishing on average half a minute later. */
const EVERY_MINUTE = { interval: [{ field: 'minutes', minutesInterval: 1 }] };

/** What a test does not wait for: four polls a minute, and no night. */
function hasten(node: Json): Json {
	const parameters = toRecord(node.parameters);
	if ('pollTimes' in parameters)
		return { ...node, parameters: { ...parameters, pollTimes: POLL_TIMES } };
	if (node.type !== 'n8n-nodes-base.scheduleTrigger') return node;
	return { ...node, parameters: { ...parameters, rule: EVERY_MINUTE } };
}

/** Gives an example an account and the other credentials, as a user does in the editor, and publishes it. */
export async function publishExample(
	{ n8n: { api }, dovecot, idOf }: ExamplesBench,
	name: ExampleName,
	account: Json = {},
): Promise<void> {
	const { user } = EXAMPLES[name];
	const login = {
		url: `imaps://localhost:${String(dovecot.port)}`,
		authentication: 'password',
		username: user,
		password: PASSWORD,
		caCertificate: dovecot.ca,
		...account,
	};
	const credentials: StoredCredential[] = [
		await api.createCredential(user, 'imapIngestApi', login),
	];
	for (const [type, data] of Object.entries(CREDENTIALS))
		credentials.push(await api.createCredential(`${user} ${type}`, type, data));
	const id = idOf(name);
	const workflow = toRecord(await api.request('GET', `/api/v1/workflows/${id}`));
	const nodes = await Promise.all(
		toList(workflow.nodes).map((node) => withCredentials(api, hasten(toRecord(node)), credentials)),
	);
	const { name: title, connections, settings } = workflow;
	await api.updateWorkflow(id, { name: title, nodes, connections, settings });
	await api.activate(id);
}
