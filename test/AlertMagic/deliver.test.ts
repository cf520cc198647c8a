import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseWebhook } from '../../nodes/core/webhook/webhook';
import { deliver } from '../../nodes/AlertMagic/webhook-delivery';
import { type HttpsWebhook, startHttpsWebhook } from '../support/servers/https-webhook';
import { createTestCa, type TestCa } from '../support/servers/tls';

let tls: TestCa;
let server: HttpsWebhook;

beforeAll(async () => {
	tls = await createTestCa();
});

beforeEach(async () => {
	server = await startHttpsWebhook(tls);
	return () => server.close();
});

/** Delivers on a clock whose waits are over at once; gives what was waited for beside the outcome. */
const deliverAtOnce = async (maxAttempts: number) => {
	const waits: number[] = [];
	const webhook = parseWebhook(
		{ uri: server.url, username: 'user', password: 'word' },
		{ uri: 'URL', username: 'User Name' },
	);
	const outcome = await deliver(
		webhook,
		'{}',
		{
			timeoutMs: 10_000,
			caCertificate: tls.ca,
			retry: { maxAttempts, firstDelayMs: 1000, maxDelayMs: 30_000 },
		},
		{
			now: () => 0,
			random: () => 0,
			wait: (milliseconds) => {
				waits.push(milliseconds);
				return Promise.resolve();
			},
		},
	).catch((error: unknown) => error);
	return { waits, outcome };
};

describe('deliver', () => {
	it('waits longer from attempt to attempt', async () => {
		server.answerWith({ status: 500 }, 'reset', { status: 502 });
		expect(await deliverAtOnce(4)).toMatchObject({
			waits: [500, 1000, 2000],
			outcome: { attempts: 4, reply: { status: 200 } },
		});
	});

	it('waits as long as the receiver asks', async () => {
		server.answerWith({ status: 429, headers: { 'retry-after': '90' } });
		expect((await deliverAtOnce(2)).waits).toEqual([90_000]);
	});

	it('hands on a longer wait instead of keeping the execution', async () => {
		server.answerWith({ status: 429, headers: { 'retry-after': '3600' } });
		expect(await deliverAtOnce(2)).toMatchObject({
			waits: [],
			outcome: { code: 'throttled', retryAfterMs: 3_600_000 },
		});
	});

	it('keeps the kind of the last failure', async () => {
		server.answerWith({ status: 500 }, 'reset');
		expect((await deliverAtOnce(2)).outcome).toMatchObject({ code: 'connection-lost' });
	});

	it('does not try again on an unreachable port more often than told', async () => {
		await server.close();
		const { waits, outcome } = await deliverAtOnce(2);
		expect(waits).toHaveLength(1);
		expect(outcome).toMatchObject({ code: 'connection-refused' });
		server = await startHttpsWebhook(tls);
	});
});

describe('deliver in an execution that is cancelled', () => {
	it('ends at once and posts no more', async () => {
		server.answerWith({ status: 500 });
		const controller = new AbortController();
		const webhook = parseWebhook(
			{ uri: server.url, username: 'user', password: 'word' },
			{ uri: 'URL', username: 'User Name' },
		);
		const delivery = deliver(
			webhook,
			'{}',
			{
				timeoutMs: 10_000,
				caCertificate: tls.ca,
				retry: { maxAttempts: 2, firstDelayMs: 600_000, maxDelayMs: 600_000 },
				signal: controller.signal,
			},
			{
				now: () => 0,
				random: () => 0,
				wait: (_milliseconds, signal) => {
					controller.abort();
					signal?.throwIfAborted();
					return Promise.resolve();
				},
			},
		);
		await expect(delivery).rejects.toHaveProperty('name', 'AbortError');
		expect(server.requests).toHaveLength(1);
	});
});
