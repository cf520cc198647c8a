import type { Fault } from '../../net/network-error';
import type { DriverError, MailErrorContext } from './driver-error';
import { askedPause, isBandwidthLimit, isKeywordLimit, isServerTrouble } from './refusal-words';

interface Row extends Fault {
	/** Rows for any time explain a refused sign-in better than "password rejected" would. */
	readonly when: 'anyTime' | 'afterSignIn';
	readonly matches: (driver: DriverError) => boolean;
}

const text = (pattern: RegExp) => (driver: DriverError) => pattern.test(driver.serverText ?? '');
const code =
	(...codes: readonly string[]) =>
	(driver: DriverError) =>
		codes.includes(driver.serverCode ?? '');

const said = (judge: (text: string) => boolean) => (driver: DriverError) =>
	judge(driver.serverText ?? '');

/** A limit of a day is lifted at some time of it. */
const BANDWIDTH_PAUSE_MS = 3_600_000;
const SLOW_DOWN =
	'This is tried again later; fewer nodes polling this account, or longer intervals, help.';

const NO_MAILBOX = {
	when: 'afterSignIn',
	code: 'mailbox-missing',
	message: 'There is no mailbox "{mailbox}" in this account',
	remedy: 'Choose the mailbox from the list; on most servers its name is case-sensitive.',
} as const;

/**
 * What servers answer, the first row that fits counts; `{host}` and `{mailbox}` are filled in.
 * Response codes: RFC 5530. Texts: refusal-words.ts.
 */
const ROWS: readonly Row[] = [
	{
		when: 'anyTime',
		matches: said(isKeywordLimit),
		code: 'refused-by-server',
		message: 'The mailbox "{mailbox}" has no room for another keyword',
		remedy: 'Nothing has to be done: only after a crash may messages be delivered twice.',
	},
	{
		when: 'anyTime',
		matches: said(isBandwidthLimit),
		code: 'throttled',
		message: 'The account has reached the limit of its provider {host} for traffic or commands',
		remedy:
			'It is left alone for an hour. Gmail lifts such a limit within a day; poll less often, and look for other programs that download this mailbox.',
		retryAfterMs: BANDWIDTH_PAUSE_MS,
	},
	{
		when: 'anyTime',
		matches: (driver) => driver.code === 'ETHROTTLE' || text(/request is throttled/i)(driver),
		code: 'throttled',
		message: 'The mail server {host} asks to slow down',
		remedy: SLOW_DOWN,
	},
	{
		when: 'anyTime',
		matches: text(/user is authenticated but not connected/i),
		code: 'mailbox-not-connected',
		message: 'Exchange accepted the sign-in but did not connect it to the mailbox',
		remedy:
			'Either too many connections were open, which passes, or the application has no permission on this mailbox: check Add-MailboxPermission and the mailbox address.',
	},
	{
		when: 'anyTime',
		matches: text(
			/too many (?:\w+ ){0,2}(?:connections|sessions|logins|clients)\b|(?:maximum|max\.?) (?:number of |concurrent |simultaneous )?(?:connections?|sessions?)|connections? (?:limit|count)[^.]{0,30}(?:exceed|reach)|mail_max_userip_connections/i,
		),
		code: 'throttled',
		message: 'Too many connections to the mail server {host} are open for this account',
		remedy: 'Close other mail programs on this account or poll it from fewer nodes.',
	},
	{
		when: 'anyTime',
		matches: code('LIMIT'),
		code: 'throttled',
		message: 'The mail server {host} has reached a limit for this account',
		remedy: SLOW_DOWN,
	},
	{
		when: 'anyTime',
		matches: code('UNAVAILABLE', 'INUSE', 'SERVERBUG'),
		code: 'throttled',
		message: 'The mail server {host} cannot serve this account at the moment',
		remedy: 'This is tried again; if it lasts, ask whoever runs the mail server.',
	},
	{ ...NO_MAILBOX, matches: code('NONEXISTENT', 'TRYCREATE') },
	{
		when: 'afterSignIn',
		matches: (driver) => driver.status !== undefined && said(isServerTrouble)(driver),
		code: 'throttled',
		message: 'The mail server {host} cannot do this at the moment',
		remedy: 'This is tried again; if it lasts, ask whoever runs the mail server.',
	},
	{ ...NO_MAILBOX, matches: (driver) => driver.mailboxMissing },
	{
		when: 'afterSignIn',
		matches: code('NOPERM', 'READ-ONLY'),
		code: 'mailbox-read-only',
		message: 'This account may not change the mailbox "{mailbox}"',
		remedy: 'Give the account the right to change messages there.',
	},
	{
		when: 'afterSignIn',
		matches: code('OVERQUOTA'),
		code: 'refused-by-server',
		message: 'The account is full',
		remedy: 'Delete mail or raise the quota of the account.',
	},
	{
		when: 'afterSignIn',
		matches: (driver) => driver.status !== undefined,
		code: 'refused-by-server',
		message: 'The mail server {host} refused a command on "{mailbox}"',
		remedy: 'The text of the server says why; ask whoever runs it if it does not help.',
	},
];

/** The row that explains what the server answered, if one does. */
export function findServerFault(
	driver: DriverError,
	context: MailErrorContext,
	when: Row['when'],
): Fault | undefined {
	const row = ROWS.find((candidate) => candidate.when === when && candidate.matches(driver));
	return row && fillFault(row, driver, context);
}

/** A row of a table as the fault that it is here: with names, and with the pause that the server asks for. */
export function fillFault(
	{ code: kind, message, remedy, retryAfterMs }: Fault,
	{ serverText = '' }: DriverError,
	{ host, mailbox = 'INBOX', username }: MailErrorContext,
): Fault {
	return {
		code: kind,
		message: message
			.replace('{host}', () => host)
			.replace('{mailbox}', () => mailbox)
			.replace('{user}', () => username),
		remedy,
		retryAfterMs: kind === 'throttled' ? (askedPause(serverText) ?? retryAfterMs) : undefined,
	};
}
