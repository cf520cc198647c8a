import type { Cloud } from './account';

interface MicrosoftCloud {
	/** Host of the sign-in authority. */
	readonly authorityHost: string;
	/** Older names of the same authority, which MSAL knows too. */
	readonly aliases: readonly string[];
	/** Scope of an application for IMAP: Exchange Online of that cloud, all permissions consented to. */
	readonly imapScope: string;
}

/**
 * The Microsoft clouds.
 *
 * Authorities: Microsoft Learn "Microsoft Entra authentication & national clouds". IMAP scope of the public cloud:
 * Microsoft Learn "Authenticate an IMAP, POP or SMTP connection using OAuth" (client credentials). Microsoft publishes no such
 * page for the other clouds; there the scope is `/.default` of Exchange Online's own host, as listed in Microsoft Learn
 * "Office 365 URLs and IP address ranges": outlook.office365.us for GCC High, partner.outlook.cn for 21Vianet. A tenant in the
 * DoD cloud signs in like GCC High but needs the scope https://outlook-dod.office365.us/.default, which its user enters.
 */
export const MICROSOFT_CLOUDS: Readonly<Record<Cloud, MicrosoftCloud>> = {
	public: {
		authorityHost: 'login.microsoftonline.com',
		aliases: ['login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
		imapScope: 'https://outlook.office365.com/.default',
	},
	usGovernment: {
		authorityHost: 'login.microsoftonline.us',
		aliases: ['login.usgovcloudapi.net'],
		imapScope: 'https://outlook.office365.us/.default',
	},
	china: {
		authorityHost: 'login.partner.microsoftonline.cn',
		aliases: ['login.chinacloudapi.cn'],
		imapScope: 'https://partner.outlook.cn/.default',
	},
};

export const CLOUD_NAMES: readonly Cloud[] = ['public', 'usGovernment', 'china'];

/** The cloud whose sign-in authority answers at `host` (lower case, with any port but 443), or undefined. */
export function cloudOfAuthority(host: string): Cloud | undefined {
	return CLOUD_NAMES.find((name) => {
		const { authorityHost, aliases } = MICROSOFT_CLOUDS[name];
		return authorityHost === host || aliases.includes(host);
	});
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;
const SHARED_TENANTS = new Set(['common', 'organizations', 'consumers']);

/** True for the form of a tenant, application or object ID. */
export function isGuid(text: string): boolean {
	return GUID.test(text);
}

/** What is wrong with a tenant ID, or undefined: a GUID or a domain name of the tenant is right. */
export function tenantProblem(tenant: string): string | undefined {
	if (SHARED_TENANTS.has(tenant.toLowerCase())) {
		return `"${tenant}" stands for any tenant, and an application signs in to exactly one`;
	}
	if (isGuid(tenant) || DOMAIN.test(tenant)) return undefined;
	return `"${tenant}" is neither a tenant ID (a GUID) nor a domain name of the tenant`;
}

export const TENANT_REMEDY =
	'Enter the Directory (tenant) ID from the Overview page of Microsoft Entra ID; for an application of several tenants, that of the tenant which owns the mailbox.';
