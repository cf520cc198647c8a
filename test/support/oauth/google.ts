import { generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { TestCa } from '../servers/tls';

/** What an administrator of the Workspace and Google Cloud have set up. */
export interface GoogleSetup {
	/** Scope that is delegated to the service account; undefined for no delegation. */
	delegated?: string | undefined;
	users: string[];
	/** False once the key was deleted. */
	keyExists: boolean;
	/** False once the service account was deleted. */
	accountExists: boolean;
}

/** A stand-in for Google's token endpoint on https://localhost. */
export interface GoogleStandIn {
	/** The JSON file of the service account's key. */
	readonly keyFile: string;
	readonly privateKey: string;
	readonly setup: GoogleSetup;
	/** Claims of the assertions so far. */
	readonly claims: ReadonlyArray<Readonly<Record<string, unknown>>>;
	readonly assertions: readonly string[];
	readonly issuedTokens: readonly string[];
	stop(): Promise<void>;
}

const EMAIL = 'alerts@project.iam.gserviceaccount.example';
const UNIQUE_ID = '104857600000000000001';
const MAX_LIFETIME_S = 3600;

interface Answer {
	readonly status: number;
	readonly body: object;
}

/** Words of Google (its guide "Using OAuth 2.0 for Server to Server Applications", error codes). */
const refuse = (status: number, error: string, description: string): Answer => ({
	status,
	body: { error, error_description: description },
});

/** Starts it; tokens are those of `issueToken`. */
export async function startGoogle(tls: TestCa, issueToken: () => string): Promise<GoogleStandIn> {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	const setup: GoogleSetup = { users: [], keyExists: true, accountExists: true };
	const claims: Array<Record<string, unknown>> = [];
	const assertions: string[] = [];
	const issuedTokens: string[] = [];
	const server = createServer({ cert: tls.cert, key: tls.key });
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const tokenUrl = `https://localhost:${String((server.address() as AddressInfo).port)}/token`;

	const answer = (form: URLSearchParams): Answer => {
		if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
			return refuse(400, 'unsupported_grant_type', 'Invalid grant_type');
		}
		const assertion = form.get('assertion') ?? '';
		assertions.push(assertion);
		const [header = '', payload = '', signature = ''] = assertion.split('.');
		const claim = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
		claims.push({ ...claim });
		if (!setup.accountExists)
			return refuse(400, 'invalid_grant', 'Invalid grant: account not found');
		const signed = Buffer.from(`${header}.${payload}`);
		const isGenuine = verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'));
		if (!setup.keyExists || !isGenuine || claim.iss !== EMAIL || claim.aud !== tokenUrl) {
			return refuse(400, 'invalid_grant', 'Invalid JWT Signature.');
		}
		return answerFor(claim, setup) ?? give();
	};
	const give = (): Answer => {
		const token = issueToken();
		issuedTokens.push(token);
		return { status: 200, body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } };
	};
	server.on('request', (request, response) => {
		void text(request).then((body) => {
			const { status, body: json } = answer(new URLSearchParams(body));
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
		});
	});
	const file = {
		type: 'service_account',
		project_id: 'project',
		private_key_id: 'key-1',
		private_key: pem,
		client_email: EMAIL,
		client_id: UNIQUE_ID,
		token_uri: tokenUrl,
	};
	return {
		keyFile: JSON.stringify(file),
		privateKey: pem,
		setup,
		claims,
		assertions,
		issuedTokens,
		stop: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

interface Claims {
	readonly iss: string;
	readonly sub: string;
	readonly aud: string;
	readonly scope: string;
	readonly iat: number;
	readonly exp: number;
}

function answerFor({ sub, scope, iat, exp }: Claims, setup: GoogleSetup): Answer | undefined {
	const now = Date.now() / 1000;
	if (exp < now || iat > now + 60 || exp - iat > MAX_LIFETIME_S) {
		return refuse(
			400,
			'invalid_grant',
			'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
		);
	}
	if (!scope.startsWith('https://')) {
		return refuse(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
	}
	if (scope !== setup.delegated) {
		return refuse(
			401,
			'unauthorized_client',
			'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
		);
	}
	return setup.users.includes(sub)
		? undefined
		: refuse(400, 'invalid_grant', 'Invalid email or User ID');
}
