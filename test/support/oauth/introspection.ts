import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** An authority that a mail server asks whether a token is still good (RFC 7662). */
export interface Introspection {
	readonly url: string;
	/** Tokens it was asked about, in order. */
	readonly asked: readonly string[];
	/** From now on the tokens it was asked about so far are no longer good. */
	revokeAll(): void;
	/** From now on no token is good. */
	revokeForGood(): void;
	stop(): Promise<void>;
}

/** Starts the authority on a free port of 127.0.0.1; every token opens the mailboxes of `mailDomain` until it is revoked. */
export async function startIntrospection(mailDomain: string): Promise<Introspection> {
	const asked: string[] = [];
	const revoked = new Set<string>();
	let isClosed = false;

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const token = new URLSearchParams(await text(request)).get('token') ?? '';
		asked.push(token);
		const active = !isClosed && token !== '' && !revoked.has(token);
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ active, mail_domain: `any@${mailDomain}` }));
	};

	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		url: `http://127.0.0.1:${String(address.port)}/introspect`,
		asked,
		revokeAll: () => {
			for (const token of asked) revoked.add(token);
		},
		revokeForGood: () => {
			isClosed = true;
		},
		stop: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
