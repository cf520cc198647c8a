import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';

import { checkClient, type EntraAnswer, type Federated, refuse } from './entra-client-check';
import type { TestCa } from '../servers/tls';

export { aadsts } from './entra-client-check';

export interface EntraOptions {
	/** Certificate to show, for `localhost`. */
	tls: TestCa;
	/** Client secret that is right; without it every secret is wrong. */
	secret?: string;
	/** Certificate registered for the application, PEM. */
	certificate?: string;
	/** Federated credential of the application. */
	federated?: Federated;
	tenantId?: string;
	clientId?: string;
	/** Object ID of the service principal: claim `oid`. */
	objectId?: string;
	/** Claim `roles`; IMAP.AccessAsApp when left out. Dovecot wants exactly one. */
	roles?: string[];
	/** Domain whose mailboxes Dovecot opens for the token. */
	mailDomain?: string;
	lifetimeSeconds?: number;
	/** Further claims, or others in place of the usual ones. */
	claims?: Record<string, unknown>;
}

/** One request to the token endpoint. */
export interface TokenRequest {
	form: URLSearchParams;
	authorization: string | undefined;
}

/** A stand-in for Microsoft Entra on https://localhost: discovery document and token endpoint of one tenant. */
export interface EntraStandIn {
	/** `localhost:12345`: what MSAL has to know as an authority. */
	host: string;
	tenantId: string;
	clientId: string;
	objectId: string;
	/** `https://localhost:12345/<tenant>` */
	authority: string;
	tokenUrl: string;
	/** The `iss` claim of its tokens. */
	issuer: string;
	/** Checks the RS256 signature of its tokens (SPKI, PEM). */
	publicKeyPem: string;
	/** Authority of its TLS certificate, PEM. */
	ca: string;
	/** Requests to the token endpoint so far. */
	tokenRequests: TokenRequest[];
	/** Tokens handed out so far. */
	issuedTokens: readonly string[];
	/** Requests for the discovery document so far. */
	discoveries(): number;
	/** Has the next requests to the token endpoint answered in this way, one each. */
	answerNext(...answers: EntraAnswer[]): void;
	/** Changes the claims of the tokens from now on. */
	setClaims(claims: Record<string, unknown>): void;
	/** Has the token endpoint hold its answers back until the function returned is called. */
	hold(): () => void;
	/** A token as the endpoint gives it. */
	issueToken(): string;
	stop(): Promise<void>;
}

const DEFAULTS = {
	tenantId: '8f0c2a52-5c0c-4a4c-9a5e-3c6a3a1f5b11',
	clientId: '5d0a3b1e-7c1f-4a55-8d6e-0f6f1b2c3d4e',
	objectId: '2b7e4c90-1111-4222-8333-944455566677',
	roles: ['IMAP.AccessAsApp'],
	mailDomain: 'example.com',
	lifetimeSeconds: 3600,
};

/** Starts the stand-in on a free port of 127.0.0.1. */
export async function startEntra(options: EntraOptions): Promise<EntraStandIn> {
	const settings = { ...DEFAULTS, ...options };
	const { tenantId, clientId, objectId, tls } = settings;
	const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const issuer = `https://sts.windows.net/${tenantId}/`;
	const tokenRequests: TokenRequest[] = [];
	const answers: EntraAnswer[] = [];
	let discoveries = 0;
	let claims = options.claims ?? {};
	let gate: Promise<void> | undefined;

	const issueToken = () => {
		const now = Math.floor(Date.now() / 1000);
		const payload = {
			aud: 'https://outlook.office365.com',
			iss: issuer,
			iat: now,
			nbf: now,
			exp: now + settings.lifetimeSeconds,
			appid: clientId,
			oid: objectId,
			sub: objectId,
			tid: tenantId,
			roles: settings.roles,
			mail_domain: `any@${settings.mailDomain}`,
			uti: randomUUID(),
			...claims,
		};
		const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const input = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(payload)}`;
		return `${input}.${sign('sha256', Buffer.from(input), keys.privateKey).toString('base64url')}`;
	};

	const server = createServer({ cert: tls.cert, key: tls.key });
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	const host = `localhost:${String(address.port)}`;
	const authority = `https://${host}/${tenantId}`;
	const tokenUrl = `${authority}/oauth2/v2.0/token`;

	const issuedTokens: string[] = [];
	const answerToken = async (request: IncomingMessage): Promise<EntraAnswer> => {
		const form = new URLSearchParams(await text(request));
		const { authorization } = request.headers;
		tokenRequests.push({ form, authorization });
		await gate;
		const planned = answers.shift();
		if (planned !== undefined) return planned;
		const refusal = checkClient({ form, authorization }, { ...settings, tokenUrl });
		if (refusal !== undefined) return refusal;
		const token = issueToken();
		issuedTokens.push(token);
		const body = {
			token_type: 'Bearer',
			expires_in: settings.lifetimeSeconds,
			ext_expires_in: settings.lifetimeSeconds,
			access_token: token,
		};
		return { status: 200, body };
	};

	const answer = async (request: IncomingMessage): Promise<EntraAnswer> => {
		const { pathname } = new URL(request.url ?? '/', authority);
		if (request.method === 'POST' && pathname === new URL(tokenUrl).pathname) {
			return await answerToken(request);
		}
		if (pathname === `/${tenantId}/v2.0/.well-known/openid-configuration`) {
			discoveries += 1;
			const body = {
				issuer: `${authority}/v2.0`,
				token_endpoint: tokenUrl,
				authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
				end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
				jwks_uri: `${authority}/discovery/v2.0/keys`,
			};
			return { status: 200, body };
		}
		return refuse(90002, 'invalid_tenant', 400);
	};

	server.on('request', (request, response) => {
		answer(request).then(
			(reply) => send(reply, response),
			(error: unknown) => response.destroy(error instanceof Error ? error : undefined),
		);
	});

	return {
		host,
		tenantId,
		clientId,
		objectId,
		authority,
		tokenUrl,
		issuer,
		publicKeyPem: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		ca: tls.ca,
		tokenRequests,
		issuedTokens,
		discoveries: () => discoveries,
		answerNext: (...next) => answers.push(...next),
		setClaims: (next) => {
			claims = next;
		},
		hold: () => {
			let open: () => void = () => undefined;
			gate = new Promise((resolve) => {
				open = resolve;
			});
			return open;
		},
		issueToken,
		stop: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function send(reply: EntraAnswer, response: ServerResponse): void {
	if (reply === 'reset') {
		response.socket?.destroy();
		return;
	}
	if (reply === 'silence') return;
	const { status, body, headers = {} } = reply;
	response.writeHead(status, { 'content-type': 'application/json', ...headers });
	response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
