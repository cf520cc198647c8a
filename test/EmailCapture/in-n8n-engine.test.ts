import type { IDataObject } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { AlertMagicApi } from '../../credentials/AlertMagicApi.credentials';
import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { EmailCapture } from '../../nodes/EmailCapture/EmailCapture.node';
import { type HttpsWebhook, startHttpsWebhook } from '../support/servers/https-webhook';
import { createEngine, outputOf, toChain, toNode } from '../support/n8n/n8n-engine';
import { createTestCa, type TestCa } from '../support/servers/tls';

const MAIL = {
	from: 'trinity@zion.com',
	subject: 'alert - Wake up Neo',
	text: 'Follow the white rabbit\nSpoon: false',
};
const RULE = {
	name: 'Knock Knock',
	bodyFilter: 'white.+rabbit',
	subjectCaptures: ['^alert - (?<subject>.+)$'],
	bodyCaptures: ['Spoon: (?<spoon>[^\\n]+)'],
};

let tls: TestCa;
let webhook: HttpsWebhook;

beforeAll(async () => {
	tls = await createTestCa();
	webhook = await startHttpsWebhook(tls);
	return () => webhook.close();
});

const toEngine = () =>
	createEngine({
		nodeTypes: [new EmailCapture(), new AlertMagic()],
		credentialTypes: [new AlertMagicApi(), new ImapIngestApi()],
		credentials: {
			alertMagicApi: { url: webhook.url, username: 'user', password: 'word' },
			imapIngestApi: {
				url: 'imaps://mail.example.com',
				authentication: 'configuration',
				configuration: JSON.stringify({
					AlertMagic: {
						Ingests: [
							{ Name: 'Knock Knock', Uri: `${webhook.url}/rule`, Username: 'neo', Password: 'x' },
						],
					},
				}),
			},
		},
	});

const capture = toNode('emailCapture', { rules: { rule: [RULE] } });
const alertMagic = (parameters: IDataObject = {}, more: object = {}) =>
	toNode(
		'alertMagic',
		{ options: { caCertificate: tls.ca, attempts: 1 }, ...parameters },
		{
			credentials: {
				alertMagicApi: { id: '1', name: 'Webhook' },
				imapIngestApi: { id: '2', name: 'Account' },
			},
			...more,
		},
	);

describe("the nodes in n8n's engine", () => {
	it('capture an email and deliver its payload', async () => {
		const workflow = {
			nodes: [capture, alertMagic()],
			connections: toChain('emailCapture', 'alertMagic'),
		};
		const run = await toEngine().run(workflow, 'emailCapture', [MAIL, { ...MAIL, text: '' }]);
		expect(run.status).toBe('success');
		expect(outputOf(run, 'emailCapture', 1)).toMatchObject([
			{ json: { refusals: [{ rule: 'Knock Knock' }] }, pairedItem: { item: 1 } },
		]);
		expect(outputOf(run, 'alertMagic')).toMatchObject([{ json: { response: { status: 200 } } }]);
		expect(webhook.requests.at(-1)).toMatchObject({
			path: '/api/notify',
			basicAuth: { username: 'user', password: 'word' },
			body: '{"subject":"Wake up Neo","spoon":"false"}',
		});
	});

	it('capture all matches as a list', async () => {
		const rulesJson = JSON.stringify([
			{ Name: 'R', Payload: { SubjectCaptures: ['(?<word>\\w+)'], Matches: 'All' } },
		]);
		const parameters = { rulesSource: 'json', rulesJson };
		const workflow = { nodes: [{ ...capture, parameters }], connections: {} };
		const run = await toEngine().run(workflow, 'emailCapture', [{ ...MAIL, subject: 'a bc' }]);
		expect(outputOf(run, 'emailCapture')).toMatchObject([
			{ json: { payload: { word: ['a', 'bc'] } } },
		]);
	});

	it('deliver to the destination of the rule that the item names', async () => {
		const workflow = {
			nodes: [capture, alertMagic({ destination: 'rule' })],
			connections: toChain('emailCapture', 'alertMagic'),
		};
		const run = await toEngine().run(workflow, 'emailCapture', [MAIL]);
		expect(run.status).toBe('success');
		expect(webhook.requests.at(-1)).toMatchObject({
			path: '/api/notify/rule',
			basicAuth: { username: 'neo', password: 'x' },
		});
	});

	it('end the run in an error that says what to do', async () => {
		webhook.answerWith({ status: 404 });
		const workflow = { nodes: [alertMagic()], connections: {} };
		const run = await toEngine().run(workflow, 'alertMagic', [{ payload: {} }]);
		expect(run.status).toBe('error');
		expect(run.data.resultData.error).toMatchObject({
			message: `localhost:${String(webhook.port)} answered 404.`,
			description: 'Check the path of the address.',
		});
	});

	it('send a failed item with its fields to the error output where there is one', async () => {
		webhook.answerWith({ status: 400 });
		const workflow = {
			nodes: [capture, alertMagic({}, { onError: 'continueErrorOutput' })],
			connections: toChain('emailCapture', 'alertMagic'),
		};
		const run = await toEngine().run(workflow, 'emailCapture', [MAIL, MAIL]);
		expect(outputOf(run, 'alertMagic', 0)).toMatchObject([{ pairedItem: { item: 1 } }]);
		expect(outputOf(run, 'alertMagic', 1)).toMatchObject([
			{
				json: { rule: 'Knock Knock', error: expect.stringContaining('400') as string },
				pairedItem: { item: 0 },
			},
		]);
	});

	it('send an undecided email to the error output, neither Matched nor Unmatched', async () => {
		const node = { ...capture, onError: 'continueErrorOutput' as const };
		const run = await toEngine().run({ nodes: [node], connections: {} }, 'emailCapture', [
			{ id: 'no email' },
		]);
		const outputs = [0, 1, 2].map((output) => outputOf(run, 'emailCapture', output).length);
		expect(outputs).toEqual([0, 0, 1]);
	});

	it('read the form of version 2 as the canvas saves it, without what has its default', async () => {
		const row = {
			name: 'Knock Knock',
			conditions: { row: [{ value: 'ALERT' }, { field: 'senderDomain', value: 'zion' }] },
			fields: {
				row: [
					{ name: 'spoon', label: 'Spoon' },
					{ name: 'subject', field: 'subject', label: 'alert -' },
				],
			},
			options: { texts: { value: [{ name: 'title', value: '{subject}: {spoon}' }] } },
		};
		const node = toNode('emailCapture', { rules: { row: [row] } }, { typeVersion: 2 });
		const workflow = { nodes: [node], connections: {} };
		const run = await toEngine().run(workflow, 'emailCapture', [MAIL]);
		expect(outputOf(run, 'emailCapture')[0]?.json['payload']).toEqual({
			spoon: 'false',
			subject: 'Wake up Neo',
			title: 'Wake up Neo: false',
		});
	});

	it('begin with a rule for every message in both versions', async () => {
		for (const typeVersion of [1, 2]) {
			const workflow = { nodes: [toNode('emailCapture', {}, { typeVersion })], connections: {} };
			const run = await toEngine().run(workflow, 'emailCapture', [MAIL]);
			expect(outputOf(run, 'emailCapture')[0]?.json['payload']).toEqual({
				from: 'trinity@zion.com',
				subject: 'alert - Wake up Neo',
			});
		}
	});
});
