import type { IDataObject, INodeType, IRun } from 'n8n-workflow';
import { vi } from 'vitest';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestInstantTrigger } from '../../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { ImapIngestTrigger } from '../../../nodes/ImapIngest/ImapIngestTrigger.node';
import { createEngine, outputOf, toNode } from '../../support/n8n/n8n-engine';
import type { ActiveWorkflow, PublishedWorkflow } from '../../support/n8n/n8n-engine';
import type { MailServer } from '../../support/servers/mail-server';
import { picked, runAction, toCredential } from '../imap-ingest-run';

export const NEO = 'neo';
export const POLLING = 'imapIngestTrigger';
const INSTANT = 'imapIngestInstantTrigger';
/** A server without a file monitor looks for new mail once a minute itself. */
export const LIMIT = { timeout: 120_000, interval: 50 };

export const toMail = (subject: string, body = 'Follow the white rabbit.') =>
	`From: Trinity <trinity@zion.com>\r\nTo: neo@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${encodeURIComponent(subject)}@zion.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;

export const toRule = (cleanUp: object = { Action: 'None' }) => ({
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	Payload: {
		SubjectCaptures: ['^alert (?<name>.+)$'],
		BodyCaptures: ['the (?<colour>\\w+) rabbit'],
	},
	CleanUp: cleanUp,
});

/** What differs from a trigger on INBOX that remembers nothing. */
export interface Published {
	readonly options?: IDataObject;
	readonly mailbox?: string;
	readonly staticData?: IDataObject;
}

/** The product on one real server. Each test has INBOX for itself, and a number. */
export class ServerSite {
	count = 0;
	private started: MailServer | undefined;
	private readonly open: ActiveWorkflow[] = [];

	get server(): MailServer {
		if (this.started === undefined) throw new Error('The server has not started');
		return this.started;
	}

	async start(start: () => Promise<MailServer>): Promise<void> {
		this.started = await start();
	}

	async stop(): Promise<void> {
		await this.started?.stop();
	}

	async begin(): Promise<void> {
		this.count += 1;
		await this.server.withClient(NEO, async (client) => {
			await client.mailboxOpen('INBOX');
			await client.messageDelete('1:*', { uid: true });
		});
	}

	async end(): Promise<void> {
		vi.useRealTimers();
		for (const workflow of this.open.splice(0)) await workflow.close();
	}

	engine(...more: readonly INodeType[]) {
		return createEngine({
			nodeTypes: [new ImapIngestTrigger(), new ImapIngestInstantTrigger(), ...more],
			credentialTypes: [new ImapIngestApi()],
			credentials: { imapIngestApi: toCredential(this.server, NEO) },
		});
	}

	trigger(type: string, rule: object, options: IDataObject, mailbox = 'INBOX') {
		return toNode(
			type,
			{
				mailbox: picked(mailbox),
				rulesSource: 'json',
				rulesJson: JSON.stringify({ AlertMagic: { Ingests: [rule] } }),
				options: { startAt: 'everything', ...options },
			} as never,
			{
				id: `test-${String(this.count)}`,
				credentials: { imapIngestApi: { id: '1', name: 'Account' } },
			},
		);
	}

	publish(
		rule: object,
		{ options = {}, mailbox, staticData = {} }: Published = {},
	): PublishedWorkflow {
		const source = { nodes: [this.trigger(POLLING, rule, options, mailbox)], connections: {} };
		return this.engine().publish(source, POLLING, { staticData });
	}

	async watch(rule: object, mailbox?: string): Promise<ActiveWorkflow> {
		const node = this.trigger(INSTANT, rule, { startAt: 'newMail' }, mailbox);
		const workflow = await this.engine().activate({ nodes: [node], connections: {} }, INSTANT);
		this.open.push(workflow);
		return workflow;
	}

	/** What the rule captured from subjects. */
	names(runs: readonly IRun[], type = POLLING): readonly unknown[] {
		return runs.flatMap((run) =>
			outputOf(run, type).map(({ json }) => (json['payload'] as IDataObject)['name']),
		);
	}

	watched({ runs }: ActiveWorkflow): readonly unknown[] {
		return this.names(runs, INSTANT);
	}

	/** Subjects in a mailbox, named with `/` and without the prefix of the server. */
	async subjects(mailbox = 'INBOX'): Promise<ReadonlyArray<string | undefined>> {
		const paths = await this.server.listMailboxes(NEO);
		const path = paths.find((candidate) => candidate.replaceAll('.', '/').endsWith(mailbox));
		if (path === undefined) return [];
		return (await this.server.list(NEO, path)).map(({ subject }) => subject);
	}

	async act(parameters: IDataObject, items?: readonly IDataObject[]) {
		return await runAction(this.server, NEO, {
			parameters,
			...(items !== undefined && { items }),
		});
	}

	/** Items of Message > Search. */
	async find(mailbox: string, criteria: IDataObject = {}): Promise<readonly IDataObject[]> {
		const found = await this.act({
			operation: 'search',
			mailbox: picked(mailbox),
			returnAll: true,
			criteria,
		});
		return found.map(({ json }) => json);
	}
}

/** The first poll after a restart may find its old connection gone. */
export async function tickPatiently(workflow: PublishedWorkflow): Promise<readonly IRun[]> {
	return await workflow.tick().catch(() => workflow.tick());
}
