import { setTimeout as delay } from 'node:timers/promises';
import { startDovecot } from '../support/dovecot';
import { linkPackage } from '../support/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n-server';
import { createTestCa, type TestCa } from '../support/tls';
import { ChaosMailbox, type SentMail } from './chaos-mailbox';
import { startChaosWebhook, type ChaosWebhook } from './chaos-webhook';
import { toChaosConfiguration, toChaosWorkflow, TRIGGER, type MailKind } from './chaos-workflow';
import { CLEAN_UP, SCAN } from './faults';
import { openImapGate, type ImapGate } from './imap-gate';
import { assess, isWanted, Journal } from './journal';
import type { RoundResult } from './round';
import { SeededChoice } from './seeded-choice';

export interface ServerRunOptions {
	readonly seed: number;
	readonly kills: number;
	readonly onKill?: (kill: number, moment: string) => void;
}

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

/** What a kill waits for. */
type Moment = 'scan' | 'hand-off' | 'clean-up';

interface Killed {
	readonly moment: Moment;
	readonly mails: readonly SentMail[];
	readonly at: number;
}

/** The parts of a run with a real server. */
interface Site {
	readonly n8n: N8nServer;
	readonly gate: ImapGate;
	readonly webhook: ChaosWebhook;
	readonly mailbox: ChaosMailbox;
	readonly choice: SeededChoice;
}

/**
 * Kills a real n8n server (kill -9) again and again while mail comes in, and looks at what became of all mail in the end.
 * n8n is started again at once, so that one life inherits what several others have left behind.
 */
export async function runServerChaos(options: ServerRunOptions): Promise<readonly RoundResult[]> {
	const tls = await createTestCa();
	const dovecot = await startDovecot({ tls, users: { [USER]: PASSWORD } });
	const gate = await openImapGate({ port: dovecot.port, tls });
	const webhook = await startChaosWebhook(tls, Date.now);
	const n8n = await startN8n({ prepare: linkPackage });
	const mailbox = new ChaosMailbox(dovecot, USER);
	const site = { n8n, gate, webhook, mailbox, choice: new SeededChoice(options.seed) };
	try {
		await mailbox.deliver([]);
		await publish(site, tls);
		const killed: Killed[] = [];
		for (let kill = 0; kill < options.kills; kill += 1) {
			const moment = (['scan', 'hand-off', 'clean-up'] as const)[kill % 3] ?? 'scan';
			killed.push(await killOnce(site, moment, kill));
			options.onKill?.(kill, moment);
			await n8n.restart();
		}
		const journal = new Journal(webhook.arrivals);
		await drain(killed, journal, mailbox);
		return await Promise.all(killed.map((one) => toResult(one, site, journal)));
	} finally {
		await n8n.stop();
		await gate.stop();
		await webhook.close();
		await dovecot.stop();
	}
}

async function publish({ n8n, gate, webhook }: Site, tls: TestCa): Promise<void> {
	const account = {
		url: `imaps://localhost:${String(gate.port)}`,
		authentication: 'configuration',
		username: USER,
		password: PASSWORD,
		configuration: toChaosConfiguration(webhook.urlFor('server')),
		caCertificate: tls.ca,
	};
	const { id, name } = await n8n.api.createCredential('Account', 'imapIngestApi', account);
	const { nodes, connections } = toChaosWorkflow(tls.ca);
	const item = Array.from({ length: SCHEDULES }, () => ({ mode: 'everyMinute' }));
	const workflow = await n8n.api.createWorkflow({
		name: 'Chaos',
		connections,
		nodes: nodes.map((node) => ({
			...node,
			credentials: { imapIngestApi: { id, name } },
			parameters: { ...node.parameters, ...(node.name === TRIGGER && { pollTimes: { item } }) },
		})),
	});
	await n8n.api.activate(workflow.id);
}

/** Delivers mail and kills n8n at the moment. */
async function killOnce(site: Site, moment: Moment, kill: number): Promise<Killed> {
	const { n8n, gate, webhook, mailbox, choice } = site;
	const mails = KINDS.map((kind, index) => ({
		kind,
		token: `${kind}-s${String(kill)}-${String(index)}`,
	}));
	const when = choice.pick<'before' | 'after'>(['before', 'after']);
	const died = new Promise<void>((resolve, reject) => {
		const act = () => n8n.kill().then(resolve, reject);
		if (moment === 'hand-off') webhook.plan(choice.between(1, 6), when, () => void act());
		else {
			const at = moment === 'scan' ? SCAN : CLEAN_UP;
			gate.plan({ at, count: choice.between(1, 3), when, act }, () => undefined);
		}
	});
	await mailbox.deliver(mails);
	await died;
	return { moment, mails, at: Date.now() };
}

/** Waits until the receiver has got everything and nothing is left to tidy up, or for as long as it may take. */
async function drain(
	killed: readonly Killed[],
	journal: Journal,
	mailbox: ChaosMailbox,
): Promise<void> {
	const deadline = Date.now() + DRAIN_LIMIT_MS;
	const mails = killed.flatMap((one) => one.mails);
	while (Date.now() < deadline) {
		const { lost, misplaced } = await assess(mailbox, journal, mails);
		if (lost.length + misplaced.length === 0) return;
		await delay(5_000);
	}
}

async function toResult(
	{ moment, mails, at }: Killed,
	{ mailbox, webhook }: Site,
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
		fault: `real n8n killed: ${moment}`,
		mails: mails.length,
		struck: true,
		recovery: Math.max(0, Math.ceil((Math.max(...firsts.values()) - at) / MINUTE_MS)),
	};
}
