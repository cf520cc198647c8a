/*
 * HTTPS for tokens and webhooks (https.ts), with authorities of one's own (trusted-authorities.ts), proxies (proxy.ts), the
 * rules of the n8n instance (egress.ts), and the one table of what can go wrong on the way (network-error.ts).
 * local-http.ts asks the platform on this machine.
 */
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { EgressRules } from './egress';
import { TOKEN_ENDPOINT, toNetworkError } from './network-error';
import type { Peer } from './network-error';
import { trustedAuthorities } from './trusted-authorities';

export interface HttpRequest {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | undefined;
	/** Ends the request, e.g. when the execution is cancelled. */
	readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
	readonly status: number;
	/** Names in lower case; repeated headers joined by a comma. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** Set when the body was longer than is read. */
	readonly truncated?: true;
}

/** Sends one request; rejects with an IngestError when no response came. A reply of any status is no failure. */
export interface HttpClient {
	send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpClientOptions {
	/** Who is asked, for errors; a token endpoint unless told otherwise. */
	readonly peer?: Peer;
	/** PEM of authorities trusted besides the public ones. */
	readonly caCertificate?: string | undefined;
	/** Milliseconds for the whole exchange, from name resolution to the last byte. */
	readonly timeoutMs?: number;
	/** How much of a body is read; 1 MiB unless given. */
	readonly maxBytes?: number;
	/** Those of the n8n instance. */
	readonly egress?: EgressRules | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const USER_AGENT = 'n8n-nodes-imap-ingest';

/**
 * Creates a client: https only, TLS 1.2 or newer, certificates always verified whatever the environment says, redirects not
 * followed (a secret must not travel on to another host).
 *
 * Made with node:https because n8n's httpRequest helper can neither trust one more authority nor end a request at a
 * fixed time, and its errors carry the request with its password. n8n puts its proxy agent into https.globalAgent,
 * which is used here, so proxies work as for every other node.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
	const { peer = TOKEN_ENDPOINT, caCertificate, egress } = options;
	const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
	const connect: RequestOptions = {
		minVersion: 'TLSv1.2',
		rejectUnauthorized: true,
		...(caCertificate !== undefined && { ca: trustedAuthorities(caCertificate) }),
		...(egress !== undefined && { lookup: egress.lookup }),
	};
	return {
		send: async (request) => {
			const url = new URL(request.url);
			const deadline = AbortSignal.timeout(timeoutMs);
			const { signal: cancelled } = request;
			const signal = cancelled === undefined ? deadline : AbortSignal.any([deadline, cancelled]);
			try {
				if (url.protocol !== 'https:') throw new Error(`only https is used, not ${url.protocol}`);
				await egress?.check(url);
				return await exchange(url, request, { ...connect, signal }, maxBytes);
			} catch (error) {
				throw toNetworkError(error, { peer, host: url.host, timedOut: deadline.aborted });
			}
		},
	};
}

function exchange(
	url: URL,
	{ method, headers, body = '' }: HttpRequest,
	options: RequestOptions,
	maxBytes: number,
): Promise<HttpResponse> {
	return new Promise((resolve, reject) => {
		const outgoing = httpsRequest(url, {
			...options,
			method,
			headers: {
				'user-agent': USER_AGENT,
				...headers,
				...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }),
			},
		});
		outgoing.on('error', reject);
		outgoing.on('response', (incoming) => {
			readResponse(incoming, maxBytes).then(resolve, reject);
		});
		outgoing.end(body);
	});
}

/** Reads an answer, up to so many bytes of its body; 1 MiB unless given. */
export function readResponse(
	incoming: IncomingMessage,
	maxBytes = DEFAULT_MAX_BYTES,
): Promise<HttpResponse> {
	const chunks: Buffer[] = [];
	let size = 0;
	return new Promise((resolve, reject) => {
		const finish = (truncated: boolean) => {
			resolve({
				status: incoming.statusCode ?? 0,
				headers: toHeaders(incoming.headers),
				body: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'),
				...(truncated && { truncated }),
			});
		};
		incoming.on('error', reject);
		incoming.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
			size += chunk.length;
			if (size <= maxBytes) return;
			finish(true);
			incoming.destroy();
		});
		incoming.on('end', () => {
			finish(false);
		});
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
