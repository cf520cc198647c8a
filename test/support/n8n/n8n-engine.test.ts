import {
	type IExecuteFunctions,
	type INodeType,
	type IPollFunctions,
	type IRun,
} from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { createEngine, outputOf, toChain, toNode } from './n8n-engine';

const describeNode = (name: string): INodeType['description'] => ({
	displayName: name,
	name,
	group: [],
	version: 1,
	description: '',
	defaults: { name },
	inputs: ['main'],
	outputs: ['main'],
	properties: [],
});

/** Refuses the text "refuse me" and hands on every other. */
const checker: INodeType = {
	description: {
		...describeNode('checker'),
		properties: [
			{ displayName: 'Text', name: 'text', type: 'string', default: '={{ $json.text }}' },
		],
	},
	execute(this: IExecuteFunctions) {
		const text = this.getNodeParameter('text', 0);
		if (text === 'refuse me') throw new Error('refused');
		return Promise.resolve([[{ json: { checked: text } }]]);
	},
};

/** Emits the given texts, one at each poll, and keeps in its static data how their runs ended. */
const toPoller = (...texts: readonly string[]): INodeType => {
	const waiting = [...texts];
	return {
		description: { ...describeNode('poller'), polling: true, inputs: [] },
		poll(this: IPollFunctions) {
			if (this.getMode() === 'manual') return Promise.resolve([[{ json: { text: 'by hand' } }]]);
			const state = this.getWorkflowStaticData('node');
			const done = this.helpers.createDeferredPromise<IRun | undefined>();
			this.__emit([[{ json: { text: waiting.shift() ?? '' } }]], undefined, done);
			void done.promise.then((run) => {
				state['statuses'] = [...((state['statuses'] ?? []) as string[]), run?.status ?? 'unknown'];
			});
			return Promise.resolve(null);
		},
	};
};

const workflow = {
	nodes: [toNode('poller'), toNode('checker')],
	connections: toChain('poller', 'checker'),
};

describe('createEngine', () => {
	it('runs a node on items and resolves its expressions', async () => {
		const engine = createEngine({ nodeTypes: [checker] });
		const run = await engine.run({ nodes: [toNode('checker')], connections: {} }, 'checker', [
			{ text: 'hello' },
		]);
		expect(run.status).toBe('success');
		expect(outputOf(run, 'checker')).toMatchObject([{ json: { checked: 'hello' } }]);
	});

	it('settles the done promise of each poll with how its run ended', async () => {
		const engine = createEngine({ nodeTypes: [toPoller('fine', 'refuse me'), checker] });
		const published = engine.publish(workflow, 'poller');
		const [first] = await published.tick();
		const [second] = await published.tick();
		expect([first?.status, second?.status]).toEqual(['success', 'error']);
		expect(published.staticData).toEqual({ 'node:poller': { statuses: ['success', 'error'] } });
	});

	it('fetches a test event from a poll trigger', async () => {
		const engine = createEngine({ nodeTypes: [toPoller(), checker] });
		const run = await engine.test(workflow, 'poller');
		expect(outputOf(run, 'checker')).toMatchObject([{ json: { checked: 'by hand' } }]);
	});

	it('throws the error of a node whose output is asked for', async () => {
		const engine = createEngine({ nodeTypes: [checker] });
		const run = await engine.run({ nodes: [toNode('checker')], connections: {} }, 'checker', [
			{ text: 'refuse me' },
		]);
		expect(() => outputOf(run, 'checker')).toThrow('refused');
	});

	it('gives credentials their defaults and takes hidden fields away, as n8n does', async () => {
		const reader: INodeType = {
			description: {
				...describeNode('reader'),
				credentials: [{ name: 'account', required: true }],
			},
			async execute(this: IExecuteFunctions) {
				return [[{ json: await this.getCredentials('account') }]];
			},
		};
		const engine = createEngine({
			nodeTypes: [reader],
			credentialTypes: [
				{
					name: 'account',
					displayName: 'Account',
					properties: [
						{ displayName: 'Mode', name: 'mode', type: 'string', default: 'password' },
						{
							displayName: 'Token',
							name: 'token',
							type: 'string',
							default: '',
							displayOptions: { show: { mode: ['token'] } },
						},
					],
				},
			],
			credentials: { account: { token: 'left over' } },
		});
		const node = toNode('reader', {}, { credentials: { account: { id: '1', name: 'Account' } } });
		const run = await engine.run({ nodes: [node], connections: {} }, 'reader', [{}]);
		expect(outputOf(run, 'reader')).toMatchObject([{ json: { mode: 'password' } }]);
		expect(outputOf(run, 'reader')[0]?.json).not.toHaveProperty('token');
	});
});
