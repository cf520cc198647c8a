import type { Dovecot } from '../servers/dovecot';
import { GUIDE_MAIL, guideConfiguration } from '../guide-example';
import { ALERT_MAGIC, guideWorkflow, TRIGGER } from './guide-workflow';
import { startHttpsWebhook, type HttpsWebhook } from '../servers/https-webhook';
import type { N8nApi } from './n8n-api';
import { toText, type ExecutionDetail, type Json, type StoredWorkflow } from './n8n-answers';
import type { TestCa } from '../servers/tls';

/** Of every mailbox user. */
export const PASSWORD = 'secret-pw';
/** Name of the node behind the trigger's second output. */
export const HEALTH = 'Health Events';

/** Four polls a minute, so that nobody waits for a full one: n8n refuses a shorter interval in one expression. */
export const POLL_TIMES = {
	item: ['0', '15', '30', '45'].map((second) => ({
		mode: 'custom',
		cronExpression: `${second} * * * * *`,
	})),
};

/** The guide's mail with a Message-ID of its own, so that it counts as another one. */
const toMail = (name: string) =>
	GUIDE_MAIL.replace(/^Message-ID:.*$/im, `Message-ID: <${name}@zion.com>`);

/** A workflow with a mailbox and a webhook of its own. */
export interface Case {
	readonly user: string;
	readonly workflow: StoredWorkflow;
	readonly webhook: HttpsWebhook;
	/** What the workflow was created from. */
	readonly source: Json;
	readonly deliver: (name: string) => Promise<number>;
	/** Many at once, over one connection. */
	readonly deliverAll: (names: readonly string[]) => Promise<void>;
	readonly subjects: (mailbox?: string) => Promise<unknown[]>;
}

export interface CaseOptions {
	readonly user: string;
	/** Options of the trigger node. */
	readonly options?: Json;
	/** `CleanUp` of the rule; the guide's moves to a folder. */
	readonly cleanUp?: Json;
	/** `Expect` of the rule. */
	readonly expect?: Json;
	/** The instant trigger in place of the polling one. */
	readonly instant?: boolean;
	/** A pattern for `Filter.Subject` in place of the guide's. */
	readonly subject?: string;
	/** Settings of the workflow. */
	readonly settings?: Json;
	/** With the IMAP Ingest node at the end, which acknowledges. */
	readonly acknowledges?: boolean;
}

/** What the cases of one engine share. */
export interface Place {
	readonly api: N8nApi;
	readonly dovecot: Dovecot;
	readonly tls: TestCa;
}

/** The account of a user, whose rule posts to the webhook. */
export const toAccount = (
	{ dovecot }: Pick<Place, 'dovecot'>,
	webhook: HttpsWebhook,
	{ user, cleanUp, subject, expect }: CaseOptions,
) => {
	const guide = JSON.parse(guideConfiguration({ uri: webhook.url })) as {
		AlertMagic: { Ingests: Array<{ Filter: Json; CleanUp: Json; Expect?: Json }> };
	};
	for (const ingest of guide.AlertMagic.Ingests) {
		if (cleanUp !== undefined) ingest.CleanUp = cleanUp;
		if (subject !== undefined) ingest.Filter.Subject = subject;
		if (expect !== undefined) ingest.Expect = expect;
	}
	return {
		url: `imaps://localhost:${dovecot.port}`,
		authentication: 'configuration',
		username: user,
		password: PASSWORD,
		configuration: JSON.stringify(guide),
		caCertificate: dovecot.ca,
	};
};

const INSTANT_TYPE = 'n8n-nodes-imap-ingest.imapIngestInstantTrigger';

const HEALTH_NODE = {
	id: 'health',
	name: HEALTH,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [260, 200],
	parameters: {},
};

const ACKNOWLEDGE_NODE = {
	id: 'acknowledge',
	name: 'Acknowledge',
	type: 'n8n-nodes-imap-ingest.imapIngest',
	typeVersion: 1,
	position: [520, 0],
	parameters: { resource: 'message', operation: 'acknowledge' },
};

function toSource(given: CaseOptions, tls: TestCa, credential: Json): Json {
	const { user, options, instant, settings = {}, acknowledges } = given;
	const { nodes, connections } = guideWorkflow({ webhookCa: tls.ca, triggerId: user });
	const own = nodes.map((node) => ({
		...node,
		...(node.name === TRIGGER && instant === true && { type: INSTANT_TYPE }),
		credentials: { imapIngestApi: credential },
		parameters: {
			...node.parameters,
			...(node.name === TRIGGER && {
				...(instant !== true && { pollTimes: POLL_TIMES }),
				options: { startAt: 'everything', ...options },
			}),
		},
	}));
	const toNode = (node: string) => [{ node, type: 'main', index: 0 }];
	return {
		name: user,
		settings,
		nodes: [
			...own,
			...(options?.health === true ? [HEALTH_NODE] : []),
			...(acknowledges === true
				? [{ ...ACKNOWLEDGE_NODE, credentials: { imapIngestApi: credential } }]
				: []),
		],
		connections: {
			...connections,
			...(options?.health === true && {
				[TRIGGER]: { main: [toNode(ALERT_MAGIC), toNode(HEALTH)] },
			}),
			...(acknowledges === true && { [ALERT_MAGIC]: { main: [toNode(ACKNOWLEDGE_NODE.name)] } }),
		},
	};
}

/** Makes a mailbox user's workflow, with a webhook of its own; it is not published yet. */
export async function createCase(place: Place, options: CaseOptions): Promise<Case> {
	const { api, dovecot, tls } = place;
	const { user } = options;
	const webhook = await startHttpsWebhook(tls);
	const data = toAccount(place, webhook, options);
	const { id, name } = await api.createCredential(user, 'imapIngestApi', data);
	const source = toSource(options, tls, { id, name });
	return {
		user,
		source,
		webhook,
		workflow: await api.createWorkflow(source),
		deliver: (mail) => dovecot.deliver(user, toMail(mail)),
		deliverAll: (mails) =>
			dovecot.withClient(user, async (client) => {
				for (const mail of mails) await client.append('INBOX', toMail(mail));
			}),
		subjects: async (mailbox) => (await dovecot.list(user, mailbox)).map(({ subject }) => subject),
	};
}

/** An item that the trigger handed on, with how its execution ended. */
export interface Handed {
	readonly id: string;
	readonly attempt: unknown;
	readonly messageId: unknown;
	readonly status: string;
}

const toHanded = ({ outputs, status }: ExecutionDetail, trigger: string): Handed[] =>
	(outputs[trigger]?.[0] ?? []).map(({ id, attempt, message }) => ({
		id: toText(id),
		attempt,
		messageId: (message as Json).messageId,
		status,
	}));

/** All executions of a workflow that have ended, oldest first. */
export async function readExecutions(api: N8nApi, { id }: StoredWorkflow) {
	const all = await api.listExecutions(id);
	const ended = all.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
	const details: ExecutionDetail[] = [];
	for (const execution of ended.reverse()) details.push(await api.readExecution(execution.id));
	return details;
}

/** Everything that the trigger of a workflow has handed on, oldest first. */
export async function readHanded(api: N8nApi, workflow: StoredWorkflow, trigger = TRIGGER) {
	const details = await readExecutions(api, workflow);
	return details.flatMap((detail) => toHanded(detail, trigger));
}
