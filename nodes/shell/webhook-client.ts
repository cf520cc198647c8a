import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Peer, toNetworkError } from '../auth/network-error';
import { trustedAuthorities } from '../core/trusted-authorities';
import type { WebhookReply } from '../core/webhook/outcome';
import type { Webhook } from '../core/webhook/webhook';

/** How requests are made; the same for all items of an execution. */
export interface WebhookClientOptions {
	/** Milliseconds for one request, from the look-up of the name to the end of the answer. */
	readonly timeoutMs: number;
	/** PEM of certificate authorities trusted besides the public ones. */
	readonly caCertificate?: string;
	/** Address look-up that keeps to the egress rules of the n8n instance. */
	readonly lookup?: LookupFunction;
	/** Ends the request when the execution is cancelled. */
	readonly signal?: AbortSignal;
}

const WEBHOOK: Peer = {
	name: 'The webhook',
	setting: 'the URL of the destination',
	trust: 'paste its certificate into the option CA Certificate',
};

/** The answer is only for people to read; more of it is not loaded. */
const MAX_REPLY_BYTES = 16 * 1024;

/**
 * Posts one JSON text over TLS.
 *
 * Made with node:https because n8n's httpRequest helper can neither trust one more authority nor end a request at a
 * fixed time, and its errors carry the request with its password. n8n puts its proxy agent into https.globalAgent,
 * which is used here, so proxies work as for every other node; verification is on whatever the environment says.
 *
 * @throws IngestError by kind of failure; a reply of any status is no failure
 */
export function postJson(
	webhook: Webhook,
	body: string,
	options: WebhookClientOptions,
): Promise<WebhookReply> {
	return new Promise((resolve, reject) => {
		const deadline = AbortSignal.timeout(options.timeoutMs);
		const fail = (error: unknown) => {
			const context = { peer: WEBHOOK, host: webhook.host, timedOut: deadline.aborted };
			reject(toNetworkError(error, context));
		};
		const signal =
			options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
		const outgoing = request(webhook.url, toRequestOptions(webhook, body, options, signal));
		outgoing.on('error', fail);
		outgoing.on('response', (incoming) => {
			readReply(incoming).then(resolve, fail);
		});
		outgoing.end(body);
	});
}

function toRequestOptions(
	webhook: Webhook,
	body: string,
	{ caCertificate, lookup }: WebhookClientOptions,
	signal: AbortSignal,
): RequestOptions {
	return {
		method: 'POST',
		headers: {
			'content-type': 'application/json; charset=utf-8',
			'content-length': Buffer.byteLength(body),
			accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
			'user-agent': 'n8n-nodes-imap-ingest',
			...(webhook.authorization !== undefined && { authorization: webhook.authorization }),
		},
		signal,
		minVersion: 'TLSv1.2',
		rejectUnauthorized: true,
		...(caCertificate !== undefined && { ca: trustedAuthorities(caCertificate) }),
		...(lookup !== undefined && { lookup }),
	};
}

function readReply(incoming: IncomingMessage): Promise<WebhookReply> {
	const { statusCode = 0, headers } = incoming;
	const chunks: Buffer[] = [];
	let size = 0;
	return new Promise((resolve, reject) => {
		const finish = (truncated: boolean) => {
			resolve({
				status: statusCode,
				retryAfter: headers['retry-after'],
				location: headers.location,
				body: Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES).toString('utf8'),
				truncated,
			});
		};
		incoming.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
			size += chunk.length;
			if (size <= MAX_REPLY_BYTES) return;
			finish(true);
			incoming.destroy();
		});
		incoming.on('error', reject);
		incoming.on('end', () => {
			finish(false);
		});
	});
}
