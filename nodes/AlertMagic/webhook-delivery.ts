import { setTimeout as delay } from 'node:timers/promises';
import { IngestError } from '../core/errors';
import type { RetryPolicy } from '../core/delivery/retry';
import { planRetry, toReplyError, type WebhookReply } from '../core/webhook/outcome';
import type { Webhook } from '../core/webhook/webhook';
import { postJson, type WebhookClientOptions } from '../net/https';

/** How a payload is delivered. */
export interface DeliverySettings extends WebhookClientOptions {
	readonly retry: RetryPolicy;
}

/** What chance, time and waiting are to a delivery; tests bring their own. */
export interface DeliveryClock {
	readonly now: () => number;
	readonly random: () => number;
	readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** A payload that arrived. */
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
	for (let attempt = 1; ; attempt += 1) {
		const outcome = await attemptOnce(webhook, body, settings, clock);
		if (!(outcome instanceof IngestError)) return { reply: outcome, attempts: attempt };
		settings.signal?.throwIfAborted();
		const next = planRetry(outcome, attempt, settings.retry, clock.random());
		if (next === 'giveUp') throw withAttempts(outcome, attempt);
		await clock.wait(next.retryInMs, settings.signal);
	}
}

async function attemptOnce(
	webhook: Webhook,
	body: string,
	settings: DeliverySettings,
	clock: DeliveryClock,
): Promise<WebhookReply | IngestError> {
	try {
		const reply = await postJson(webhook, body, settings);
		return toReplyError(webhook, reply, clock.now()) ?? reply;
	} catch (error) {
		if (error instanceof IngestError) return error;
		throw error;
	}
}

function withAttempts(error: IngestError, attempts: number): IngestError {
	if (attempts === 1) return error;
	const { remedy, retryAfterMs } = error;
	return new IngestError(error.code, `${error.message} Tried ${String(attempts)} times.`, {
		...(remedy !== undefined && { remedy }),
		...(retryAfterMs !== undefined && { retryAfterMs }),
		cause: error,
	});
}
