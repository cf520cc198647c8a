import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { INode } from 'n8n-workflow';

import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import type { ClientProof } from '../../nodes/core/account/account';
import { SILENT_LOG } from '../support/silent-log';
import { toIngestError } from '../../nodes/mail/faults/errors';
import { toNodeError } from '../../nodes/shell/to-node-error';
import { disguise, leaksOf } from '../support/disguises';
import { startHttpsWebhook } from '../support/servers/https-webhook';
import type { HttpsWebhook } from '../support/servers/https-webhook';
import { createTestCa } from '../support/servers/tls';
import type { TestCa } from '../support/servers/tls';
import { executeNode } from '../support/n8n/strict-context';

const USER = 'trinity@matrix.test';
const PASSWORD = 'v~ry+s3cret/va lue:%&=ü"<$>';
const WAYS = Object.entries(disguise(PASSWORD, USER));
const NODE: INode = {
	id: '1',
	name: 'Node',
	type: 'imapIngest',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Everything that n8n could show or store of an error. */
const everythingOf = (error: unknown): string => {
	const shown = toNodeError(NODE, error);
	return [inspect(error, { depth: 8 }), inspect(shown, { depth: 8 }), JSON.stringify(shown)].join();
};
const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
	try {
		return await promise;
	} catch (error) {
		return error;
	}
};

describe.each(WAYS)('a secret that comes back %s', (_way, disguised) => {
	it.each(['password', 'accessToken'] as const)('from a mail server (%s)', (proof) => {
		const context = { host: 'mail.example.com', port: 993, username: 'neo', proof };
		for (const more of [{ authenticationFailed: true }, { responseStatus: 'NO' }, {}]) {
			const failure = Object.assign(new Error(`Command failed: ${disguised}`), {
				...more,
				responseText: `You sent ${disguised}`,
				response: `BAD ${disguised}`,
				reason: disguised,
			});
			const error = toIngestError(failure, { ...context, secrets: [PASSWORD] });
			expect(leaksOf(everythingOf(error), disguised)).toEqual([]);
		}
	});

	it.each<[string, ClientProof, 'entra' | 'endpoint']>([
		['in the body', { kind: 'secret', secret: PASSWORD, sendIn: 'body' }, 'endpoint'],
		['in a header', { kind: 'secret', secret: PASSWORD, sendIn: 'basicHeader' }, 'endpoint'],
		['of Entra', { kind: 'secret', secret: PASSWORD, sendIn: 'body' }, 'entra'],
	])('from a token endpoint (%s)', async (_where, proof, kind) => {
		const issuer =
			kind === 'entra'
				? { kind, authority: 'https://login.microsoftonline.com/zion.example.com' }
				: { kind, tokenUrl: 'https://login.example.com/token' };
		const login = {
			kind: 'clientCredentials' as const,
			credentials: { issuer, clientId: 'client', scope: 'https://x.example.com/.default', proof },
		};
		for (const [status, body] of [
			[400, { error: 'invalid_request', error_description: `You sent ${disguised}` }],
			[400, { error: disguised, error_description: 'no', correlation_id: disguised }],
			[503, { error: disguised }],
			[200, { access_token: disguised, token_type: disguised }],
		] as const) {
			const { signIn } = createSignIn(
				{ host: 'mail.example.com', port: 993, username: 'neo', login },
				{
					now: Date.now,
					log: SILENT_LOG,
					registry: new TokenRegistry(),
					http: {
						send: () => Promise.resolve({ status, headers: {}, body: JSON.stringify(body) }),
					},
				},
			);
			// What an endpoint calls a token may be anything.
			const error = await rejection(signIn());
			if (error instanceof Error) expect(leaksOf(everythingOf(error), disguised)).toEqual([]);
		}
	});
});

describe('a secret that comes back from a webhook', () => {
	let tls: TestCa;
	let webhook: HttpsWebhook;
	beforeAll(async () => {
		tls = await createTestCa();
		webhook = await startHttpsWebhook(tls);
		return () => webhook.close();
	});

	it.each([200, 400, 500])('with the status %i is not shown', async (status) => {
		const items = WAYS.map(([, disguised]) => ({ payload: { said: disguised } }));
		webhook.answerWith(
			...WAYS.map(([, disguised]) => ({ status, body: `{"you": "sent"} ${disguised}` })),
		);
		const [output = []] = await executeNode(new AlertMagic(), {
			items,
			continueOnFail: true,
			credentials: {
				alertMagicApi: { url: webhook.url, username: USER, password: PASSWORD },
			},
			parameters: { options: { caCertificate: tls.ca, attempts: 1 }, payload: { a: 'b' } },
		});
		expect(output).toHaveLength(WAYS.length);
		for (const [index, { json }] of output.entries()) {
			const { response, error } = json;
			const shown = JSON.stringify([response, error]);
			expect(shown).toContain('***');
			expect(leaksOf(shown, WAYS[index]?.[1] ?? '')).toEqual([]);
		}
	});

	it('nor is the key in its address', async () => {
		const key = ['k3y', 'of', 'the', 'kingdom'].join('-');
		const url = webhook.url.replace('/api/notify', `/hooks/${key}?code=${PASSWORD.slice(0, 8)}`);
		webhook.answerWith({ status: 404, body: `Cannot POST /hooks/${key}?code=v~ry+s3c: ${key}` });
		const [output = []] = await executeNode(new AlertMagic(), {
			items: [{}],
			continueOnFail: true,
			credentials: { alertMagicApi: { url, username: '', password: '' } },
			parameters: { options: { caCertificate: tls.ca, attempts: 1 }, payload: { a: 'b' } },
		});
		expect(JSON.stringify(output)).not.toMatch(/k3y|s3c|kingdom/u);
	});
});
