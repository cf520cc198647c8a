import type { ClientCredentials, ClientProof } from '../../nodes/core/account/account';
import { IngestError } from '../../nodes/core/errors';
import type { EntraStandIn } from '../support/oauth/entra';

/** With every kind of character that an encoding could get wrong. */
export const SECRET = 'v~ry+s3cret/va lue:%&=ü';
export const SCOPE = 'https://outlook.office365.com/.default';
export const BY_SECRET: ClientProof = { kind: 'secret', secret: SECRET, sendIn: 'body' };

type EntraNames = Pick<EntraStandIn, 'authority' | 'host' | 'tokenUrl' | 'clientId'>;

/** Credentials that MSAL serves. */
export const toEntraCredentials = (
	entra: EntraNames,
	proof: ClientProof = BY_SECRET,
): ClientCredentials => ({
	issuer: { kind: 'entra', authority: entra.authority, knownAuthority: entra.host },
	clientId: entra.clientId,
	scope: SCOPE,
	proof,
});

/** Credentials for the same endpoint called directly. */
export const toEndpointCredentials = (
	entra: EntraNames,
	proof: ClientProof = BY_SECRET,
): ClientCredentials => ({
	issuer: { kind: 'endpoint', tokenUrl: entra.tokenUrl },
	clientId: entra.clientId,
	scope: SCOPE,
	proof,
});

/** The IngestError that a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<IngestError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof IngestError) return error;
		throw error;
	}
	throw new Error('nothing was rejected');
}
