import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	INode,
	INodeCredentials,
} from 'n8n-workflow';

import { createEngine, loadPackage, type Engine, type WorkflowSource } from './n8n-engine';

const ROOT = join(__dirname, '..', '..', '..');

/** Names of the nodes in examples/alertmagic.json. */
export const TRIGGER = 'IMAP Ingest Trigger';
export const ALERT_MAGIC = 'AlertMagic';

export interface GuideWorkflowOptions {
	/** PEM of the authority that the stand-in of the webhook shows. */
	readonly webhookCa: string;
	/** Node id of the trigger; triggers of one process that differ need ids that differ. */
	readonly triggerId?: string;
}

/** Examples name no credential; n8n's engine only asks whether a node has one. */
const ACCOUNT: INodeCredentials = { imapIngestApi: { id: 'account', name: 'Account' } };

/**
 * examples/alertmagic.json as it is shipped, without its note, with an account on both nodes, beginning with the mail
 * that is there already and trusting the webhook of the test.
 */
export function guideWorkflow({ webhookCa, triggerId }: GuideWorkflowOptions): WorkflowSource {
	const text = readFileSync(join(ROOT, 'examples', 'alertmagic.json'), 'utf8');
	const { nodes, connections } = JSON.parse(text) as { nodes: INode[]; connections: IConnections };
	const options: Readonly<Record<string, INode['parameters']>> = {
		[TRIGGER]: { startAt: 'everything' },
		[ALERT_MAGIC]: { caCertificate: webhookCa, attempts: 1 },
	};
	return {
		connections,
		nodes: nodes.filter(isExecutable).map((node) => ({
			...node,
			credentials: ACCOUNT,
			...(node.name === TRIGGER && triggerId !== undefined && { id: triggerId }),
			parameters: { ...node.parameters, options: options[node.name] ?? {} },
		})),
	};
}

const isExecutable = ({ type }: INode): boolean => !type.endsWith('.stickyNote');

/** n8n's engine with the built package and one account. */
export async function guideEngine(imapIngestApi: ICredentialDataDecryptedObject): Promise<Engine> {
	return createEngine({ ...(await loadPackage(ROOT)), credentials: { imapIngestApi } });
}
