import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngest } from '../../nodes/ImapIngest/ImapIngest.node';
import type { Dovecot } from '../support/servers/dovecot';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';

export const PASSWORD = 'white-rabbit';

/** What of a run of the action node differs from its defaults. */
export interface ActionRun {
	readonly items?: readonly IDataObject[];
	readonly parameters: IDataObject;
	readonly credential?: ICredentialDataDecryptedObject;
	readonly continueOnFail?: boolean;
}

type Server = Pick<Dovecot, 'host' | 'port' | 'ca'>;

/** The credential of an account on a mail server. */
export const toCredential = (server: Server, username: string): ICredentialDataDecryptedObject => ({
	url: `imaps://${server.host}:${String(server.port)}`,
	authentication: 'password',
	username,
	password: PASSWORD,
	caCertificate: server.ca,
});

/** Runs the action node in n8n's engine against a mail server; rejects with the error of the node. */
export async function runAction(
	server: Server,
	username: string,
	{ items = [{}], parameters, credential = {}, continueOnFail = false }: ActionRun,
): Promise<readonly INodeExecutionData[]> {
	const engine = createEngine({
		nodeTypes: [new ImapIngest()],
		credentialTypes: [new ImapIngestApi()],
		credentials: {
			imapIngestApi: { ...toCredential(server, username), ...credential },
		},
	});
	const node = toNode('imapIngest', { resource: 'message', ...parameters } as never, {
		credentials: { imapIngestApi: { id: '1', name: 'Account' } },
		...(continueOnFail && { onError: 'continueRegularOutput' as const }),
	});
	const run = await engine.run({ nodes: [node], connections: {} }, 'imapIngest', items);
	return outputOf(run, 'imapIngest');
}

/** The mailbox parameter as the picker writes it. */
export const picked = (value: string): IDataObject => ({ __rl: true, mode: 'list', value });

/** Items with the messages of a mailbox, newest first, as Message > Search gives them. */
export async function findItems(
	dovecot: Dovecot,
	username: string,
	mailbox = 'INBOX',
): Promise<readonly IDataObject[]> {
	const found = await runAction(dovecot, username, {
		parameters: { operation: 'search', mailbox: picked(mailbox), returnAll: true },
	});
	return found.map(({ json }) => json);
}

/** A plain mail. */
export const toMail = (subject: string, ...lines: readonly string[]): string =>
	[
		'From: Trinity <trinity@zion.com>',
		'To: neo@example.com',
		`Subject: ${subject}`,
		...(lines.length === 0 ? ['', 'Follow the white rabbit.'] : lines),
		'',
	].join('\r\n');
