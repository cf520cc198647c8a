import type { Account, ClientCredentials } from '../core/account/account';
import { IngestError } from '../core/errors';
import { readTokenClaims } from './access-token';
import type { TokenClaims } from './access-token';
import { enterImapScope, grantRole } from './entra-error-table';
import type { SignInSubject } from './entra-error-table';
import { toCredentialsRedactor, toSignInSubject } from './token-error';

const IMAP_ROLE = 'IMAP.AccessAsApp';

/** What Exchange Online calls itself in a token: its hosts in the clouds, and its application ID in all of them. */
const EXCHANGE_AUDIENCES = new Set([
	'https://outlook.office365.com',
	'https://outlook.office.com',
	'https://outlook.office365.us',
	'https://outlook-dod.office365.us',
	'https://partner.outlook.cn',
	'https://ps.outlook.com',
	'00000002-0000-0ff1-ce00-000000000000',
]);

/**
 * Explains why a mail server refused a token that its issuer gave: wrong audience, no consent to IMAP.AccessAsApp, or no
 * permission in Exchange. Exchange says "AUTHENTICATE failed" to all of them, but the token's claims tell them apart.
 *
 * An app-only token's `oid` claim is the object ID of the service principal (Microsoft Learn "Access token claims reference"),
 * that is of the enterprise application, which is what New-ServicePrincipal needs (Microsoft Learn "Authenticate an IMAP, POP or
 * SMTP connection using OAuth"); the app registration's object ID is another and does not work.
 *
 * @param refusal what the mail server said
 */
export function explainTokenRefusal(
	refusal: IngestError,
	account: Pick<Account, 'username' | 'host'>,
	credentials: ClientCredentials,
	token: string,
): IngestError {
	const claims = readTokenClaims(token, toCredentialsRedactor(credentials));
	if (claims?.objectId === undefined || claims.audience === undefined) {
		return refuseUnreadable(refusal, account, credentials);
	}
	const wrongAudience = explainAudience(refusal, credentials, claims.audience);
	if (wrongAudience !== undefined) return wrongAudience;
	if (!claims.roles.includes(IMAP_ROLE)) return explainRoles(refusal, credentials, claims);
	return explainPermission(refusal, account, credentials, claims, claims.objectId);
}

function refuseUnreadable(
	refusal: IngestError,
	account: Pick<Account, 'username' | 'host'>,
	{ issuer }: ClientCredentials,
): IngestError {
	return new IngestError(
		'sign-in-refused',
		`${account.host} refused the token for ${account.username}: ${refusal.message}`,
		{
			remedy:
				issuer.kind === 'google'
					? 'Check that the User Name is the primary address of the user, and that IMAP is on for it in the Google Admin console (Apps > Google Workspace > Gmail > End User Access).'
					: 'Check that the User Name is the address of the mailbox, that the Scope is right for this server, and that the client may open the mailbox.',
			cause: refusal,
		},
	);
}

function explainAudience(
	cause: IngestError,
	credentials: ClientCredentials,
	audience: string,
): IngestError | undefined {
	if (EXCHANGE_AUDIENCES.has(audience.replace(/\/$/, ''))) return undefined;
	return new IngestError(
		'scope-refused',
		`The token is for ${audience} and not for Exchange Online, because the Scope is "${credentials.scope}".`,
		{
			field: 'Scope',
			remedy: enterImapScope(toSignInSubject(credentials)),
			cause,
		},
	);
}

function explainRoles(
	cause: IngestError,
	credentials: ClientCredentials,
	claims: TokenClaims,
): IngestError {
	const { roles, tenantId } = claims;
	const subject = toSignInSubject(credentials);
	const tenant = tenantId ?? subject.tenant;
	const has = roles.length === 0 ? 'none' : roles.join(', ');
	return new IngestError(
		'consent-missing',
		`The application ${credentials.clientId} has no consent to ${IMAP_ROLE} in the tenant ${tenant} (application permissions in its token: ${has}).`,
		{
			remedy: `${grantTo(credentials, claims, { ...subject, tenant })} - it can take some minutes to count.`,
			cause,
		},
	);
}

/** A managed identity has no app registration on whose page a role could be added. */
function grantTo(
	{ issuer }: ClientCredentials,
	{ objectId = '' }: TokenClaims,
	subject: SignInSubject,
): string {
	if (issuer.kind !== 'managedIdentity') return grantRole(subject);
	return [
		'Assign the role to the managed identity with Microsoft Graph PowerShell:',
		'$exchange = Get-MgServicePrincipal -Filter "appId eq \'00000002-0000-0ff1-ce00-000000000000\'"',
		"$role = $exchange.AppRoles | Where-Object Value -eq 'IMAP.AccessAsApp'",
		`New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${objectId} -PrincipalId ${objectId} -ResourceId $exchange.Id -AppRoleId $role.Id`,
	].join('\n');
}

function explainPermission(
	cause: IngestError,
	{ username, host }: Pick<Account, 'username' | 'host'>,
	{ clientId }: ClientCredentials,
	claims: TokenClaims,
	objectId: string,
): IngestError {
	const appId = claims.applicationId ?? clientId;
	return new IngestError(
		'mailbox-permission-missing',
		`${host} does not let the application ${appId} into the mailbox ${username}, although its token is good: Exchange does not know the service principal with the object ID ${objectId}, or it has no permission on that mailbox.`,
		{
			remedy: [
				'In Exchange Online PowerShell run:',
				`New-ServicePrincipal -AppId ${appId} -ObjectId ${objectId}`,
				`Add-MailboxPermission -Identity ${quote(username)} -User ${objectId} -AccessRights FullAccess`,
				'Then wait some minutes. If both were done: check that the User Name is the address of the mailbox, and IMAP with',
				`Get-CASMailbox ${quote(username)} | Select-Object ImapEnabled`,
			].join('\n'),
			cause,
		},
	);
}

/** A PowerShell string that is taken literally, whatever the address holds (about_Quoting_Rules). */
function quote(text: string): string {
	return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
