import type { INode, IRun } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../../nodes/ImapIngest/ImapIngestTrigger.node';
import { startEmbeddedImap } from '../../support/imap/embedded-imap';
import type { EmbeddedImap } from '../../support/imap/embedded-imap';
import { createEngine, outputOf, toNode } from '../../support/n8n/n8n-engine';

type Parameters = INode['parameters'];

const NAMES = ['Router', 'Backup', 'Any other'];
const FILTERS = ['^router', '^backup', '^ups'];
const VISUAL: Parameters = {
	rules: {
		rule: NAMES.map((name, index) => ({ name, subjectFilter: FILTERS[index] })),
	},
};
const RULES = NAMES.map((Name, index) => ({ Name, Filter: { Subject: FILTERS[index] } }));
const json = (value: unknown): Parameters => ({
	rulesSource: 'json',
	rulesJson: JSON.stringify(value),
});

/** The outputs of a trigger as n8n's editor and engine compute them. */
function outputsOf(parameters: Parameters): unknown[] {
	const node = toNode('imapIngestTrigger', parameters);
	const type = new ImapIngestTrigger();
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		},
	});
	const outputs = NodeHelpers.getNodeOutputs(workflow, node, type.description);
	return outputs.map((output) => (typeof output === 'string' ? output : output.displayName));
}

describe('the outputs on the canvas', () => {
	it.each<[string, Parameters, readonly unknown[]]>([
		['by default', {}, ['main']],
		['with an unmatched one', { options: { unmatched: true } }, ['Messages', 'Unmatched']],
		[
			'with all additions',
			{ options: { health: true, unmatched: true } },
			['Messages', 'Unmatched', 'Health'],
		],
		['one per rule of the form', { ...VISUAL, options: { outputs: 'onePerRule' } }, NAMES],
		[
			'one per rule, unmatched and health',
			{ ...VISUAL, options: { outputs: 'onePerRule', unmatched: true, health: true } },
			[...NAMES, 'Unmatched', 'Health'],
		],
		['one per rule of a list', { ...json(RULES), options: { outputs: 'onePerRule' } }, NAMES],
		[
			'one per rule of Ingests, in any case',
			{ ...json({ ingests: RULES }), options: { outputs: 'onePerRule' } },
			NAMES,
		],
		[
			'one per rule of a whole configuration',
			{
				...json({ AuthType: 'OAuth2', AlertMagic: { Ingests: RULES } }),
				options: { outputs: 'onePerRule' },
			},
			NAMES,
		],
		[
			'one for rules that cannot be read',
			{ rulesSource: 'json', rulesJson: '[{', options: { outputs: 'onePerRule' } },
			['main'],
		],
		[
			'one for rules of the account',
			{ rulesSource: 'account', options: { outputs: 'onePerRule' } },
			['main'],
		],
	])('are %s', (_what, parameters, names) => {
		expect(outputsOf(parameters)).toEqual(names);
	});
});

describe('items', () => {
	let imap: EmbeddedImap;
	let published = 0;

	beforeAll(async () => {
		imap = await startEmbeddedImap({ users: { neo: 'word' } });
		for (const subject of ['backup 1', 'newsletter', 'router 1', 'backup 2']) {
			imap.deliver(`From: a@example.com\r\nSubject: ${subject}\r\n\r\nText\r\n`);
		}
	});
	afterAll(async () => {
		await imap.stop();
	});
	beforeEach(() => {
		published += 1;
	});

	const open = (parameters: Parameters, options: object) => {
		const node = toNode(
			'imapIngestTrigger',
			{
				mailbox: { __rl: true, mode: 'name', value: 'INBOX' },
				...parameters,
				options: { startAt: 'everything', ...options },
			},
			{
				id: `outputs-${String(published)}`,
				credentials: { imapIngestApi: { id: '1', name: 'Account' } },
			},
		);
		const engine = createEngine({
			nodeTypes: [new ImapIngestTrigger()],
			credentialTypes: [new ImapIngestApi()],
			credentials: {
				imapIngestApi: {
					url: `imaps://localhost:${String(imap.port)}`,
					authentication: 'configuration',
					username: 'neo',
					password: 'word',
					caCertificate: imap.ca,
					configuration: JSON.stringify({ AlertMagic: { Ingests: RULES } }),
				},
			},
		});
		return { engine, source: { nodes: [node], connections: {} } };
	};
	const subjectsOf = (run: IRun | undefined, outputs: number): unknown[][] =>
		Array.from({ length: outputs }, (_, output) =>
			run === undefined
				? []
				: outputOf(run, 'imapIngestTrigger', output).map(
						({ json: item }) => (item['message'] as { subject: string }).subject,
					),
		);

	it.each<[string, Parameters]>([
		['the form', VISUAL],
		['JSON', json(RULES)],
	])('leave by the output of their rule of %s, all in one execution', async (_from, parameters) => {
		const options = { outputs: 'onePerRule', unmatched: true, health: true, heartbeat: 'daily' };
		const { engine, source } = open(parameters, options);
		const [run, heartbeat, ...others] = await engine.publish(source, 'imapIngestTrigger').tick();
		expect(others).toEqual([]);
		expect(subjectsOf(run, 4)).toEqual([
			['router 1'],
			['backup 1', 'backup 2'],
			[],
			['newsletter'],
		]);
		expect(
			heartbeat === undefined ? [] : outputOf(heartbeat, 'imapIngestTrigger', 4),
		).toMatchObject([{ json: { event: 'heartbeat' } }]);
	});

	it('of messages that no rule matches leave by the second of two outputs', async () => {
		const { engine, source } = open(VISUAL, { unmatched: true });
		const [run] = await engine.publish(source, 'imapIngestTrigger').tick();
		expect(subjectsOf(run, 2)).toEqual([['backup 1', 'router 1', 'backup 2'], ['newsletter']]);
		const [unmatched] = run === undefined ? [] : outputOf(run, 'imapIngestTrigger', 1);
		expect(unmatched?.json).toMatchObject({ rule: null, payload: {}, attempt: 1 });
		expect(unmatched?.json).not.toHaveProperty('explanation');
	});

	it('of a test run leave by the same outputs, with an explanation', async () => {
		const { engine, source } = open(VISUAL, { outputs: 'onePerRule', unmatched: true });
		const run = await engine.test(source, 'imapIngestTrigger');
		expect(subjectsOf(run, 4)).toEqual([
			['router 1'],
			['backup 2', 'backup 1'],
			[],
			['newsletter'],
		]);
		const [unmatched] = outputOf(run, 'imapIngestTrigger', 3);
		expect(unmatched?.json['explanation']).toEqual([
			'Rule "Router", Subject filter ^router: found nothing in "newsletter"',
			'Rule "Backup", Subject filter ^backup: found nothing in "newsletter"',
			'Rule "Any other", Subject filter ^ups: found nothing in "newsletter"',
		]);
	});

	it('of a test run begin with the payload and end with the id', async () => {
		const { engine, source } = open(VISUAL, {});
		const [first, second] = outputOf(
			await engine.test(source, 'imapIngestTrigger'),
			'imapIngestTrigger',
		);
		expect(Object.keys(first?.json ?? {})).toEqual([
			'payload',
			'rule',
			'text',
			'explanation',
			'note',
			'message',
			'cleanUp',
			'attempt',
			'id',
		]);
		expect(first?.json).toMatchObject({
			note: 'Looked at the newest 4 of 4 messages in INBOX: 3 would be delivered.',
		});
		expect(second?.json).not.toHaveProperty('note');
	});

	it('of a test run in which nothing matches tell what refused the newest messages', async () => {
		const rule = { name: 'Disk', subjectFilter: '^Router' };
		const { engine, source } = open({ rules: { rule: [rule] } }, {});
		const items = outputOf(await engine.test(source, 'imapIngestTrigger'), 'imapIngestTrigger');
		expect(items).toHaveLength(4);
		expect(items[0]?.json).toMatchObject({
			note: 'Looked at the newest 4 of 4 messages in INBOX: no rule takes any of them. See refusedBy for the reason.',
			subject: 'backup 2',
			refusedBy: ['Rule "Disk", Subject filter ^Router: found nothing in "backup 2"'],
			text: expect.any(String) as unknown,
		});
		expect(items[0]?.json).not.toHaveProperty('payload');
		const router = items.find(({ json }) => json['subject'] === 'router 1');
		expect(router?.json['refusedBy']).toEqual([expect.stringMatching(/if case were ignored/)]);
	});

	it.each<[string, Parameters, RegExp]>([
		['rules of the account', { rulesSource: 'account' }, /come from the account/],
		[
			'JSON with comments',
			{ rulesSource: 'json', rulesJson: `/* all */ ${JSON.stringify(RULES)}` },
			/cannot be read on the canvas/,
		],
		['an expression', { rules: { rule: [{ name: '={{ "Router" }}' }] } }, /cannot be read/],
	])('of one output per rule are refused for %s', async (_what, parameters, message) => {
		const { engine, source } = open(parameters, { outputs: 'onePerRule' });
		await expect(engine.publish(source, 'imapIngestTrigger').tick()).rejects.toMatchObject({
			message: expect.stringMatching(message) as unknown,
			description: expect.stringMatching(/\S/) as unknown,
		});
	});

	it('that would be replayed for ever are refused', async () => {
		const rule = { name: 'Read', cleanUpAction: 'markAsRead' };
		const { engine, source } = open(
			{ rules: { rule: [rule] } },
			{ replayUnread: true, unmatched: true },
		);
		await expect(engine.publish(source, 'imapIngestTrigger').tick()).rejects.toThrow(
			/Replay When Marked Unread and Unmatched Output/,
		);
	});
});
