import { IngestError, type IngestErrorCode } from '../errors';
import { parseRetryAfter } from '../pause';
import { nextDelay, type RetryPolicy } from '../delivery/retry';
import type { Webhook } from './webhook';

export interface WebhookReply {
	readonly status: number;
	/** The Retry-After header as it stands. */
	readonly retryAfter: string | undefined;
	/** The Location header as it stands. */
	readonly location: string | undefined;
	/** The beginning of the body. */
	readonly body: string;
	/** True when the body was longer. */
	readonly truncated: boolean;
}

/** What to do after a failed attempt. */
export type NextStep = { readonly retryInMs: number } | 'giveUp';

/** Only what is transient: a certificate stays untrusted and a refusal stays a refusal. */
const RETRIED_CODES: ReadonlySet<IngestErrorCode> = new Set<IngestErrorCode>([
	'connection-lost',
	'connection-refused',
	'delivery-failed',
	'host-not-found',
	'throttled',
	'time-out',
]);

/** The longest time in milliseconds that a server may keep an execution waiting with Retry-After. */
const MAX_RETRY_AFTER_MS = 120_000;

/**
 * Decides whether a failed attempt is repeated: on 429, 5xx and network failures only, after what Retry-After asks
 * for or after a growing pause. Gives up at once when the server asks for more than two minutes.
 *
 * @param attempt the attempt that has just failed, counted from 1
 * @param random a number in [0, 1)
 */
export function planRetry(
	error: IngestError,
	attempt: number,
	policy: RetryPolicy,
	random: number,
): NextStep {
	if (!RETRIED_CODES.has(error.code)) return 'giveUp';
	const delay = nextDelay(policy, attempt, random);
	if (delay === undefined) return 'giveUp';
	const asked = error.retryAfterMs ?? 0;
	return asked > MAX_RETRY_AFTER_MS ? 'giveUp' : { retryInMs: Math.max(asked, delay) };
}

/** The error of a reply that is not a delivery, or undefined for 2xx. Redirects count as refusals: none is followed. */
export function toReplyError(
	webhook: Webhook,
	reply: WebhookReply,
	now: number,
): IngestError | undefined {
	if (reply.status >= 200 && reply.status < 300) return undefined;
	const { code, remedy } = judge(reply.status, reply.location, webhook);
	const said = webhook.redact(reply.body).replace(/\s+/gu, ' ').trim().slice(0, 200);
	return new IngestError(
		code,
		`${webhook.host} answered ${String(reply.status)}${said === '' ? '' : `: ${said}`}.`,
		{ remedy, retryAfterMs: parseRetryAfter(reply.retryAfter, now) },
	);
}

interface Verdict {
	readonly code: IngestErrorCode;
	readonly remedy: string;
}

const REFUSALS: Readonly<Record<number, string>> = {
	400: 'The receiver did not accept this payload. Compare it with what the integration expects.',
	401: 'Check user name and password of the destination; AlertMagic shows them in the deployment.',
	403: 'Check user name and password of the destination; AlertMagic shows them in the deployment.',
	404: 'Check the path of the address.',
	405: 'Check the path of the address; it does not take POST.',
	413: 'The payload is too large for the receiver. Capture less.',
	415: 'The address takes no JSON. Check its path.',
	422: 'The receiver did not accept this payload. Compare it with what the integration expects.',
};

function judge(status: number, location: string | undefined, webhook: Webhook): Verdict {
	if (status === 429) {
		return {
			code: 'throttled',
			remedy: 'The receiver is asking for fewer alerts. Try again later.',
		};
	}
	if (status >= 500) {
		return { code: 'delivery-failed', remedy: 'The receiver has a problem. Try again later.' };
	}
	if (status >= 300 && status < 400) {
		return { code: 'delivery-refused', remedy: redirectRemedy(location, webhook) };
	}
	return {
		code: 'delivery-refused',
		remedy: REFUSALS[status] ?? 'Check address, user name and password of the destination.',
	};
}

/** Of a name in DNS (RFC 1035, 2.3.4). */
const MAX_HOST_LENGTH = 255;

function redirectRemedy(location: string | undefined, webhook: Webhook): string {
	const base = webhook.url.href;
	const isKnown = location !== undefined && URL.canParse(location, base);
	const where = isKnown
		? `an address at ${webhook.redact(new URL(location, base).host.slice(0, MAX_HOST_LENGTH))}`
		: 'elsewhere';
	return `It redirects to ${where}. Redirects are not followed, so that alert and password go nowhere else; enter the final address.`;
}
