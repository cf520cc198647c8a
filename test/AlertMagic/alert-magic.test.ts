import type { IDataObject } from 'n8n-workflow';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { ALERT_MAGIC_OPTIONS } from '../../nodes/AlertMagic/properties';
import { type HttpsWebhook, startHttpsWebhook } from '../support/servers/https-webhook';
import { executeNode, type ExecuteSetting } from '../support/n8n/strict-context';
import { createTestCa, type TestCa } from '../support/servers/tls';

const PAYLOAD = { from: 'trinity@zion.com', skills: '"Kung Fu", "Helicopter Pilot"', näme: 'Néo' };
const ITEM = { id: 'delivery-1', rule: 'Knock Knock', payload: PAYLOAD };
const USERNAME = 'webhook-user';
const PASSWORD = 'webhook-pässword';

let tls: TestCa;
let webhook: HttpsWebhook;

beforeAll(async () => {
	tls = await createTestCa();
});

beforeEach(async () => {
	webhook = await startHttpsWebhook(tls);
	return () => webhook.close();
});

const credential = (more: Partial<Record<string, string>> = {}) => ({
	alertMagicApi: { url: webhook.url, username: USERNAME, password: PASSWORD, ...more },
});

const send = (
	setting: Partial<Omit<ExecuteSetting, 'parameters'>> & { readonly options?: IDataObject } = {},
) => {
	const { options, ...rest } = setting;
	return executeNode(new AlertMagic(), {
		items: [ITEM],
		credentials: credential(),
		parameters: { options: { caCertificate: tls.ca, attempts: 1, ...options } },
		...rest,
	});
};

/** The error that sending ends with. */
const failure = async (setting: Parameters<typeof send>[0]): Promise<Error> => {
	try {
		await send(setting);
	} catch (error) {
		if (error instanceof Error) return error;
	}
	throw new Error('It did not fail');
};

const expectNoSecret = (value: unknown) => {
	const shown = JSON.stringify(value);
	const basic = Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64');
	for (const secret of [USERNAME, PASSWORD, '/api/notify', basic]) {
		expect(shown).not.toContain(secret);
	}
};

describe('AlertMagic', () => {
	it('posts the payload as one JSON object with Basic authentication', async () => {
		await send();
		expect(webhook.requests).toMatchObject([
			{
				method: 'POST',
				path: '/api/notify',
				basicAuth: { username: USERNAME, password: PASSWORD },
				headers: { 'content-type': 'application/json; charset=utf-8' },
			},
		]);
		expect(JSON.parse(webhook.requests[0]?.body ?? '')).toEqual(PAYLOAD);
	});

	it('puts out the item with the response added', async () => {
		expect(await send()).toEqual([
			[
				{
					json: {
						delivered: true,
						status: 200,
						...ITEM,
						response: { status: 200, body: { ok: true }, attempts: 1 },
					},
					pairedItem: { item: 0 },
				},
			],
		]);
	});

	it('begins the item with what came of it, and keeps what the item brought along', async () => {
		const [[item] = []] = await send({ items: [{ ...ITEM, status: 'firing' }] });
		expect(Object.keys(item?.json ?? {}).slice(0, 2)).toEqual(['delivered', 'status']);
		expect(item?.json).toMatchObject({ delivered: true, status: 'firing' });
	});

	it('makes one request for each item', async () => {
		const items = [ITEM, { ...ITEM, payload: { spoon: 'false' } }];
		const [output] = await send({ items });
		expect(webhook.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
			PAYLOAD,
			{ spoon: 'false' },
		]);
		expect(output?.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('adds the delivery id to the body when asked to', async () => {
		await send({ options: { deliveryIdKey: 'alertId' } });
		expect(JSON.parse(webhook.requests[0]?.body ?? '')).toEqual({
			...PAYLOAD,
			alertId: 'delivery-1',
		});
	});

	it('shows the beginning of a long answer only', async () => {
		webhook.answerWith({ status: 200, body: 'x'.repeat(100_000) });
		const [output] = await send();
		const { response } = output?.[0]?.json ?? {};
		expect(response).toEqual({
			status: 200,
			body: 'x'.repeat(16 * 1024),
			truncated: true,
			attempts: 1,
		});
	});

	it.each([
		['503', { status: 503 }],
		['429', { status: 429, headers: { 'retry-after': '0' } }],
		['a reset', 'reset'],
		['half an answer', 'half'],
	] as const)('tries again after %s', async (_what, answer) => {
		webhook.answerWith(answer);
		const [output] = await send({ options: { attempts: 2 } });
		expect(output?.[0]?.json['response']).toMatchObject({ status: 200, attempts: 2 });
	});

	it('does not try again when it was refused', async () => {
		webhook.answerWith({ status: 401, body: 'who are you?' });
		const error = await failure({ options: { attempts: 3 } });
		expect(webhook.requests).toHaveLength(1);
		expect(error).toMatchObject({
			message: `localhost:${String(webhook.port)} answered 401: who are you?.`,
			description: expect.stringContaining('user name and password') as string,
		});
	});

	it('says how often it tried', async () => {
		webhook.answerWith({ status: 500 }, { status: 500 });
		expect((await failure({ options: { attempts: 2 } })).message).toContain('Tried 2 times.');
	});

	it('ends an attempt without an answer after the time-out', async () => {
		webhook.answerWith('silence');
		expect((await failure({ options: { timeout: 1 } })).message).toContain('in time');
	});

	it('follows no redirect', async () => {
		const other = await startHttpsWebhook(tls);
		webhook.answerWith({ status: 307, headers: { location: other.url } });
		const error = await failure({});
		expect(error).toHaveProperty(
			'description',
			expect.stringContaining('Redirects are not followed'),
		);
		expect(other.requests).toHaveLength(0);
		await other.close();
	});

	it('refuses a certificate of an authority that it was not told of', async () => {
		const { ca } = await createTestCa();
		const error = await failure({ options: { caCertificate: ca } });
		expect(error).toHaveProperty('description', expect.stringContaining('CA Certificate'));
		expect(webhook.requests).toHaveLength(0);
	});

	it('verifies certificates even where the environment switches that off', async () => {
		vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
		onTestFinished(() => {
			vi.unstubAllEnvs();
		});
		const error = await failure({ options: { caCertificate: '' } });
		expect(error).toHaveProperty('description', expect.stringContaining('CA Certificate'));
		expect(webhook.requests).toHaveLength(0);
	});

	it.each([
		['attempts', 11, 'Attempts is 11.', 'from 1 to 10'],
		['attempts', 0, 'Attempts is 0.', 'from 1 to 10'],
		['timeout', 301, 'Time-Out (Seconds) is 301.', 'from 1 to 300'],
		['caCertificate', 'none', 'CA Certificate holds no PEM certificate.', 'BEGIN CERTIFICATE'],
	])('refuses the option %s = %s before anything is sent', async (name, value, message, remedy) => {
		const error = await failure({ options: { [name]: value } });
		expect(error).toMatchObject({
			message,
			description: expect.stringContaining(remedy) as string,
		});
		expect(webhook.requests).toHaveLength(0);
	});

	it.each(['attempts', 'timeout'] as const)(
		'shows as the default of %s what an absent option counts as',
		(name) => {
			const { property, read } = ALERT_MAGIC_OPTIONS[name];
			expect(read(property.default)).toBe(read(undefined));
		},
	);

	it('keeps to the egress rules of the instance', async () => {
		const error = await failure({ forbiddenHosts: ['localhost'] });
		expect(error.message).toContain('egress rules');
		expect(webhook.requests).toHaveLength(0);
	});

	it.each<[string, IDataObject, Partial<Record<string, string>>, string]>([
		['a payload that is a list', { payload: [1] }, {}, 'Payload is a list'],
		['a missing payload', { payload: null }, {}, 'Payload is empty'],
		['an http address', {}, { url: 'http://localhost/api' }, 'payloads are sent over https only'],
	])('refuses %s before anything is sent', async (_what, change, fields, message) => {
		const error = await failure({
			items: [{ ...ITEM, ...change }],
			credentials: credential(fields),
		});
		expect(error.message).toContain(message);
		expect(webhook.requests).toHaveLength(0);
	});

	it.each<[string, IDataObject]>([
		['Attempts', { attempts: 0 }],
		['Attempts', { attempts: 1.5 }],
		['Time-Out (Seconds)', { timeout: -1 }],
	])('refuses %s out of range', async (label, options) => {
		expect((await failure({ options })).message).toContain(`${label} is`);
	});

	it('goes on with the other items when asked to', async () => {
		webhook.answerWith({ status: 400, body: 'no' });
		const [output] = await send({ items: [ITEM, ITEM], continueOnFail: true });
		expect(output).toMatchObject([
			{
				json: {
					error: expect.stringContaining('400') as string,
					details: expect.stringContaining('payload') as string,
				},
				pairedItem: { item: 0 },
			},
			{ json: { response: { status: 200 } }, pairedItem: { item: 1 } },
		]);
	});

	it.each([
		['refused', { status: 401, body: `no: ${USERNAME} ${PASSWORD}` }],
		['lost', 'reset'],
	] as const)('keeps them out of the error when %s', async (_what, answer) => {
		webhook.answerWith(answer);
		const error = await failure({});
		const { cause, stack } = error;
		expectNoSecret([{ ...error }, error.message, stack, cause, { ...(cause as object) }]);
	});

	it.each([
		['refused', { status: 401, body: `no: ${USERNAME} ${PASSWORD}` }],
		['lost', 'reset'],
		['accepted', { status: 200, body: `hello ${USERNAME}, ${PASSWORD}` }],
	] as const)('shows no address, user name or password when %s', async (_what, answer) => {
		webhook.answerWith(answer);
		const [output] = await send({ continueOnFail: true });
		const [item] = output ?? [];
		expectNoSecret(item);
	});
});

describe('AlertMagic with the destination of a rule', () => {
	const configuration = () =>
		JSON.stringify({
			AlertMagic: {
				Ingests: [
					{ Name: 'Knock Knock', Uri: webhook.url, Username: USERNAME, Password: PASSWORD },
					{ Name: 'No Way Out' },
				],
			},
		});

	const sendByRule = (item: IDataObject, text = configuration()) =>
		executeNode(new AlertMagic(), {
			items: [item],
			credentials: { imapIngestApi: { configuration: text } },
			parameters: { destination: 'rule', options: { caCertificate: tls.ca, attempts: 1 } },
		});

	it('takes address, user name and password from the rule that the item names', async () => {
		await sendByRule(ITEM);
		expect(webhook.requests).toMatchObject([
			{ path: '/api/notify', basicAuth: { username: USERNAME, password: PASSWORD } },
		]);
	});

	it.each<[string, IDataObject, string, string]>([
		['an unknown rule', { rule: 'Nobody' }, 'Rule Name is "Nobody"', '"Knock Knock", "No Way Out"'],
		['no rule', { rule: null }, 'Rule Name is not a text', 'Use the name of one of its rules'],
		['a rule without Uri', { rule: 'No Way Out' }, 'has no Uri', 'Add Uri'],
	])('refuses %s', async (_what, change, message, remedy) => {
		await expect(sendByRule({ ...ITEM, ...change })).rejects.toMatchObject({
			message: expect.stringContaining(message) as string,
			description: expect.stringContaining(remedy) as string,
		});
	});

	it('refuses an account without rules', async () => {
		await expect(sendByRule(ITEM, '')).rejects.toHaveProperty(
			'description',
			'Write AlertMagic.Ingests in the Configuration of the account.',
		);
	});
});
