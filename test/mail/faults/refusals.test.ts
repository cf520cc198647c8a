import { describe, expect, it } from 'vitest';
import { toIngestError } from '../../../nodes/mail/faults/errors';
import type { MailErrorContext } from '../../../nodes/mail/faults/driver-error';

const context: MailErrorContext = {
	host: 'imap.example.com',
	port: 993,
	username: 'neo@example.com',
	proof: 'password',
	mailbox: 'Alerts',
	secrets: ['s3cr$t'],
};
const failure = (properties: object) => Object.assign(new Error('Command failed'), properties);
const signIn = (responseText: string) =>
	toIngestError(
		failure({ authenticationFailed: true, responseStatus: 'NO', responseText }),
		context,
	);
const command = (responseText: string, more: object = {}) =>
	toIngestError(failure({ responseStatus: 'NO', responseText, ...more }), context);

describe('a sign-in that is refused for now', () => {
	it.each([
		'Temporary authentication failure. [mx1:2026-11-28 10:00:00]',
		'Temporary System Error (Failure)',
		'LOGIN Server error - Please try again later',
		'[UNAVAILABLE] LOGIN internal server error sc=abc',
		'[AUTHENTICATIONFAILED] Service temporarily unavailable',
		'Server Unavailable. 15',
		'Command Error. 10',
		'System busy!',
		'Login fail: system is busy, please try later',
		'Login fail. Login frequency limited',
		'Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.',
		'Too many open connections for this user',
		'LOGIN Rate limit hit',
		'Please try again',
		'Try again in a few minutes',
		'Server(s) unavailable to complete operation',
		'Unable to contact authentication backend',
		'LOGIN failed: account is in maintenance mode',
		'Connection to LDAP server timed out',
		'Internal error occurred. Refer to server log for more information.',
		'Maximum number of connections reached',
		'Der Dienst ist vorübergehend nicht erreichbar, versuchen Sie es später',
		'系统繁忙，请稍后再试',
		'登录过于频繁',
	])('is an outage: %s', (text) => {
		const error = signIn(text);
		expect(error).toMatchObject({ code: 'throttled', kind: 'unavailable' });
		expect(error.message).toContain(text.slice(0, 20));
	});

	it.each([
		['Too many invalid logon attempts.', 900_000],
		['Account temporarily locked', 900_000],
		['too many login attempts, please try again in 5 minutes', 300_000],
		['Your IP is blocked because of too many failed logins, wait 2 hours', 3_600_000],
		['Too many login failures, account frozen', 900_000],
	])('is left alone after too many attempts: %s', (text, retryAfterMs) => {
		expect(signIn(text)).toMatchObject({ code: 'throttled', retryAfterMs });
	});
});

describe('a sign-in that a person has to mend', () => {
	it.each([
		['LOGIN failed.', 'password-rejected'],
		['Login failed: authentication failure', 'password-rejected'],
		['[AUTHENTICATIONFAILED] Incorrect username or password. (#MBR1212)', 'password-rejected'],
		['Invalid user name or password. Please use full email address.', 'password-rejected'],
		['Invalid credentials, please try again', 'password-rejected'],
		['Wrong password. Please check your password and try again.', 'password-rejected'],
		['LOGIN Login error or password error', 'password-rejected'],
		['no such user', 'password-rejected'],
		['Authentication failed. Application password is REQUIRED', 'app-password-needed'],
		['Sorry, you need to create an app password to use this service', 'app-password-needed'],
		['You are yet to enable IMAP for your account. (Failure)', 'imap-disabled'],
		['LOGIN invalid credentials or IMAP is disabled', 'imap-disabled'],
		['This user does not have access rights to this service', 'imap-disabled'],
		['IMAP4 service is not enabled for this mailbox', 'imap-disabled'],
		['IMAP is not available for free accounts', 'imap-disabled'],
		['Your account has been suspended, contact support', 'sign-in-refused'],
		['Account is disabled', 'sign-in-refused'],
		['Unsafe Login. Please contact kefu@example.com for help', 'sign-in-refused'],
		['Authentication mechanism not available', 'sign-in-not-offered'],
		['[PRIVACYREQUIRED] Plaintext authentication disallowed', 'sign-in-not-offered'],
	])('%s is %s', (text, code) => {
		expect(signIn(text)).toMatchObject({ code, kind: 'signIn' });
	});
});

describe('a command that is refused for now', () => {
	it.each([
		'Server Unavailable. 15',
		'Command Error. 12',
		'[UNAVAILABLE] SELECT Backend error',
		'Internal error occurred. Refer to server log for more information.',
		'System I/O error',
		'Service is busy, try again later',
		'[INUSE] Mailbox in use',
	])('is an outage: %s', (text) => {
		expect(command(text)).toMatchObject({ code: 'throttled', kind: 'unavailable' });
	});

	it.each([
		['Permission denied', 'refused-by-server'],
		['Command Argument Error. 11', 'refused-by-server'],
		['Over quota', 'refused-by-server'],
		['Too many mailboxes', 'refused-by-server'],
		['Mailbox does not exist', 'refused-by-server'],
		['[TRYCREATE] Mailbox does not exist, try again later', 'mailbox-missing'],
	])('unlike %s, which is %s', (text, code) => {
		expect(command(text).code).toBe(code);
	});

	it('even where the server did not find the mailbox at that moment', () => {
		expect(command('Server Unavailable. 15', { mailboxMissing: true }).code).toBe('throttled');
		expect(command('Mailbox unavailable', { mailboxMissing: true }).code).toBe('mailbox-missing');
	});
});

describe('the limit of a provider', () => {
	it.each([
		['Account exceeded command or bandwidth limits. (Failure)', { responseStatus: 'NO' }],
		['[OVERQUOTA] Account exceeded command or bandwidth limits.', { responseStatus: 'NO' }],
		['IMAP bandwidth limit exceeded', { serverResponseCode: 'OVERQUOTA', responseStatus: 'NO' }],
		['Crossed mail download limit', { authenticationFailed: true, responseStatus: 'NO' }],
	])('is a throttle of an hour: %s', (responseText, more) => {
		expect(toIngestError(failure({ responseText, ...more }), context)).toMatchObject({
			code: 'throttled',
			retryAfterMs: 3_600_000,
		});
	});

	it('is one in a farewell, too', () => {
		const bye = failure({
			code: 'NoConnection',
			reason: 'Account exceeded command or bandwidth limits. f12',
		});
		expect(toIngestError(bye, context)).toMatchObject({
			code: 'throttled',
			retryAfterMs: 3_600_000,
		});
	});

	it('is not one where the account is full', () => {
		const error = command('Quota exceeded', { serverResponseCode: 'OVERQUOTA' });
		expect(error.code).toBe('refused-by-server');
		expect(error.message).toContain('The account is full');
	});
});

describe('a response code', () => {
	const parsed = (code: string) => ({
		attributes: [{ type: 'ATOM', value: '', section: [{ type: 'ATOM', value: code }] }],
	});

	it.each([
		['SERVERBUG', 'throttled'],
		['UNAVAILABLE', 'throttled'],
		['LIMIT', 'throttled'],
		['NOPERM', 'mailbox-read-only'],
	])('is read of a refused FETCH: %s is %s', (code, expected) => {
		expect(command('FETCH failed', { response: parsed(code) }).code).toBe(expected);
		expect(command(`[${code}] FETCH failed`).code).toBe(expected);
	});
});

it.each(['Too many user flags in mailbox', '[LIMIT] Too many keywords'])(
	'no room for a keyword is no limit of the account: %s',
	(text) => {
		expect(command(text).code).toBe('refused-by-server');
	},
);

it.each([
	['Suggested wait 90 seconds, server busy', 90_000],
	['Server busy, retry in 2 minutes', 120_000],
	['Service unavailable for 500 ms', 500],
	['Server busy', undefined],
])('a pause is asked for in words: %s', (text, retryAfterMs) => {
	expect(signIn(text).retryAfterMs).toBe(retryAfterMs);
});
