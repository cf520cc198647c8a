import type { Cloud, TokenIssuer } from './account';
import type { AccountFields } from './account-fields';
import {
	cloudOfAuthority,
	MICROSOFT_CLOUDS,
	TENANT_REMEDY,
	tenantProblem,
} from './microsoft-cloud';

/** A token issuer and, for Microsoft's, its cloud. */
export interface ReadIssuer {
	readonly issuer: TokenIssuer;
	readonly cloud?: Cloud;
}

const EXAMPLE = 'https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token';
/** v2.0 and v1.0 token endpoint of Entra; MSAL always calls the first. */
const ENTRA_PATH = /^\/([^/]+)\/oauth2(?:\/v2\.0)?\/token\/?$/i;

/**
 * Reads the URL of a token endpoint: https only. One of Entra becomes the authority of its tenant, so that MSAL serves it;
 * any other is called directly (RFC 6749, 3.2).
 *
 * @param label what the user calls the field: `Token URL` on the screen, `TokenUrl` in the JSON
 */
export function readTokenUrl(
	fields: AccountFields,
	label: string,
	text: string,
): ReadIssuer | undefined {
	const refuse = (problem: string, remedy: string) => fields.faultOf(label, problem, remedy);
	if (!URL.canParse(text)) return refuse('is no complete URL', `Enter it like ${EXAMPLE}.`);
	const url = new URL(text);
	if (url.username !== '' || url.password !== '') {
		return refuse(
			'contains a user name or password',
			'Remove the part before the @; the client is named in its own fields.',
		);
	}
	const problem = transportProblem(url, text);
	if (problem !== undefined) return refuse(...problem);
	return toIssuer(url, refuse);
}

/** A query may carry a key, so only this much of a URL is ever shown. */
function toShown(url: URL): string {
	return `${url.protocol}//${url.host}${url.pathname}`;
}

function transportProblem(url: URL, text: string): [problem: string, remedy: string] | undefined {
	const shown = toShown(url);
	if (url.protocol !== 'https:') {
		const corrected = url.host === '' ? EXAMPLE : `https://${url.host}${url.pathname}`;
		return [`"${shown}" is not https, and a secret is only sent over https`, `Enter ${corrected}.`];
	}
	// RFC 6749, 3.2
	if (text.includes('#')) return [`"${shown}" is followed by a fragment ("#")`, `Enter ${shown}.`];
	return undefined;
}

function toIssuer(
	url: URL,
	refuse: (problem: string, remedy: string) => undefined,
): ReadIssuer | undefined {
	const cloud = cloudOfAuthority(url.host);
	if (cloud === undefined) return { issuer: { kind: 'endpoint', tokenUrl: url.href } };
	const authority = toAuthority(url, MICROSOFT_CLOUDS[cloud].authorityHost, refuse);
	return authority === undefined ? undefined : { issuer: { kind: 'entra', authority }, cloud };
}

function toAuthority(
	url: URL,
	host: string,
	refuse: (problem: string, remedy: string) => undefined,
): string | undefined {
	const tenant = ENTRA_PATH.exec(url.pathname)?.[1];
	if (tenant === undefined) {
		const [, first = '<tenant>'] = url.pathname.split('/');
		const corrected = tenantProblem(first) === undefined ? first : '<tenant>';
		return refuse(
			`"${toShown(url)}" is no token endpoint of Microsoft Entra`,
			`Enter https://${host}/${corrected}/oauth2/v2.0/token.`,
		);
	}
	const problem = tenantProblem(tenant);
	if (problem !== undefined)
		return refuse(`names a tenant that cannot be used: ${problem}`, TENANT_REMEDY);
	return `https://${host}/${tenant}`;
}
