import type { ICredentialDataDecryptedObject, INode, WorkflowActivateMode } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../../nodes/ImapIngest/ImapIngestTrigger.node';
import { readTriggerParameters } from '../../../nodes/ImapIngest/trigger/read-parameters';
import { INSTANT_OPTIONS, TRIGGER_OPTIONS } from '../../../nodes/ImapIngest/trigger/options';
import { AUTOMATIC } from '../../../nodes/core/delivery/flow';
import { startEmbeddedImap } from '../../support/imap/embedded-imap';
import type { EmbeddedImap } from '../../support/imap/embedded-imap';
import { findFreePort } from '../../support/servers/free-port';
import { createEngine, toNode } from '../../support/n8n/n8n-engine';
import type { PublishedWorkflow } from '../../support/n8n/n8n-engine';

const PASSWORD = 'right-password';
const RULES = [{ Name: 'Any', CleanUp: { Action: 'MoveToFolder', Folder: 'Done' } }];

let imap: EmbeddedImap;
let deadPort: number;
let published = 0;

beforeAll(async () => {
	imap = await startEmbeddedImap({ users: { neo: PASSWORD } });
	deadPort = await findFreePort();
});
afterAll(async () => {
	await imap.stop();
});

interface Given {
	readonly credential?: ICredentialDataDecryptedObject;
	readonly parameters?: INode['parameters'];
	readonly activation?: WorkflowActivateMode;
}

/** A published workflow with the trigger alone, under a node id of its own. */
function publish({ credential, parameters, activation = 'activate' }: Given): PublishedWorkflow {
	const engine = createEngine({
		nodeTypes: [new ImapIngestTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: {
			imapIngestApi: {
				url: `imaps://localhost:${String(imap.port)}`,
				authentication: 'password',
				username: 'neo',
				password: PASSWORD,
				caCertificate: imap.ca,
				...credential,
			},
		},
	});
	published += 1;
	const node = toNode(
		'imapIngestTrigger',
		{
			mailbox: { __rl: true, mode: 'name', value: 'INBOX' },
			rulesSource: 'json',
			rulesJson: JSON.stringify(RULES),
			options: {},
			...parameters,
		},
		{
			id: `trigger-${String(published)}`,
			credentials: { imapIngestApi: { id: '1', name: 'Account' } },
		},
	);
	return engine.publish({ nodes: [node], connections: {} }, 'imapIngestTrigger', { activation });
}

const rules = (...list: object[]): INode['parameters'] => ({ rulesJson: JSON.stringify(list) });

describe('publishing fails, with field and remedy, on', () => {
	it.each<[string, Given, RegExp]>([
		['an unsafe address', { credential: { url: 'imap://localhost' } }, /URL.*imaps:\/\//],
		['a wrong password', { credential: { password: 'wrong' } }, /password|sign/i],
		['a server that is not there', { credential: { url: 'imaps://localhost:1' } }, /localhost/],
		[
			'a server whose certificate is not trusted',
			{ credential: { caCertificate: '' } },
			/certificate/i,
		],
		['a mailbox that is not there', { parameters: { mailbox: 'Nowhere' } }, /Nowhere/],
		['an empty mailbox', { parameters: { mailbox: '' } }, /Mailbox is empty/],
		[
			'a mailbox with a line break',
			{ parameters: { mailbox: 'INBOX\r\nx' } },
			/Mailbox is "INBOX\\r\\nx"/,
		],
		[
			'a quarantine mailbox with a line break',
			{ parameters: { options: { quarantine: 'Q\r\nx' } } },
			/Quarantine Mailbox is "Q/,
		],
		['JSON that is none', { parameters: { rulesJson: '[{' } }, /Rules \(JSON\).*line 1/],
		['an unknown key', { parameters: rules({ Name: 'R', Colour: 1 }) }, /Colour/],
		[
			'a pattern that does not parse',
			{ parameters: rules({ Name: 'R', Filter: { From: 'a(' } }) },
			/Filter\.From/,
		],
		[
			'a capture without a named group',
			{ parameters: rules({ Name: 'R', Payload: { BodyCaptures: ['x'] } }) },
			/no named group/,
		],
		[
			'a clean-up into the watched mailbox',
			{ parameters: rules({ Name: 'R', CleanUp: { Action: 'MoveToFolder', Folder: 'inbox' } }) },
			/the mailbox that is watched/,
		],
		[
			'a quarantine in the watched mailbox',
			{ parameters: { options: { quarantine: 'INBOX' } } },
			/Quarantine/,
		],
		[
			'a batch size that is none',
			{ parameters: { options: { batchSize: 0.5 } } },
			/Messages per Execution/,
		],
		[
			'rules of an account that has none',
			{ parameters: { rulesSource: 'account' } },
			/Configuration of the account/,
		],
	])('%s', async (_, given, message) => {
		await expect(publish(given).tick()).rejects.toMatchObject({
			message: expect.stringMatching(message) as unknown,
			description: expect.stringMatching(/\S/) as unknown,
		});
	});
});

describe('while n8n starts', () => {
	const unreachable = (): Given => ({
		credential: { url: `imaps://localhost:${String(deadPort)}` },
		activation: 'init',
	});

	it('a server out of reach does not switch the trigger off, and is raised once afterwards', async () => {
		const workflow = publish(unreachable());
		expect(await workflow.tick()).toEqual([]);
		await expect(workflow.tick()).rejects.toThrow(/localhost/);
		expect(await workflow.tick()).toEqual([]);
		expect(await workflow.tick()).toEqual([]);
	});

	it('or n8n mends a trigger that it lost, a server out of reach does not switch it off', async () => {
		const workflow = publish({ ...unreachable(), activation: 'update' });
		expect(await workflow.tick()).toEqual([]);
		await expect(workflow.tick()).rejects.toThrow(/localhost/);
	});

	it('a wrong password does not switch the trigger off, and the server is then left alone for a while', async () => {
		const workflow = publish({ credential: { password: 'wrong' }, activation: 'leadershipChange' });
		expect(await workflow.tick()).toEqual([]);
		expect(await workflow.tick()).toEqual([]);
	});

	it('a fault in the configuration is raised', async () => {
		const workflow = publish({ parameters: { rulesJson: '[]' }, activation: 'init' });
		await expect(workflow.tick()).rejects.toThrow(/no rule/);
	});
});

describe('the options on the screen', () => {
	it.each(Object.entries({ ...TRIGGER_OPTIONS, ...INSTANT_OPTIONS }))(
		'show as the default of %s what an absent option counts as',
		(_, { property, read }) => {
			expect(read(property.default)).toEqual(read(undefined));
		},
	);

	it.each([
		[1, 50],
		[2, AUTOMATIC],
	])(
		'leave workflows of version %i the messages per execution they were saved with',
		(version, size) => {
			const values: Readonly<Record<string, unknown>> = {
				mailbox: 'INBOX',
				rulesSource: 'json',
				rulesJson: '[{ "Name": "R" }]',
			};
			const { batchSize } = readTriggerParameters((name) => values[name], '', version);
			expect(batchSize).toBe(size);
		},
	);
});
