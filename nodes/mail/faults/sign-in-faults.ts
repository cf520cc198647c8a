import type { Fault } from '../../net/network-error';
import type { DriverError, MailErrorContext } from './driver-error';
import { isImapOff, isLockedOut, isPassingRefusal } from './refusal-words';
import { fillFault } from './server-faults';

interface Row extends Fault {
	readonly matches: (driver: DriverError, context: MailErrorContext) => boolean;
}

const text = (pattern: RegExp) => (driver: DriverError) =>
	pattern.test(`${driver.serverText ?? ''} ${driver.message}`);
const isGoogle = (host: string) => /(?:^|\.)(?:gmail|googlemail|google)\.com$/i.test(host);
const isMicrosoft = (host: string) =>
	/(?:^|\.)(?:office365\.(?:com|us)|office\.com|outlook\.com|partner\.outlook\.cn|hotmail\.com)$/i.test(
		host,
	);

/** How long a server usually locks an account against guessing. */
const LOCK_OUT_PAUSE_MS = 900_000;
/** What only a person lifts. */
const SHUT_OUT =
	/\b(?:account|user|mailbox|domain|address)\b[^.]{0,40}\b(?:locked|blocked|suspended|disabled|frozen|banned|inactive|deactivated|abnormal|closed)\b|unsafe login/iu;

/**
 * Refused sign-ins, told apart by what the server said; the first row that fits counts. `{user}` and `{host}` are filled in.
 * Texts: Gmail, Exchange Online, Yahoo, Dovecot, Courier. Response codes: RFC 5530.
 */
const ROWS: readonly Row[] = [
	{
		matches: text(/\bapp(?:lication)?(?:[- ]specific)?[- ]?passwords?\b|授权码/iu),
		code: 'app-password-needed',
		message: '{host} wants an app password for {user}',
		remedy:
			'Create an app password in the security settings of the account (two-step verification has to be on) and use it as the password of the credential.',
	},
	{
		matches: (driver) => isImapOff(driver.serverText ?? ''),
		code: 'imap-disabled',
		message: 'IMAP is switched off for {user} at {host}',
		remedy:
			'Switch IMAP on for this mailbox: in Gmail under Settings > Forwarding and POP/IMAP, in Microsoft 365 with Set-CASMailbox -ImapEnabled $true.',
	},
	{
		matches: text(
			/unsupported authentication mechanism|no matching authentication method|login (?:is )?(?:currently )?disabled|(?:mechanism|method)\b[^.]{0,20}(?:not (?:available|supported|allowed|enabled)|unsupported|disabled)|plaintext authentication disallowed|only available under a layer|cleartext logins? (?:is |are )?disabled/i,
		),
		code: 'sign-in-not-offered',
		message: '{host} does not offer a way to sign in that fits this credential',
		remedy:
			'Check the authentication chosen in the credential: the server may want a password where a token was to be sent, or the other way round.',
	},
	{
		matches: text(/log ?in via (?:your )?web browser|\[?WEBALERT|web login required/i),
		code: 'sign-in-not-offered',
		message: '{host} wants {user} to sign in with a web browser first',
		remedy: 'Sign in to the account with a browser, confirm what is asked there, and try again.',
	},
	{
		matches: (driver) => isLockedOut(driver.serverText ?? ''),
		code: 'throttled',
		message: '{host} has locked {user} out for a while, after too many attempts to sign in',
		remedy:
			'It is left alone for a quarter of an hour. If it lasts, look for another program that signs in with an old password, and check the password in the credential.',
		retryAfterMs: LOCK_OUT_PAUSE_MS,
	},
	{
		matches: (driver) => isPassingRefusal(driver.serverText ?? ''),
		code: 'throttled',
		message: '{host} cannot sign {user} in at the moment',
		remedy:
			'This is tried again; other programs on this account may have reached a limit of the server. If it lasts, check user name and password in the credential, and ask whoever runs the mail server.',
	},
	{
		matches: (driver) => driver.serverCode === 'EXPIRED',
		code: 'password-rejected',
		message: 'The password of {user} has expired',
		remedy: 'Set a new password and put it into the credential.',
	},
	{
		matches: (driver) =>
			['CONTACTADMIN', 'AUTHORIZATIONFAILED', 'PRIVACYREQUIRED'].includes(
				driver.serverCode ?? '',
			) || SHUT_OUT.test(driver.serverText ?? ''),
		code: 'sign-in-refused',
		message: '{host} does not let {user} in',
		remedy: 'Ask whoever runs the mail server; the text of the server may say more.',
	},
	{
		matches: (_driver, { proof }) => proof === 'accessToken',
		code: 'sign-in-refused',
		message: '{host} refused the access token for {user}',
		remedy:
			'Check that the application may use IMAP, that it has permission on this mailbox, and that the user name is the address of the mailbox.',
	},
	{
		matches: (_driver, { host }) => isMicrosoft(host),
		code: 'password-rejected',
		message: '{host} rejected user name and password of {user}',
		remedy:
			'Microsoft 365 and Outlook.com no longer take passwords over IMAP: use OAuth2 with a client secret or certificate in the credential. Personal Outlook.com mailboxes have no sign-in of that kind and cannot be used.',
	},
	{
		matches: (_driver, { host }) => isGoogle(host),
		code: 'password-rejected',
		message: '{host} rejected user name and password of {user}',
		remedy:
			'Gmail takes only app passwords over IMAP: create one in the security settings of the account.',
	},
];

const REJECTED: Fault = {
	code: 'password-rejected',
	message: '{host} rejected user name or password of {user}',
	remedy:
		'Check user name and password in the credential; some servers want the full mail address as user name.',
};

/** What a refused sign-in means. */
export function findSignInFault(driver: DriverError, context: MailErrorContext): Fault {
	const fault = ROWS.find((row) => row.matches(driver, context)) ?? REJECTED;
	return fillFault(fault, driver, context);
}
