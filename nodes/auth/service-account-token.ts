import { createPrivateKey } from 'node:crypto';

import type { ClientCredentials, ClientProof } from '../core/account/account';
import { IngestError } from '../core/errors';
import { parseJsonObject } from '../core/is-record';
import type { IngestErrorCode } from '../core/errors';
import type { HttpClient, HttpResponse } from '../net/https';
import type { AccessToken } from './access-token';
import { postForm, readTokenResponse } from './endpoint-token';
import { signJwt } from './jwt';
import { toTokenError } from './token-error';

type ServiceAccount = Extract<ClientProof, { kind: 'serviceAccount' }>;

/** Google takes an hour at most; the statement is used at once. */
const LIFETIME_SECONDS = 300;

/**
 * Gets a token by which a Google service account acts as a user of a Workspace whose administrator has delegated that to
 * it: the JWT bearer grant (RFC 7523, 2.1; Google "Using OAuth 2.0 for Server to Server Applications").
 *
 * @param user address of the mailbox
 * @throws IngestError
 */
export async function requestServiceAccountToken(
	credentials: ClientCredentials,
	{
		tokenUrl,
		proof,
		user,
	}: { readonly tokenUrl: string; readonly proof: ServiceAccount; readonly user: string },
	deps: { readonly http: HttpClient; readonly now: () => number },
): Promise<AccessToken> {
	const askedAt = deps.now();
	const issuedAt = Math.floor(askedAt / 1000);
	const claims = {
		iss: credentials.clientId,
		sub: user,
		scope: credentials.scope,
		aud: tokenUrl,
		iat: issuedAt,
		exp: issuedAt + LIFETIME_SECONDS,
	};
	const header = proof.keyId === '' ? {} : { kid: proof.keyId };
	const response = await postForm(deps.http, tokenUrl, {
		grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
		assertion: signJwt(createPrivateKey(proof.privateKey), header, claims) ?? '',
	});
	return readTokenResponse(response, tokenUrl, askedAt, () =>
		toGoogleError(response, { credentials, proof, user }, deps.now()),
	);
}

interface Request {
	readonly credentials: ClientCredentials;
	readonly proof: ServiceAccount;
	readonly user: string;
}

interface Refusal {
	readonly error: string;
	readonly description: RegExp;
	readonly code: IngestErrorCode;
	readonly message: (request: Request) => string;
	readonly remedy: (request: Request) => string;
}

const delegate = ({ credentials: { scope }, proof: { uniqueId } }: Request): string => {
	const client = uniqueId === '' ? 'its unique ID' : uniqueId;
	return `In the Google Admin console (Security > Access and data control > API controls > Domain-wide delegation) add the client ID ${client} with the scope ${scope}. It can take some minutes, at most a day, to count.`;
};

/** What Google answers to a service account, in the order in which it is looked at. */
const REFUSALS: readonly Refusal[] = [
	{
		error: 'unauthorized_client',
		description: /^/,
		code: 'consent-missing',
		message: ({ credentials: { clientId, scope }, user }) =>
			`The Google Workspace of ${user} has not delegated the scope ${scope} to the service account ${clientId}`,
		remedy: delegate,
	},
	{
		error: 'access_denied',
		description: /^/,
		code: 'consent-missing',
		message: ({ credentials: { clientId }, user }) =>
			`The Google Workspace of ${user} blocks the service account ${clientId}`,
		remedy: (request) =>
			`Have an administrator trust it (API controls > App access control). ${delegate(request)}`,
	},
	{
		error: 'invalid_scope',
		description: /^/,
		code: 'scope-refused',
		message: ({ credentials: { scope } }) => `Google does not know the scope ${scope}`,
		remedy: () => 'Leave Scope empty, or enter https://mail.google.com/.',
	},
	{
		error: 'invalid_grant',
		description: /email or user id/i,
		code: 'mailbox-permission-missing',
		message: ({ user }) => `Google Workspace knows no user ${user}`,
		remedy: () =>
			'Enter the primary address of a user of the Workspace; an alias, a group or a private account will not do.',
	},
	{
		error: 'invalid_grant',
		description: /signature|key/i,
		code: 'certificate-rejected',
		message: ({ credentials: { clientId } }) =>
			`Google does not know the key of the service account ${clientId}`,
		remedy: () =>
			'The key was deleted or disabled: make a new one (IAM & Admin > Service Accounts > Keys) and paste its JSON file.',
	},
	{
		error: 'invalid_grant',
		description: /timeframe|iat|exp\b/i,
		code: 'certificate-rejected',
		message: () => 'Google takes the time of the sign-in for wrong',
		remedy: () => 'Set the clock of the n8n host right.',
	},
	{
		error: 'invalid_grant',
		description: /account not found|disabled/i,
		code: 'application-unknown',
		message: ({ credentials: { clientId } }) =>
			`The service account ${clientId} was deleted or disabled`,
		remedy: () => 'Enable it in Google Cloud, or paste the key of another one.',
	},
];

function toGoogleError(response: HttpResponse, request: Request, now: number): IngestError {
	const { error, error_description: description } = parseJsonObject(response.body) ?? {};
	const words = typeof description === 'string' ? description : '';
	const found = REFUSALS.find((row) => row.error === error && row.description.test(words));
	if (found === undefined) return toTokenError(response, request.credentials, now);
	const { code, message, remedy } = found;
	return new IngestError(code, `${message(request)}.`, { remedy: remedy(request) });
}
