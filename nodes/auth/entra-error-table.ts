import type { IngestErrorCode } from '../core/errors';

/** What the words of an error may name: identifiers, never a secret. */
export interface SignInSubject {
	readonly clientId: string;
	/** Tenant ID or domain name; empty for a token endpoint outside Entra. */
	readonly tenant: string;
	readonly scope: string;
	/** `https://login.microsoftonline.com` or the like. */
	readonly authorityOrigin: string;
}

export interface EntraRefusal {
	readonly numbers: readonly number[];
	readonly code: IngestErrorCode;
	readonly message: (subject: SignInSubject) => string;
	readonly remedy: (subject: SignInSubject) => string;
}

/** The page on which an administrator consents for the whole tenant (Microsoft Learn "Grant tenant-wide admin consent"). */
export function adminConsentUrl(subject: SignInSubject): string {
	return `${subject.authorityOrigin}/${subject.tenant}/adminconsent?client_id=${encodeURIComponent(subject.clientId)}`;
}

/** How an application gets the permission to use IMAP. */
export function grantRole(subject: SignInSubject): string {
	return `Add the application permission IMAP.AccessAsApp of "Office 365 Exchange Online" to the app registration and have an administrator grant consent: there under API permissions, or, for an application of another tenant, at ${adminConsentUrl(subject)}`;
}

/** Which scope to ask for; outside Entra an empty one is not that of IMAP. */
export function enterImapScope({ tenant }: SignInSubject): string {
	const enter = 'Enter https://outlook.office365.com/.default';
	return tenant === '' ? `${enter} as Scope.` : `${enter}, or leave Scope empty.`;
}

const NEW_SECRET =
	'Make a new client secret in the app registration (Certificates & secrets), copy its Value (not the Secret ID), without blanks before or after it, into the account.';
const UPLOAD =
	'Upload the certificate of the account to the app registration (Certificates & secrets).';
const ADMIN_LOGS =
	'Ask an administrator of the tenant: the sign-in log of Microsoft Entra (Service principal sign-ins) says why, by the correlation ID.';

const tenantOf = ({ tenant }: SignInSubject) => `the tenant ${tenant}`;

/**
 * Numbers of Entra's error codes by remedy. Sources: Microsoft Learn "Microsoft Entra authentication and authorization error
 * codes" and https://login.microsoftonline.com/error?code=<number>. Microsoft says there that numbers may change: one that is
 * not here goes by its OAuth2 error and keeps its own text.
 */
export const ENTRA_REFUSALS: readonly EntraRefusal[] = [
	{
		numbers: [7000215, 70002],
		code: 'client-secret-wrong',
		message: ({ clientId }) => `The client secret of the application ${clientId} is wrong`,
		remedy: () => NEW_SECRET,
	},
	{
		numbers: [7000222],
		code: 'client-secret-expired',
		message: ({ clientId }) => `The client secret of the application ${clientId} is expired`,
		remedy: () => NEW_SECRET,
	},
	{
		numbers: [7000216, 7000218, 700025],
		code: 'client-secret-wrong',
		message: ({ clientId }) =>
			`The application ${clientId} is not registered for a sign-in with this kind of secret`,
		remedy: () =>
			`Use a confidential (web) application with a client secret or certificate. ${NEW_SECRET}`,
	},
	{
		numbers: [700027, 700030, 50012, 50006],
		code: 'certificate-rejected',
		message: ({ clientId }) =>
			`The certificate of the account is not registered for the application ${clientId}`,
		remedy: () => UPLOAD,
	},
	{
		numbers: [70021, 700211, 700212, 700213, 7002137, 7002138],
		code: 'certificate-rejected',
		message: ({ clientId }) =>
			`No federated credential of the application ${clientId} matches issuer, subject and audience of the token that the platform gave n8n`,
		remedy: () =>
			'In the app registration (Certificates & secrets > Federated credentials) enter the issuer of the cluster and the subject system:serviceaccount:NAMESPACE:NAME exactly as they are, upper and lower case included, with the audience api://AzureADTokenExchange. A new one takes some minutes.',
	},
	{
		numbers: [7000214, 7000277, 1000502],
		code: 'certificate-rejected',
		message: ({ clientId }) =>
			`The certificate of the application ${clientId} has been revoked or is outside its validity`,
		remedy: () => `Make a new certificate with its key and paste both into the account. ${UPLOAD}`,
	},
	{
		numbers: [700024, 500133],
		code: 'certificate-rejected',
		message: () => 'What the sign-in was signed with was outside its validity',
		remedy: () =>
			'Set the clock of the n8n host right; Entra allows a few minutes. A token of the platform has to be renewed by it.',
	},
	{
		numbers: [700016, 700011, 7000229],
		code: 'application-unknown',
		message: (subject) =>
			`The application ${subject.clientId} does not exist in ${tenantOf(subject)}`,
		remedy: (subject) =>
			`Check Application (Client) ID and tenant; for an application of another tenant an administrator has to consent to it first: ${adminConsentUrl(subject)}`,
	},
	{
		numbers: [7000112, 70001],
		code: 'sign-in-refused',
		message: (subject) => `The application ${subject.clientId} is disabled in ${tenantOf(subject)}`,
		remedy: () =>
			'Switch on "Enabled for users to sign-in" in the properties of the enterprise application.',
	},
	{
		numbers: [90002, 900023, 90019, 50059, 50128],
		code: 'tenant-unknown',
		message: (subject) => `Microsoft Entra does not know ${tenantOf(subject)}`,
		remedy: () =>
			'Check Directory (Tenant) ID (or the tenant in Token URL) and the Microsoft Cloud; a new tenant takes some minutes.',
	},
	{
		numbers: [90038, 900382, 900432],
		code: 'tenant-unknown',
		message: (subject) => `The tenant ${subject.tenant} belongs to another Microsoft cloud`,
		remedy: () => 'Choose the Microsoft Cloud of the tenant, or its host in Token URL.',
	},
	{
		numbers: [1002012, 70011, 28002, 28003, 700022, 700023],
		code: 'scope-refused',
		message: ({ scope }) => `The scope "${scope}" is not one an application can ask for`,
		remedy: enterImapScope,
	},
	{
		numbers: [500011, 50001, 650052, 650054, 650057, 500014],
		code: 'scope-refused',
		message: (subject) =>
			`The resource of the scope "${subject.scope}" does not exist in ${tenantOf(subject)}`,
		remedy: () =>
			'Check the Scope, and that the tenant has Exchange Online; the mailbox may belong to another tenant or cloud.',
	},
	{
		numbers: [65001, 650056, 65005, 90094, 90095],
		code: 'consent-missing',
		message: (subject) =>
			`No administrator of ${tenantOf(subject)} has consented to the application ${subject.clientId}`,
		remedy: (subject) => grantRole(subject),
	},
	{
		numbers: [53000, 53001, 53002, 53003, 53004, 53010, 53011, 530032, 530034, 530035, 50131],
		code: 'sign-in-refused',
		message: ({ clientId }) =>
			`Conditional Access of the tenant blocks the application ${clientId} from here`,
		remedy: () =>
			`Allow the address of the n8n host, or exclude the application in the policy for workload identities. ${ADMIN_LOGS}`,
	},
	{
		numbers: [50194],
		code: 'tenant-unknown',
		message: ({ clientId }) => `The application ${clientId} belongs to one tenant only`,
		remedy: () => 'Enter the tenant in which the application is registered.',
	},
	{
		numbers: [50196, 90055],
		code: 'throttled',
		message: ({ clientId }) => `The application ${clientId} has asked for tokens too often`,
		remedy: () => 'It is tried again later; check whether something else uses the application.',
	},
	{
		numbers: [90033, 50033, 50000, 90006, 90012, 90024, 90090],
		code: 'token-endpoint-failed',
		message: () => 'Microsoft Entra cannot answer at the moment',
		remedy: () => 'It is tried again.',
	},
];

export const UNKNOWN_REFUSAL_REMEDY = ADMIN_LOGS;
