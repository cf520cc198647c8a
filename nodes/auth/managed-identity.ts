import type { ClientCredentials } from '../core/account/account';
import { IngestError } from '../core/errors';
import { parseJsonObject } from '../core/is-record';
import type { HttpResponse } from '../net/https';
import { parseBearerToken } from './access-token';
import type { AccessToken } from './access-token';
import type { HostServices } from './host-identity';
import { toTokenError } from './token-error';

/** Where virtual machines ask (Microsoft Learn "Azure Instance Metadata Service"). */
const METADATA_HOST = 'http://169.254.169.254';
const METADATA_PATH = '/metadata/identity/oauth2/token';
const PEER = 'The managed identity endpoint';

/**
 * Gets a token for the managed identity of the machine: from App Service and Container Apps (IDENTITY_ENDPOINT), or from
 * the metadata service of virtual machines and AKS. Sources: Microsoft Learn "How to use managed identities for App Service"
 * and "... to acquire an access token on a VM".
 *
 * Not by MSAL: its ManagedIdentityApplication keeps tokens and the first endpoint it finds in the whole process, so that
 * a refused token cannot be forgotten, and what went wrong is lost as with entra-token.ts.
 *
 * @param now milliseconds since 1970
 * @throws IngestError
 */
export async function requestManagedIdentityToken(
	credentials: ClientCredentials,
	host: HostServices,
	now: () => number,
): Promise<AccessToken> {
	const { url, headers } = toRequest(credentials, host);
	const response = await host.getLocal(url, headers).catch((cause: unknown) => {
		throw unreachable(cause);
	});
	const body = parseJsonObject(response.body);
	if (response.status !== 200 || body === undefined) {
		throw toRefusal(withoutHeader(response, host), credentials, now());
	}
	const value = parseBearerToken(body['access_token'], 'of the managed identity');
	const seconds = Number(body['expires_on']);
	const expiresOn = Number.isFinite(seconds) ? seconds * 1000 : Number.NaN;
	if (!Number.isNaN(expiresOn)) return { value, expiresOn };
	const lifetime = Number(body['expires_in']);
	return { value, expiresOn: now() + (Number.isFinite(lifetime) ? lifetime : 300) * 1000 };
}

function toRequest(
	{ scope, clientId }: ClientCredentials,
	{ environment }: HostServices,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
	const resource = scope.replace(/\/\.default$/, '');
	const wanted = { resource, ...(clientId !== '' && { client_id: clientId }) };
	const { IDENTITY_ENDPOINT: endpoint = '', IDENTITY_HEADER: secret = '' } = environment;
	if (endpoint !== '' && secret !== '') {
		const query = new URLSearchParams({ 'api-version': '2019-08-01', ...wanted });
		return { url: `${endpoint}?${query.toString()}`, headers: { 'x-identity-header': secret } };
	}
	const { AZURE_POD_IDENTITY_AUTHORITY_HOST: authority = METADATA_HOST } = environment;
	const query = new URLSearchParams({ 'api-version': '2018-02-01', ...wanted });
	const url = `${authority.replace(/\/$/, '')}${METADATA_PATH}?${query.toString()}`;
	return { url, headers: { metadata: 'true' } };
}

function unreachable(cause: unknown): IngestError {
	const isForeign = cause instanceof Error && cause.constructor.name === 'NotLocalError';
	return new IngestError(
		isForeign ? 'sign-in-refused' : 'token-endpoint-failed',
		isForeign
			? `${PEER} that the environment of n8n names is not on this machine.`
			: `${PEER} of the machine does not answer.`,
		{
			remedy: isForeign
				? 'IDENTITY_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST are set by Azure; remove them where n8n does not run there.'
				: 'Managed identities are only there on Azure: switch one on for the machine, the app or the container that n8n runs on, and let n8n reach 169.254.169.254.',
			cause,
		},
	);
}

/** An endpoint may repeat what it was sent. */
function withoutHeader(response: HttpResponse, { environment }: HostServices): HttpResponse {
	const { IDENTITY_HEADER: secret = '' } = environment;
	const body = secret === '' ? response.body : response.body.replaceAll(secret, '***');
	return { ...response, body };
}

function toRefusal(
	response: HttpResponse,
	credentials: ClientCredentials,
	now: number,
): IngestError {
	const { clientId } = credentials;
	const isUnknown = response.status === 400 && /identity not found/i.test(response.body);
	if (!isUnknown) return toTokenError(response, credentials, now);
	return new IngestError(
		'application-unknown',
		clientId === ''
			? 'The machine that n8n runs on has no managed identity of its own.'
			: `The machine that n8n runs on has no managed identity with the client ID ${clientId}.`,
		{
			remedy:
				clientId === ''
					? 'Switch on its system-assigned identity, or enter the Application (Client) ID of a user-assigned one that it has.'
					: 'Assign that identity to the machine, the app or the container, or correct the Application (Client) ID.',
		},
	);
}
