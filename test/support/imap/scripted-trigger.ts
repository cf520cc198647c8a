import type { INode, IDataObject, IRun, WorkflowActivateMode } from 'n8n-workflow';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestInstantTrigger } from '../../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { ImapIngestTrigger } from '../../../nodes/ImapIngest/ImapIngestTrigger.node';
import { createEngine, outputOf, toNode } from '../n8n/n8n-engine';
import type { ActiveWorkflow, PublishedWorkflow } from '../n8n/n8n-engine';
import type { FakeImapServer } from './fake-imap-server';

const INSTANT = 'imapIngestInstantTrigger';
const POLLING = 'imapIngestTrigger';
const RULES = { Ingests: [{ Name: 'Alerts', Filter: { Subject: '^alert' } }] };

/** Publishes a polling trigger on INBOX of a scripted server; it delivers subjects with `alert`. */
export function publishOn(
	server: FakeImapServer,
	activation: WorkflowActivateMode = 'activate',
	options: INode['parameters'] = {},
): PublishedWorkflow {
	return engineFor(server).publish(toSource(POLLING, server, options), POLLING, { activation });
}

/** Publishes an instant trigger, which tells the output Health of what happens. */
export async function watchOn(server: FakeImapServer): Promise<ActiveWorkflow> {
	return await engineFor(server).activate(toSource(INSTANT, server, { health: true }), INSTANT);
}

/** Subjects that the executions of a trigger got. */
export function subjectsOf(
	runs: readonly IRun[],
	type: typeof INSTANT | typeof POLLING = POLLING,
): readonly unknown[] {
	return runs.flatMap((run) =>
		outputOf(run, type).map(({ json }) => (json['message'] as IDataObject)['subject']),
	);
}

/** What the output Health of an instant trigger was told. */
export function eventsOf({ runs }: ActiveWorkflow): readonly unknown[] {
	return runs.flatMap((run) => outputOf(run, INSTANT, 1).map(({ json }) => json['event']));
}

/** Subjects that an instant trigger has delivered. */
export function watchedBy({ runs }: ActiveWorkflow): readonly unknown[] {
	return subjectsOf(runs, INSTANT);
}

function engineFor(server: FakeImapServer) {
	return createEngine({
		nodeTypes: [new ImapIngestTrigger(), new ImapIngestInstantTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: {
			imapIngestApi: {
				url: `imaps://127.0.0.1:${String(server.port)}`,
				authentication: 'password',
				username: 'neo',
				password: 'white-rabbit',
				caCertificate: server.ca,
			},
		},
	});
}

function toSource(type: string, server: FakeImapServer, options: INode['parameters']) {
	const node = toNode(
		type,
		{
			mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
			rulesSource: 'json',
			rulesJson: JSON.stringify({ AlertMagic: RULES }),
			options,
		},
		{ id: String(server.port), credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
	);
	return { nodes: [node], connections: {} };
}
