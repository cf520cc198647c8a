import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for what an Azure machine offers its programs on loopback: the metadata service, or that of App Service. */
export interface AzureHost {
	/** Environment variables as Azure sets them. */
	readonly environment: Readonly<Record<string, string>>;
	/** Requests so far. */
	readonly requests: readonly URL[];
	readonly issuedTokens: readonly string[];
	/** Client IDs of its identities; the empty one is that of the machine itself. */
	readonly identities: Set<string>;
	/** Has the next request answered in this way. */
	answerNext(status: number, body: object | string): void;
	stop(): Promise<void>;
}

export const IDENTITY_HEADER = 'header-secret-of-the-app-service';

/** Starts it; tokens are those of `issueToken`. */
export async function startAzureHost(
	kind: 'virtualMachine' | 'appService',
	issueToken: () => string,
): Promise<AzureHost> {
	const requests: URL[] = [];
	const issuedTokens: string[] = [];
	const identities = new Set(['']);
	const planned: Array<readonly [number, string]> = [];
	const server = createServer((request, response) => {
		const [status, body] = planned.shift() ?? answer(request);
		response.writeHead(status, { 'content-type': 'application/json' }).end(body);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
	const path = kind === 'appService' ? '/msi/token' : '/metadata/identity/oauth2/token';

	const answer = ({ url = '', headers }: IncomingMessage): readonly [number, string] => {
		const asked = new URL(url, origin);
		requests.push(asked);
		const isTrusted =
			kind === 'appService'
				? headers['x-identity-header'] === IDENTITY_HEADER
				: headers['metadata'] === 'true';
		if (!isTrusted || asked.pathname !== path || asked.searchParams.get('resource') === null) {
			return [
				400,
				JSON.stringify({
					error: 'invalid_request',
					error_description: 'Required metadata header not specified',
				}),
			];
		}
		if (!identities.has(asked.searchParams.get('client_id') ?? '')) {
			return [
				400,
				JSON.stringify({ error: 'invalid_request', error_description: 'Identity not found' }),
			];
		}
		const token = issueToken();
		issuedTokens.push(token);
		const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
		return [200, JSON.stringify({ access_token: token, expires_on, token_type: 'Bearer' })];
	};
	return {
		environment:
			kind === 'appService'
				? { IDENTITY_ENDPOINT: `${origin}${path}`, IDENTITY_HEADER }
				: { AZURE_POD_IDENTITY_AUTHORITY_HOST: origin },
		requests,
		issuedTokens,
		identities,
		answerNext: (status, body) => {
			planned.push([status, typeof body === 'string' ? body : JSON.stringify(body)]);
		},
		stop: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
