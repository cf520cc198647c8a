import { setTimeout as delay } from 'node:timers/promises';
import { IngestError } from '../core/errors';
import type { RetryPolicy } from '../core/delivery/retry';
import { planRetry, toReplyError, type WebhookReply } from '../core/webhook/outcome';
import type { Webhook } from '../core/webhook/webhook';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../net/https';
import type { Peer } from '../net/network-error';

export interface DeliverySettings extends Pick<
	HttpClientOptions,
	'timeoutMs' | 'caCertificate' | 'egress'
> {
	readonly retry: RetryPolicy;
	/** Ends the delivery when the execution is cancelled. */
	readonly signal?: AbortSignal | undefined;
}

/** What chance, time and waiting are to a delivery; tests bring their own. */
export interface DeliveryClock {
	readonly now: () => number;
	readonly random: () => number;
	readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface Delivered {
	readonly reply: WebhookReply;
	readonly attempts: number;
}

const REAL_CLOCK: DeliveryClock = {
	now: Date.now,
	random: Math.random,
	wait: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

/**
 * Posts a body until it arrives or planRetry gives up.
 *
 * @throws IngestError of the last attempt
 */
export async function deliver(
	webhook: Webhook,
	body: string,
	settings: DeliverySettings,
	clock: DeliveryClock = REAL_CLOCK,
): Promise<Delivered> {
	const client = createHttpClient({
		...settings,
		peer: toPeer(webhook),
		maxBytes: MAX_REPLY_BYTES,
	});
	for (let attempt = 1; ; attempt += 1) {
		const outcome = await attemptOnce(client, webhook, body, settings.signal, clock);
		if (!(outcome instanceof IngestError)) return { reply: outcome, attempts: attempt };
		settings.signal?.throwIfAborted();
		const next = planRetry(outcome, attempt, settings.retry, clock.random());
		if (next === 'giveUp') throw withAttempts(outcome, attempt);
		await clock.wait(next.retryInMs, settings.signal);
	}
}

/** The answer is only for people to read; more of it is not loaded. */
const MAX_REPLY_BYTES = 16 * 1024;

/** Who is asked, where its address is set, and what helps when its certificate is of an own authority. */
export function toPeer({ addressField }: Webhook): Peer {
	return {
		name: 'the webhook',
		address: addressField,
		trust: 'paste its certificate into the option CA Certificate of the AlertMagic node',
	};
}

async function attemptOnce(
	client: HttpClient,
	webhook: Webhook,
	body: string,
	signal: AbortSignal | undefined,
	clock: DeliveryClock,
): Promise<WebhookReply | IngestError> {
	try {
		const reply = await post(client, webhook, body, signal);
		return toReplyError(webhook, reply, clock.now()) ?? reply;
	} catch (error) {
		if (error instanceof IngestError) return error;
		throw error;
	}
}

async function post(
	client: HttpClient,
	{ url, authorization }: Webhook,
	body: string,
	signal: AbortSignal | undefined,
): Promise<WebhookReply> {
	const {
		status,
		headers,
		body: said,
		truncated = false,
	} = await client.send({
		method: 'POST',
		url: url.href,
		headers: {
			'content-type': 'application/json; charset=utf-8',
			accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
			...(authorization !== undefined && { authorization }),
		},
		body,
		signal,
	});
	const { 'retry-after': retryAfter, location } = headers;
	return { status, retryAfter, location, body: said, truncated };
}

function withAttempts(error: IngestError, attempts: number): IngestError {
	return attempts === 1
		? error
		: error.inWords(`${error.message} Tried ${String(attempts)} times.`);
}
