import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TestCa } from '../support/servers/tls';

/** How a webhook that is down behaves. */
export type WebhookFault = 'unavailable' | 'reset' | 'half';

/** One alert as it arrived. */
export interface Arrival {
	readonly token: string;
	readonly deliveryId: string;
	/** Whether the receiver took it; a sender may have died before it heard so. */
	readonly accepted: boolean;
	/** Epoch milliseconds by the clock of the run. */
	readonly at: number;
}

/** A webhook on this machine that keeps a journal of alerts and fails on demand. */
export interface ChaosWebhook {
	readonly arrivals: readonly Arrival[];
	/** Address for one n8n process, so that nothing is heard of it after its death. */
	urlFor(process: string): string;
	/** Closes the address of a process: its requests break off. */
	silence(process: string): void;
	/** Fails every request from now on; undefined ends that. */
	fail(fault: WebhookFault | undefined): void;
	/** Calls `act` once, with the so-manieth request from now on, before or after the receiver has taken it. */
	plan(count: number, when: 'before' | 'after', act: () => void): void;
	clear(): void;
	close(): Promise<void>;
}

/** A mail whose token says so is refused whenever it comes. */
export const POISON = 'poison';

const FAILURES: Readonly<Record<WebhookFault, (response: ServerResponse) => void>> = {
	unavailable: (response) => {
		response.writeHead(503).end('down');
	},
	reset: (response) => {
		response.destroy();
	},
	half: (response) => {
		response.writeHead(200, { 'content-length': '100' });
		response.write('{"ok":', () => response.destroy());
	},
};

/** Starts the webhook on a free port. */
export async function startChaosWebhook(tls: TestCa, now: () => number): Promise<ChaosWebhook> {
	const arrivals: Arrival[] = [];
	const silenced = new Set<string>();
	let failure: WebhookFault | undefined;
	let planned: { left: number; when: 'before' | 'after'; act: () => void } | undefined;

	const takeDue = (when: 'before' | 'after') => {
		if (planned?.when !== when) return;
		planned.left -= 1;
		if (planned.left > 0) return;
		const { act } = planned;
		planned = undefined;
		act();
	};

	const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const { token, deliveryId } = toAlert(await text(request));
		const sender = request.url ?? '';
		takeDue('before');
		if (silenced.has(sender)) {
			response.destroy();
			return;
		}
		const accepted = failure === undefined && !token.startsWith(POISON);
		arrivals.push({ token, deliveryId, accepted, at: now() });
		takeDue('after');
		if (silenced.has(sender)) response.destroy();
		else if (failure !== undefined) FAILURES[failure](response);
		else response.writeHead(accepted ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
	};

	const server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
		handle(request, response).catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return {
		arrivals,
		urlFor: (process) => `https://localhost:${String(address.port)}/${process}`,
		silence: (process) => {
			silenced.add(`/${process}`);
		},
		fail: (fault) => {
			failure = fault;
		},
		plan: (count, when, act) => {
			planned = { left: count, when, act };
		},
		clear: () => {
			planned = undefined;
			failure = undefined;
		},
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function toAlert(body: string): { readonly token: string; readonly deliveryId: string } {
	const { token, deliveryId } = JSON.parse(body) as Readonly<Record<string, unknown>>;
	if (typeof token !== 'string' || typeof deliveryId !== 'string') {
		throw new Error(`Not an alert of this run: ${body}`);
	}
	return { token, deliveryId };
}
