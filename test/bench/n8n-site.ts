import { setTimeout as delay } from 'node:timers/promises';
import { PACKAGE_NAME } from '../support/n8n-engine';
import {
	toList,
	toRecord,
	toSummary,
	type Json,
	type StoredCredential,
} from '../support/n8n-answers';
import { linkPackage } from '../support/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n-server';
import type { BenchServer } from './bench-mailbox';
import { ALERT_RULE } from './bench-mail';
import { MAILBOX, PASSWORD } from './bench-mailbox';

/** Messages that n8n's Email Trigger puts into one execution. */
const EMAIL_TRIGGER_BATCH = 20;
const PROBE_PAUSE_MS = 100;
const LIMIT_MS = 600_000;

/** A real n8n with an account for either trigger. */
export interface N8nSite {
	readonly n8n: N8nServer;
	readonly ours: StoredCredential;
	readonly theirs: StoredCredential;
}

/** Starts a real n8n that trusts the server, for `work`. */
export async function withN8nSite<Result>(
	{ dovecot }: BenchServer,
	users: string | { readonly ours: string; readonly theirs: string },
	work: (site: N8nSite) => Promise<Result>,
): Promise<Result> {
	const { ours: user, theirs: other } =
		typeof users === 'string' ? { ours: users, theirs: users } : users;
	const n8n = await startN8n({ prepare: linkPackage, ca: dovecot.ca });
	try {
		const port = dovecot.port;
		const ours = await n8n.api.createCredential('Ours', 'imapIngestApi', {
			url: `imaps://localhost:${String(port)}`,
			authentication: 'password',
			username: user,
			password: PASSWORD,
			caCertificate: dovecot.ca,
		});
		const login = { user: other, password: PASSWORD, host: 'localhost', port, secure: true };
		const theirs = await n8n.api.createCredential('Theirs', 'imap', login);
		return await work({ n8n, ours, theirs });
	} finally {
		await n8n.stop();
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

/** Waits until so many executions of a workflow have succeeded. */
export async function waitForSuccesses(
	{ n8n }: N8nSite,
	workflowId: string,
	mails: number,
): Promise<void> {
	const wanted = Math.ceil(mails / EMAIL_TRIGGER_BATCH);
	await until(async () => {
		const path = `/api/v1/executions?limit=250&status=success&workflowId=${workflowId}`;
		const { data } = toRecord(await n8n.api.request('GET', path));
		return toList(data).map(toSummary).length >= wanted;
	});
}

/** Asks again and again until it is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
	const deadline = Date.now() + LIMIT_MS;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error('It has taken too long');
		await delay(PROBE_PAUSE_MS);
	}
}
