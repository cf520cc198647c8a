import type { IDataObject, INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../../../credentials/ImapIngestApi.credentials';
import { EmailCapture } from '../../../../nodes/EmailCapture/EmailCapture.node';
import { ImapIngest } from '../../../../nodes/ImapIngest/ImapIngest.node';
import { GUIDE_CONFIGURATION } from '../../../support/guide-example';
import { createEngine, outputOf, toNode } from '../../../support/n8n/n8n-engine';

const ACCOUNT = { imapIngestApi: { id: '7', name: 'Alerts' } };

async function run(parameters: IDataObject, configuration?: string) {
	const engine = createEngine({
		nodeTypes: [new ImapIngest(), new EmailCapture()],
		credentialTypes: [new ImapIngestApi()],
		// No mail server: nothing is connected for rules.
		...(configuration !== undefined && {
			credentials: { imapIngestApi: { authentication: 'configuration', configuration } },
		}),
	});
	const node = toNode('imapIngest', { resource: 'rules', ...parameters } as never, {
		typeVersion: 2,
		...(configuration !== undefined && { credentials: ACCOUNT }),
	});
	const ended = await engine.run({ nodes: [node], connections: {} }, 'imapIngest', [{}]);
	const [item] = outputOf(ended, 'imapIngest');
	return { ended, json: item?.json ?? {} };
}

const importFrom = async (rulesJson: string, parameters: IDataObject = {}) =>
	(await run({ operation: 'importAlertMagic', rulesSource: 'json', rulesJson, ...parameters }))
		.json;
const exportOf = async (parameters: IDataObject, configuration?: string) =>
	(await run({ operation: 'exportAlertMagic', ...parameters }, configuration)).json;

/** The nodes that an import gives. */
function nodesOf(json: IDataObject): [trigger: INode, receiver: INode] {
	const { nodes } = json['workflow'] as { nodes: [INode, INode] };
	return nodes;
}
const nodeOf = (json: IDataObject): INode => nodesOf(json)[0];
const rowsOf = (node: INode): unknown => (node.parameters['rules'] as IDataObject)['row'];

const GUIDE_ROW = {
	name: 'Knock Knock',
	conditions: {
		row: [
			{ field: 'from', operator: 'matches', value: '^tri.+@zion.com$' },
			{ field: 'subject', operator: 'matches', value: '^alert' },
			{ field: 'body', operator: 'matches', value: 'white.+rabbit' },
		],
	},
	fields: {
		row: [
			{ field: 'from', how: 'pattern', pattern: '^(?<from>.+)$' },
			{ field: 'subject', how: 'pattern', pattern: '^alert - (?<subject>.+)$' },
			{ field: 'body', how: 'pattern', pattern: 'Spoon: (?<spoon>[^\n]+)' },
			{ field: 'body', how: 'pattern', pattern: 'Skills: (?<skills>[^\n]+)' },
		],
	},
	cleanUpAction: 'moveToFolder',
	cleanUpFolder: 'AlertMagic Processed',
	deleteAfterDays: 30,
};

describe('importing rules from the account', () => {
	const imported = run(
		{ operation: 'importAlertMagic', rulesSource: 'account' },
		GUIDE_CONFIGURATION,
	);

	it('gives a trigger of the same account with the rules in its form', async () => {
		const { json } = await imported;
		expect(json['rules']).toEqual(['Knock Knock']);
		const node = nodeOf(json);
		expect(node).toMatchObject({
			name: 'IMAP Ingest Trigger',
			type: 'n8n-nodes-imap-ingest.imapIngestTrigger',
			typeVersion: 2,
			credentials: ACCOUNT,
			parameters: { rulesSource: 'visual' },
		});
		expect(rowsOf(node)).toEqual([GUIDE_ROW]);
	});

	it('wires it to an AlertMagic node that sends where the rules say', async () => {
		const { json } = await imported;
		const [, receiver] = nodesOf(json);
		expect(receiver).toMatchObject({
			name: 'AlertMagic',
			type: 'n8n-nodes-imap-ingest.alertMagic',
			credentials: ACCOUNT,
			parameters: { destination: 'rule' },
		});
		expect(json['workflow']).toMatchObject({
			connections: {
				'IMAP Ingest Trigger': { main: [[{ node: 'AlertMagic', type: 'main', index: 0 }]] },
			},
		});
	});

	it('says where the destination comes from, and that the OAuth2 settings stay', async () => {
		const { json } = await imported;
		expect(json['notes']).toEqual([
			'Rule "Knock Knock" sends to pdl-alertmagic-production.azurewebsites.net. With Destination set to AlertMagic Configuration the AlertMagic node takes Uri, Username and Password from the account.',
			'The OAuth2 settings stay in the account.',
		]);
	});

	it('leaves no secret in the workflow or its execution', async () => {
		const { ended } = await imported;
		const stored = JSON.stringify([ended.data, nodeOf((await imported).json)]);
		expect(GUIDE_CONFIGURATION).toContain('yyy');
		for (const secret of ['yyy', 'xxx', '/api/notify', 'YOUR_TENANT_ID']) {
			expect(stored).not.toContain(secret);
		}
	});

	it('refuses an account without rules', async () => {
		const refused = run({ operation: 'importAlertMagic', rulesSource: 'account' }, '');
		await expect(refused).rejects.toThrow('There is no rule to import.');
	});
});

describe('importing pasted JSON', () => {
	const rule = { Name: 'R', Uri: 'https://example.com/x', Username: 'u', Password: 'secret' };

	it.each<[string, unknown]>([
		['the whole configuration', { AlertMagic: { Ingests: [rule] } }],
		['its AlertMagic part', { Ingests: [rule] }],
		['the list', [rule]],
	])('takes %s, without an account', async (_what, json) => {
		const imported = await importFrom(JSON.stringify(json));
		expect(imported['rules']).toEqual(['R']);
		expect(nodeOf(imported)).not.toHaveProperty('credentials');
		expect(JSON.stringify(imported)).not.toContain('secret');
	});

	it('warns of the passwords that now lie in the node', async () => {
		expect((await importFrom(JSON.stringify([rule])))['notes']).toEqual([
			expect.stringContaining('Rule "R" sends to example.com.') as string,
			expect.stringContaining('The JSON in this node holds passwords') as string,
		]);
		expect((await importFrom('[{ "Name": "R" }]'))['notes']).toEqual([]);
	});

	it('asks for one credential for rules of the same destination', async () => {
		const list = [rule, { ...rule, Name: 'S' }, { ...rule, Name: 'T', Username: 'v' }];
		const { notes } = await importFrom(JSON.stringify(list));
		expect(notes).toMatchObject([
			expect.stringContaining('Rules "R", "S" send to example.com.') as string,
			expect.stringContaining('Rule "T" sends to example.com.') as string,
			expect.stringContaining('passwords') as string,
		]);
	});

	it('can give the instant trigger', async () => {
		const node = nodeOf(
			await importFrom('[{ "Name": "R" }]', { trigger: 'imapIngestInstantTrigger' }),
		);
		expect(node.type).toBe('n8n-nodes-imap-ingest.imapIngestInstantTrigger');
		expect(node.parameters).not.toHaveProperty('pollTimes');
	});

	it('names the place of a mistake', async () => {
		await expect(importFrom('[{ "Name": "R", "Filters": {} }]')).rejects.toThrow(
			'Ingests[0].Filters (line 1, column 28) is not a known key.',
		);
	});

	it('keeps a pattern that n8n would take for an expression', async () => {
		const Subject = '=+{{ALERT}} "(?<a>.+)"';
		const json = JSON.stringify([{ Name: 'R', Filter: { Subject } }]);
		const node = nodeOf(await importFrom(json));
		const rules = node.parameters['rules'] as IDataObject;
		const exported = await exportOf({ rulesSource: 'visual', rules });
		expect(JSON.parse(String(exported['configuration']))).toEqual({
			AlertMagic: { Ingests: [{ Name: 'R', Filter: { Subject } }] },
		});
	});
});

describe('exporting rules', () => {
	const guide = JSON.parse(GUIDE_CONFIGURATION) as {
		AlertMagic: { Ingests: [Record<string, unknown>] };
	};
	const [{ Uri, Username, Password, ...guideRule }] = guide.AlertMagic.Ingests;
	const NOTE =
		'Uri, Username and Password are not exported: write them into the rules in AlertMagic.';

	it.each<[string, IDataObject, string | undefined]>([
		['the form', { rulesSource: 'visual', rules: { row: [GUIDE_ROW] } }, undefined],
		['JSON', { rulesSource: 'json', rulesJson: JSON.stringify([guideRule]) }, undefined],
		['the account', { rulesSource: 'account' }, GUIDE_CONFIGURATION],
		[
			'a copied node',
			{
				rulesSource: 'node',
				copiedNode: JSON.stringify({
					nodes: [
						toNode('alertMagic'),
						toNode('imapIngestTrigger', { rules: { row: [GUIDE_ROW] } }),
					],
					connections: {},
				}),
			},
			undefined,
		],
	])('of %s gives the JSON of the guide without secrets', async (_what, parameters, account) => {
		const { configuration, notes } = await exportOf(parameters, account);
		expect(JSON.parse(String(configuration))).toEqual({ AlertMagic: { Ingests: [guideRule] } });
		expect(notes).toEqual([NOTE]);
		expect([Uri, Username, Password]).toHaveLength(3);
		expect(String(configuration)).not.toContain(String(Password));
	});

	const OWN = { rulesSource: 'json', rulesJson: '[{ "Name": "R", "Filter": { "To": "neo" } }]' };

	it('refuses what AlertMagic lacks, and says what to do', async () => {
		await expect(exportOf(OWN)).rejects.toMatchObject({
			message: 'Rule "R" has Filter.To, which AlertMagic lacks.',
			description: 'Filter on From, Subject or Body. Or add the option Leave Out Unsupported.',
		});
	});

	it('leaves it out where that is wanted, and says so', async () => {
		const { configuration, notes } = await exportOf({ ...OWN, options: { leaveOut: true } });
		expect(JSON.parse(String(configuration))).toEqual({ AlertMagic: { Ingests: [{ Name: 'R' }] } });
		expect(notes).toEqual([
			NOTE,
			'Rule "R": Filter.To is left out, so the rule takes more messages.',
		]);
	});
});

describe('a copied node', () => {
	const exportNode = (...nodes: readonly INode[]) =>
		exportOf({ rulesSource: 'node', copiedNode: JSON.stringify({ nodes, connections: {} }) });

	it('has the rule of a new node where it says nothing else', async () => {
		const { configuration } = await exportNode(toNode('emailCapture'));
		expect(configuration).toContain('"Every Message"');
	});

	it.each<[string, readonly INode[], string]>([
		['no rules', [toNode('alertMagic')], 'Copied Node has no node with rules.'],
		[
			'the rules of two nodes',
			[toNode('emailCapture'), toNode('imapIngestTrigger')],
			'Copied Node has 2 nodes with rules.',
		],
		[
			'rules from its account',
			[toNode('imapIngestTrigger', { rulesSource: 'account' })],
			'Copied Node takes its rules from its account.',
		],
		[
			'an expression',
			[toNode('emailCapture', { rules: { rule: [{ name: '={{ $vars.rule }}' }] } })],
			'Copied Node has an expression at rules.rule[0].name.',
		],
	])('is refused when it has %s', async (_what, nodes, message) => {
		await expect(exportNode(...nodes)).rejects.toThrow(message);
	});

	it('is refused when it is no JSON', async () => {
		await expect(exportOf({ rulesSource: 'node', copiedNode: '{' })).rejects.toThrow(
			'Copied Node is not valid JSON',
		);
	});
});
