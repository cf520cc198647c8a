import { setTimeout as delay } from 'node:timers/promises';
import { PACKAGE_NAME } from '../support/n8n/n8n-engine';
import { toList, toRecord, type Json, type StoredCredential } from '../support/n8n/n8n-answers';
import { linkPackage } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';
import type { BenchServer } from './bench-mailbox';
import { ALERT_RULE } from './bench-mail';
import { MAILBOX, PASSWORD } from './bench-mailbox';
import { openDoorway, type Doorway } from './doorway';

/** Messages that n8n's Email Trigger puts into one execution. */
const EMAIL_TRIGGER_BATCH = 20;
const PROBE_PAUSE_MS = 500;
const LIMIT_MS = 600_000;

/** A real n8n with an account for either trigger. */
export interface N8nSite {
	readonly n8n: N8nServer;
	readonly ours: StoredCredential;
	readonly theirs: StoredCredential;
	/** Which way either trigger goes to the server. */
	readonly doorways: { readonly ours: Doorway; readonly theirs: Doorway };
}

/** Starts a real n8n that trusts the server, for `work`. */
export async function withN8nSite<Result>(
	{ dovecot }: BenchServer,
	users: string | { readonly ours: string; readonly theirs: string },
	work: (site: N8nSite) => Promise<Result>,
	prepare = linkPackage,
): Promise<Result> {
	const { ours: user, theirs: other } =
		typeof users === 'string' ? { ours: users, theirs: users } : users;
	const doorways = {
		ours: await openDoorway(dovecot.port),
		theirs: await openDoorway(dovecot.port),
	};
	const n8n = await startN8n({ prepare, ca: dovecot.ca });
	try {
		const ours = await n8n.api.createCredential('Ours', 'imapIngestApi', {
			url: `imaps://localhost:${String(doorways.ours.port)}`,
			authentication: 'password',
			username: user,
			password: PASSWORD,
			caCertificate: dovecot.ca,
		});
		const { port } = doorways.theirs;
		const login = { user: other, password: PASSWORD, host: 'localhost', port, secure: true };
		const theirs = await n8n.api.createCredential('Theirs', 'imap', login);
		return await work({ n8n, ours, theirs, doorways });
	} finally {
		await n8n.stop();
		for (const doorway of Object.values(doorways)) await doorway.stop();
	}
}

/** A trigger of this package, with the rule of the benchmark. */
export function toOurTrigger({ ours }: N8nSite, options: Json, type = 'imapIngestTrigger'): Json {
	return {
		type: `${PACKAGE_NAME}.${type}`,
		typeVersion: 1,
		credentials: { imapIngestApi: { id: ours.id, name: ours.name } },
		parameters: {
			mailbox: { __rl: true, mode: 'list', value: MAILBOX },
			rulesSource: 'json',
			rulesJson: JSON.stringify({ Ingests: [ALERT_RULE] }),
			options: { startAt: 'everything', ...options },
			...(type === 'imapIngestTrigger' && { pollTimes: { item: [{ mode: 'everyMinute' }] } }),
		},
	};
}

/** n8n's own trigger as it is dropped onto the canvas, but for the format. */
export function toEmailTrigger({ theirs }: N8nSite, format: 'simple' | 'resolved'): Json {
	return {
		type: 'n8n-nodes-base.emailReadImap',
		typeVersion: 2.2,
		credentials: { imap: { id: theirs.id, name: theirs.name } },
		parameters: { mailbox: MAILBOX, postProcessAction: 'read', format, options: {} },
	};
}

const NO_OPERATION: Json = { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };

/** A workflow of the trigger and one node behind it, that does nothing unless given; returns its id. */
export async function createWorkflow(
	{ n8n }: N8nSite,
	trigger: Json,
	behind: Json = NO_OPERATION,
): Promise<string> {
	const next = { main: [[{ node: 'Next', type: 'main', index: 0 }]] };
	const { id } = await n8n.api.createWorkflow({
		name: 'Benchmark',
		connections: { Trigger: next },
		nodes: [
			{ id: 'trigger', name: 'Trigger', position: [0, 0], ...trigger },
			{ id: 'next', name: 'Next', position: [200, 0], ...behind },
		],
	});
	return id;
}

/** Waits until the executions with so many mails have succeeded, and returns when the last one ended (`performance.now`). */
export async function lastSuccess(
	{ n8n }: N8nSite,
	workflowId: string,
	mails: number,
): Promise<number> {
	const wanted = Math.ceil(mails / EMAIL_TRIGGER_BATCH);
	const path = `/api/v1/executions?limit=250&status=success&workflowId=${workflowId}`;
	const deadline = Date.now() + LIMIT_MS;
	for (;;) {
		const { data } = toRecord(await n8n.api.request('GET', path));
		const ends = toList(data).map((execution) => String(toRecord(execution).stoppedAt));
		if (ends.length >= wanted) return Math.max(...ends.map(Date.parse)) - performance.timeOrigin;
		if (Date.now() > deadline) throw new Error('It has taken too long');
		await delay(PROBE_PAUSE_MS);
	}
}
