import { createPrivateKey } from 'node:crypto';

import type { ClientCredentials, ClientProof, Cloud } from './account';
import type { AccountFields } from './account-fields';
import {
	CLOUD_NAMES,
	isGuid,
	MICROSOFT_CLOUDS,
	TENANT_REMEDY,
	tenantProblem,
} from './microsoft-cloud';
import { readTokenUrl } from './token-url';
import type { ReadIssuer } from './token-url';

/** That of the US Department of Defense is nobody's default, see MICROSOFT_CLOUDS. */
const EXCHANGE_SCOPES: readonly string[] = [
	...CLOUD_NAMES.map((name) => MICROSOFT_CLOUDS[name].imapScope),
	'https://outlook-dod.office365.us/.default',
];

type SendIn = 'body' | 'basicHeader';

/** Reads the OAuth2 settings of the screen's own fields (Client Secret and Client Certificate). */
export function readClientCredentials(
	fields: AccountFields,
	proof: ClientProof | undefined,
): ClientCredentials | undefined {
	const read = readIssuer(fields);
	const clientId = fields.required(
		'clientId',
		'Enter the Application (client) ID from the Overview page of the app registration.',
	);
	if (read === undefined || proof === undefined) return undefined;
	if (proof.kind === 'tokenFile' && read.issuer.kind !== 'entra') {
		return fields.fault(
			'tokenUrl',
			'is not that of Microsoft Entra, which alone gets the token of the platform',
			'Leave it empty, and enter the tenant.',
		);
	}
	return toClientCredentials(fields, {
		read,
		proof,
		client: { label: 'Application (Client) ID', id: clientId },
		scope: { label: 'Scope', text: fields.trimmed('scope') },
	});
}

/** Reads which identity of the Azure machine that n8n runs on is meant: its own, or an assigned one. */
export function readManagedIdentity(fields: AccountFields): ClientCredentials {
	const cloud = readCloud(fields);
	return toClientCredentials(fields, {
		read: { issuer: { kind: 'managedIdentity' }, cloud },
		proof: { kind: 'host' },
		client: { label: 'Application (Client) ID', id: fields.trimmed('clientId') },
		scope: { label: 'Scope', text: fields.trimmed('scope') },
	});
}

function readIssuer(fields: AccountFields): ReadIssuer | undefined {
	const tokenUrl = fields.trimmed('tokenUrl');
	if (tokenUrl !== '') return readTokenUrl(fields, 'Token URL', tokenUrl);
	const cloud = readCloud(fields);
	const tenant = fields.required('tenantId', TENANT_REMEDY);
	if (tenant === '') return undefined;
	const problem = tenantProblem(tenant);
	if (problem !== undefined) {
		return fields.fault('tenantId', `cannot be used: ${problem}`, TENANT_REMEDY);
	}
	const authority = `https://${MICROSOFT_CLOUDS[cloud].authorityHost}/${tenant}`;
	return { issuer: { kind: 'entra', authority }, cloud };
}

function readCloud(fields: AccountFields): Cloud {
	const value = fields.trimmed('cloud');
	const cloud = CLOUD_NAMES.find((name) => name === value);
	if (cloud === undefined && value !== '') {
		fields.fault('cloud', `is "${value}"`, `Choose one of ${CLOUD_NAMES.join(', ')}.`);
	}
	return cloud ?? 'public';
}

/** Reads where the client secret is sent: a choice on the screen. */
export function readSendIn(fields: AccountFields): SendIn {
	const value = fields.trimmed('clientAuthType');
	if (value !== '' && value !== 'body' && value !== 'basicHeader') {
		fields.fault('clientAuthType', `is "${value}"`, 'Choose body or basicHeader.');
	}
	return value === 'basicHeader' ? 'basicHeader' : 'body';
}

/** What both ways of entering OAuth2 settings have in common; labels are what the user calls the fields. */
export interface OAuthParts {
	readonly read: ReadIssuer;
	readonly proof: ClientProof;
	readonly client: { readonly label: string; readonly id: string };
	readonly scope: { readonly label: string; readonly text: string };
}

/**
 * Puts OAuth2 settings together. For Entra the application ID has to be a GUID, the key an RSA key (MSAL signs with PS256), and
 * the scope one `/.default` (AADSTS1002012 otherwise), which is Exchange Online's when none is given. Another token
 * endpoint may do without a scope (RFC 6749, 4.4.2).
 */
export function toClientCredentials(fields: AccountFields, parts: OAuthParts): ClientCredentials {
	const { read, proof, client, scope } = parts;
	const { issuer } = read;
	if (issuer.kind === 'endpoint') {
		return { issuer, proof, clientId: client.id, scope: scope.text };
	}
	const defaultScope = MICROSOFT_CLOUDS[read.cloud ?? 'public'].imapScope;
	if (client.id !== '' && !isGuid(client.id)) {
		fields.faultOf(
			client.label,
			`is "${client.id}", an Application (client) ID is a GUID`,
			'Copy it from the Overview page of the app registration.',
		);
	}
	if (scope.text !== '' && !/^\S+\/\.default$/.test(scope.text)) {
		fields.faultOf(
			scope.label,
			`is "${scope.text}", an application asks for exactly one scope that ends with /.default`,
			`Enter ${defaultScope}.`,
		);
	}
	refuseForeignScope(fields, proof, scope);
	if (
		proof.kind === 'certificate' &&
		createPrivateKey(proof.privateKey).asymmetricKeyType !== 'rsa'
	) {
		fields.fault(
			'privateKey',
			'is no RSA key, and Microsoft Entra takes no other',
			'Make an RSA key with its certificate, e.g. with openssl req -x509 -newkey rsa:2048.',
		);
	}
	return {
		issuer,
		proof,
		clientId: client.id,
		scope: scope.text === '' ? defaultScope : scope.text,
	};
}

/** An identity of the machine may be allowed far more than mail, so that no token is asked for anything else. */
function refuseForeignScope(
	fields: AccountFields,
	proof: ClientProof,
	{ label, text }: OAuthParts['scope'],
): void {
	if (proof.kind !== 'host' && proof.kind !== 'tokenFile') return;
	if (text === '' || EXCHANGE_SCOPES.includes(text)) return;
	fields.faultOf(
		label,
		`is "${text}", and with an identity of the machine only tokens for Exchange Online are asked for`,
		`Leave it empty, or enter one of ${EXCHANGE_SCOPES.join(', ')}.`,
	);
}
