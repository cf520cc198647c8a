import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { trustedAuthorities } from './trusted-authorities';
import { TOKEN_ENDPOINT, toNetworkError } from './network-error';
import type { Peer } from './network-error';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { WebhookReply } from '../core/webhook/outcome';
import type { Webhook } from '../core/webhook/webhook';

export interface HttpRequest {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

export interface HttpResponse {
	readonly status: number;
	/** Names in lower case; repeated headers joined by a comma. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Sends one request; rejects with an IngestError when no complete response came. */
export interface HttpClient {
	send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpClientOptions {
	/** PEM of authorities trusted besides the public ones. */
	readonly caCertificate?: string;
	/** For the whole exchange, from name resolution to the last byte. */
	readonly timeoutMs?: number;
	/** Who is asked, for errors; a token endpoint unless told otherwise. */
	readonly peer?: Peer;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Token and discovery documents have a few KiB; more is no answer of a token endpoint. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Creates a client for token endpoints: https only, TLS 1.2 or newer, certificates always verified, redirects not followed
 * (a secret must not travel on to another host). It goes through https.globalAgent, where n8n puts its proxy.
 *
 * The account's CA certificate counts here as well as for the IMAP server: who needs it has a network whose TLS ends at an own
 * authority, and that concerns both. It adds to the authorities this process trusts and replaces none.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
	const { caCertificate, timeoutMs = DEFAULT_TIMEOUT_MS, peer = TOKEN_ENDPOINT } = options;
	const tls: RequestOptions = {
		minVersion: 'TLSv1.2',
		rejectUnauthorized: true,
		...(caCertificate !== undefined && { ca: trustedAuthorities(caCertificate) }),
	};
	return { send: (request) => send(request, { tls, timeoutMs, peer }) };
}

function send(
	request: HttpRequest,
	{ tls, timeoutMs, peer }: { tls: RequestOptions; timeoutMs: number; peer: Peer },
): Promise<HttpResponse> {
	const url = new URL(request.url);
	const signal = AbortSignal.timeout(timeoutMs);
	const body = request.body ?? '';
	return new Promise<HttpResponse>((resolve, reject) => {
		const fail = (error: unknown) => {
			reject(toNetworkError(error, { peer, host: url.host, timedOut: signal.aborted }));
		};
		if (url.protocol !== 'https:') {
			fail(new Error(`only https is used, not ${url.protocol}`));
			return;
		}
		const outgoing = httpsRequest(url, {
			...tls,
			signal,
			method: request.method,
			headers: {
				...request.headers,
				...(request.method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }),
			},
		});
		outgoing.on('error', fail);
		outgoing.on('response', (incoming) => {
			const chunks: Buffer[] = [];
			let size = 0;
			incoming.on('error', fail);
			incoming.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > MAX_BODY_BYTES) outgoing.destroy(new Error('the answer is over 1 MiB'));
				else chunks.push(chunk);
			});
			incoming.on('end', () => {
				resolve({
					status: incoming.statusCode ?? 0,
					headers: toHeaders(incoming.headers),
					body: Buffer.concat(chunks).toString('utf8'),
				});
			});
		});
		outgoing.end(body);
	});
}

function toHeaders(
	headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
		),
	);
}

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
		const outgoing = httpsRequest(webhook.url, toRequestOptions(webhook, body, options, signal));
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
