import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { TestCa } from './tls';

/** A request as it arrived. */
export interface RecordedRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** User name and password of Basic authentication, or undefined without. */
	readonly basicAuth: { readonly username: string; readonly password: string } | undefined;
	readonly body: string;
	/** The body, byte for byte. */
	readonly bytes: Buffer;
}

/** What the webhook does with a request: an answer, a reset, silence, or half an answer and then a reset. */
export type WebhookAnswer =
	| {
			readonly status: number;
			readonly headers?: Readonly<Record<string, string>>;
			readonly body?: string;
	  }
	| 'reset'
	| 'silence'
	| 'half';

/** A webhook on this machine that records what it is sent. */
export interface HttpsWebhook {
	/** `https://localhost:<port>/api/notify` */
	readonly url: string;
	readonly port: number;
	readonly requests: readonly RecordedRequest[];
	/** Answers of the next requests, in order; afterwards each gets 200 and `{"ok":true}`. */
	answerWith(...answers: readonly WebhookAnswer[]): void;
	/** Forgets what is left of them. */
	recover(): void;
	close(): Promise<void>;
}

const ACCEPTED: WebhookAnswer = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"ok":true}',
};

/** Starts a webhook on 127.0.0.1 at a free port; trust it with `tls.ca`. */
export async function startHttpsWebhook(tls: Pick<TestCa, 'cert' | 'key'>): Promise<HttpsWebhook> {
	const requests: RecordedRequest[] = [];
	const answers: WebhookAnswer[] = [];
	const server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
		buffer(request).then(
			(bytes) => {
				requests.push(toRecord(request, bytes));
				respond(request, response, answers.shift() ?? ACCEPTED);
			},
			(error: unknown) => {
				response.destroy(error instanceof Error ? error : undefined);
			},
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		url: `https://localhost:${String(address.port)}/api/notify`,
		port: address.port,
		requests,
		answerWith: (...next) => {
			answers.push(...next);
		},
		recover: () => {
			answers.length = 0;
		},
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

function toRecord(request: IncomingMessage, bytes: Buffer): RecordedRequest {
	const { method = '', url = '', headers } = request;
	const basicAuth = toBasicAuth(headers.authorization);
	return { method, path: url, headers, basicAuth, body: bytes.toString('utf8'), bytes };
}

function toBasicAuth(header: string | undefined): RecordedRequest['basicAuth'] {
	const encoded = /^Basic (.+)$/u.exec(header ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const decoded = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = decoded.indexOf(':');
	return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function respond(request: IncomingMessage, response: ServerResponse, answer: WebhookAnswer): void {
	if (answer === 'silence') return;
	if (answer === 'reset') {
		request.socket.destroy();
		return;
	}
	if (answer === 'half') {
		response.writeHead(200, { 'content-length': '100' });
		response.write('{"ok":', () => request.socket.destroy());
		return;
	}
	response.writeHead(answer.status, answer.headers);
	response.end(answer.body);
}
