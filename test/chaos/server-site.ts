import { setTimeout as delay } from 'node:timers/promises';
import { startDovecot } from '../support/servers/dovecot';
import type { N8nServerOptions } from '../support/n8n/n8n-environment';
import { linkPackage } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';
import { createTestCa, type TestCa } from '../support/servers/tls';
import { ChaosMailbox, type SentMail } from './chaos-mailbox';
import { startChaosWebhook, type ChaosWebhook } from './chaos-webhook';
import {
	toChaosConfiguration,
	toChaosWorkflow,
	TRIGGER,
	type MailKind,
	type TriggerKind,
} from './chaos-workflow';
import { openImapGate, type ImapGate } from './gate/imap-gate';
import { assess, isWanted, type Journal } from './journal';
import type { RoundResult } from './round';
import { SeededChoice } from './seeded-choice';

const USER = 'server@example.com';
const PASSWORD = 'chaos-mail-pw';
const KINDS: readonly MailKind[] = [
	'move',
	'move',
	'read',
	'flag',
	'stay',
	'delete',
	'delete',
	'other',
];
const MINUTE_MS = 60_000;
/** n8n polls once a minute for each schedule, at a second of its choice. */
const SCHEDULES = 6;
/** Leases last five minutes; then come attempts that may have failed. */
const DRAIN_LIMIT_MS = 12 * MINUTE_MS;
const LOOK_PAUSE_MS = 5_000;

/** Mails that were under way when a process was killed. */
export interface Killed {
	readonly fault: string;
	readonly mails: readonly SentMail[];
	/** Epoch milliseconds. */
	readonly at: number;
}

/** The parts of a run with a real server. */
export interface ServerSite {
	readonly n8n: N8nServer;
	readonly gate: ImapGate;
	readonly webhook: ChaosWebhook;
	readonly mailbox: ChaosMailbox;
	readonly choice: SeededChoice;
	/** Id of the workflow. */
	readonly workflow: string;
}

export interface ServerSiteOptions extends N8nServerOptions {
	/** The polling one unless given. */
	readonly trigger?: TriggerKind;
}

/** Starts a real n8n with the workflow of the run published in it, acts, and stops everything. */
export async function withServerSite<Result>(
	seed: number,
	{ trigger = 'poll', ...options }: ServerSiteOptions,
	act: (site: ServerSite) => Promise<Result>,
): Promise<Result> {
	const tls = await createTestCa();
	const dovecot = await startDovecot({ tls, users: { [USER]: PASSWORD } });
	const gate = await openImapGate({ port: dovecot.port, tls });
	const webhook = await startChaosWebhook(tls, Date.now);
	const n8n = await startN8n({ prepare: linkPackage, ...options });
	const mailbox = new ChaosMailbox(dovecot, USER);
	const site = { n8n, gate, webhook, mailbox, choice: new SeededChoice(seed) };
	try {
		await mailbox.deliver([]);
		const workflow = await publish(site, tls, trigger);
		return await act({ ...site, workflow });
	} finally {
		await n8n.stop();
		await gate.stop();
		await webhook.close();
		await dovecot.stop();
	}
}

async function publish(
	{ n8n, gate, webhook }: Pick<ServerSite, 'n8n' | 'gate' | 'webhook'>,
	tls: TestCa,
	trigger: TriggerKind,
): Promise<string> {
	const account = {
		url: `imaps://localhost:${String(gate.port)}`,
		authentication: 'configuration',
		username: USER,
		password: PASSWORD,
		configuration: toChaosConfiguration(webhook.urlFor('server')),
		caCertificate: tls.ca,
	};
	const { id, name } = await n8n.api.createCredential('Account', 'imapIngestApi', account);
	const { nodes, connections } = toChaosWorkflow(tls.ca, trigger);
	const item = Array.from({ length: SCHEDULES }, () => ({ mode: 'everyMinute' }));
	const workflow = await n8n.api.createWorkflow({
		name: 'Chaos',
		connections,
		nodes: nodes.map((node) => ({
			...node,
			credentials: { imapIngestApi: { id, name } },
			parameters: {
				...node.parameters,
				...(node.name === TRIGGER && trigger === 'poll' && { pollTimes: { item } }),
			},
		})),
	});
	await n8n.api.activate(workflow.id);
	return workflow.id;
}

/** The mails of one kill: one or two of each kind. */
export function composeMails(name: string): readonly SentMail[] {
	return KINDS.map((kind, index) => ({ kind, token: `${kind}-${name}-${String(index)}` }));
}

/** Waits until the receiver has got everything and nothing is left to tidy up, or for as long as it may take. */
export async function drain(
	mails: readonly SentMail[],
	{ mailbox }: ServerSite,
	journal: Journal,
): Promise<void> {
	const deadline = Date.now() + DRAIN_LIMIT_MS;
	while (Date.now() < deadline) {
		const { lost, misplaced } = await assess(mailbox, journal, mails);
		if (lost.length + misplaced.length === 0) return;
		await delay(LOOK_PAUSE_MS);
	}
}

/** What became of the mails of one kill. */
export async function toResult(
	{ fault, mails, at }: Killed,
	{ mailbox, webhook }: ServerSite,
	journal: Journal,
): Promise<RoundResult> {
	const tokens = new Set(mails.filter(isWanted).map(({ token }) => token));
	const firsts = new Map<string, number>();
	for (const arrival of webhook.arrivals) {
		if (tokens.has(arrival.token) && !firsts.has(arrival.token))
			firsts.set(arrival.token, arrival.at);
	}
	return {
		...(await assess(mailbox, journal, mails)),
		fault,
		mails: mails.length,
		struck: true,
		recovery: Math.max(0, Math.ceil((Math.max(...firsts.values()) - at) / MINUTE_MS)),
	};
}
