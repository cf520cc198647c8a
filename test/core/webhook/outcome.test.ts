import { describe, expect, it } from 'vitest';
import { IngestError, type IngestErrorCode } from '../../../nodes/core/errors';
import { planRetry, toReplyError, type WebhookReply } from '../../../nodes/core/webhook/outcome';
import { parseWebhook } from '../../../nodes/core/webhook/webhook';

const webhook = parseWebhook(
	{ uri: 'https://a.example/notify', username: 'webhook-user', password: 'pass-word' },
	{ uri: 'URL', username: 'User Name' },
);
const NOW = Date.parse('2026-03-01T12:00:00Z');

const toError = (reply: Partial<WebhookReply>) =>
	toReplyError(
		webhook,
		{
			status: 200,
			retryAfter: undefined,
			location: undefined,
			body: '',
			truncated: false,
			...reply,
		},
		NOW,
	);

describe('toReplyError', () => {
	it.each([200, 201, 202, 204])('takes %i as delivered', (status) => {
		expect(toError({ status })).toBeUndefined();
	});

	it.each<[number, IngestErrorCode]>([
		[301, 'delivery-refused'],
		[400, 'delivery-refused'],
		[401, 'delivery-refused'],
		[404, 'delivery-refused'],
		[429, 'throttled'],
		[500, 'delivery-failed'],
		[503, 'delivery-failed'],
	])('takes %i as %s', (status, code) => {
		expect(toError({ status })).toMatchObject({
			code,
			message: `a.example answered ${String(status)}.`,
		});
	});

	it('says what the receiver said, on one line and without secrets', () => {
		const error = toError({ status: 401, body: 'user webhook-user\n with pass-word refused' });
		expect(error?.message).toBe('a.example answered 401: user *** with *** refused.');
	});

	it('names the host of a redirect and nothing more of it', () => {
		const error = toError({ status: 302, location: 'https://evil.example/take?all=1' });
		expect(error?.remedy).toContain('an address at evil.example.');
		expect(error?.remedy).not.toContain('take');
	});

	it('keeps what Retry-After asks for', () => {
		expect(toError({ status: 429, retryAfter: '7' })?.retryAfterMs).toBe(7000);
	});
});

describe('planRetry', () => {
	const policy = { maxAttempts: 4, firstDelayMs: 1000, maxDelayMs: 30_000 };
	const plan = (code: IngestErrorCode, attempt: number, retryAfterMs?: number) =>
		planRetry(
			new IngestError(code, 'x', retryAfterMs === undefined ? {} : { retryAfterMs }),
			attempt,
			policy,
			0,
		);

	it.each<IngestErrorCode>([
		'throttled',
		'delivery-failed',
		'time-out',
		'connection-lost',
		'connection-refused',
		'host-not-found',
	])('repeats after %s', (code) => {
		expect(plan(code, 1)).toEqual({ retryInMs: 500 });
	});

	it.each<IngestErrorCode>(['delivery-refused', 'certificate-not-trusted', 'configuration'])(
		'does not repeat after %s',
		(code) => {
			expect(plan(code, 1)).toBe('giveUp');
		},
	);

	it('waits longer from attempt to attempt and ends after the last', () => {
		expect([1, 2, 3, 4].map((attempt) => plan('delivery-failed', attempt))).toEqual([
			{ retryInMs: 500 },
			{ retryInMs: 1000 },
			{ retryInMs: 2000 },
			'giveUp',
		]);
	});

	it('waits as long as Retry-After asks', () => {
		expect(plan('throttled', 1, 45_000)).toEqual({ retryInMs: 45_000 });
	});

	it('gives up when Retry-After asks for more than an execution should wait', () => {
		expect(plan('throttled', 1, 3_600_000)).toBe('giveUp');
	});
});
