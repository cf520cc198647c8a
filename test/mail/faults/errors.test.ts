import { describe, expect, it } from 'vitest';
import { IngestError } from '../../../nodes/core/errors';
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
const failure = (properties: object, message = 'Command failed') =>
	Object.assign(new Error(message), properties);
const refused = (responseText: string, more: object = {}) =>
	failure({ authenticationFailed: true, responseStatus: 'NO', responseText, ...more });

describe('on the way to the server', () => {
	it.each([
		['CONNECT_TIMEOUT', 'time-out'],
		['GREETING_TIMEOUT', 'time-out'],
		['ETIMEOUT', 'time-out'],
		['NoConnection', 'connection-lost'],
		['EConnectionClosed', 'connection-lost'],
		['ClosedAfterConnectTLS', 'connection-lost'],
		['LiteralTooLarge', 'message-unreadable'],
		['MAX_IMAP_NESTING_REACHED', 'message-unreadable'],
	])('%s is %s, names the server and says what to do', (code, expected) => {
		const error = toIngestError(failure({ code }), context);

		expect(error.code).toBe(expected);
		expect(error.message).toContain('imap.example.com:993');
		expect(error.remedy).toMatch(/\w/);
	});
});

describe('a refused sign-in', () => {
	it.each([
		['LOGIN failed.', 'password-rejected'],
		['Invalid credentials (Failure)', 'password-rejected'],
		['[AUTHENTICATIONFAILED] Authentication failed.', 'password-rejected'],
		[
			'Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
			'app-password-needed',
		],
		['[AUTHORIZATIONFAILED] LOGIN Please use an app password', 'app-password-needed'],
		[
			'Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)',
			'imap-disabled',
		],
		['IMAP access is disabled for your domain. (Failure)', 'imap-disabled'],
		['Imap protocol is disabled', 'imap-disabled'],
		[
			'[WEBALERT https://accounts.google.com/] Web login required. (Failure)',
			'sign-in-not-offered',
		],
		[
			'Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
			'sign-in-not-offered',
		],
	])('%s is %s', (text, expected) => {
		const error = toIngestError(refused(text), context);

		expect(error.code).toBe(expected);
		expect(error.message).toContain(text);
	});

	it.each([
		['EXPIRED', 'password-rejected'],
		['CONTACTADMIN', 'sign-in-refused'],
		['AUTHORIZATIONFAILED', 'sign-in-refused'],
		['UNAVAILABLE', 'throttled'],
		['LIMIT', 'throttled'],
	])('with the response code %s is %s', (serverResponseCode, expected) => {
		expect(toIngestError(refused('No.', { serverResponseCode }), context).code).toBe(expected);
	});

	it.each([
		['outlook.office365.com', /OAuth2/],
		['imap.gmail.com', /app password/],
		['imap.example.com', /user name and password/],
	])('of a password at %s says what helps there', (host, remedy) => {
		const error = toIngestError(refused('LOGIN failed.'), { ...context, host });

		expect(error.code).toBe('password-rejected');
		expect(error.remedy).toMatch(remedy);
	});

	it('of a token is about the application and its permission', () => {
		const error = toIngestError(refused('AUTHENTICATE failed.'), {
			...context,
			proof: 'accessToken',
		});

		expect(error.code).toBe('sign-in-refused');
		expect(error.remedy).toMatch(/permission on this mailbox/);
	});

	it('because no mechanism fits is told from a wrong password', () => {
		const error = toIngestError(failure({}, 'Unsupported authentication mechanism'), context);

		expect(error.code).toBe('sign-in-not-offered');
		expect(error.remedy).toMatch(/authentication chosen in the credential/);
	});
});

describe('what a signed-in server answers', () => {
	const rows: ReadonlyArray<[string, object, string]> = [
		[
			'a throttled command',
			{
				code: 'ETHROTTLE',
				responseStatus: 'BAD',
				responseText: 'Request is throttled. Suggested Backoff Time: 2000 milliseconds',
			},
			'throttled',
		],
		[
			'a throttled sign-in',
			{ authenticationFailed: true, responseText: 'Request is throttled.' },
			'throttled',
		],
		[
			'an unconnected mailbox at sign-in',
			{ authenticationFailed: true, response: 'User is authenticated but not connected.' },
			'mailbox-not-connected',
		],
		[
			'an unconnected mailbox later',
			{ responseStatus: 'BAD', responseText: 'User is authenticated but not connected.' },
			'mailbox-not-connected',
		],
		[
			'a farewell because of too many connections',
			{ code: 'NoConnection', reason: 'Too many simultaneous connections. (Failure)' },
			'throttled',
		],
		[
			'a farewell because the token expired',
			{ code: 'NoConnection', reason: 'Session invalidated - AccessTokenExpired' },
			'connection-lost',
		],
		['a missing mailbox', { responseStatus: 'NO', mailboxMissing: true }, 'mailbox-missing'],
		['a missing mailbox at STATUS', { code: 'NotFound' }, 'mailbox-missing'],
		[
			'a missing mailbox by code',
			{ responseStatus: 'NO', serverResponseCode: 'NONEXISTENT' },
			'mailbox-missing',
		],
		[
			'a missing target',
			{ responseStatus: 'NO', serverResponseCode: 'TRYCREATE' },
			'mailbox-missing',
		],
		[
			'a missing right',
			{ responseStatus: 'NO', serverResponseCode: 'NOPERM' },
			'mailbox-read-only',
		],
		[
			'a full account',
			{ responseStatus: 'NO', serverResponseCode: 'OVERQUOTA' },
			'refused-by-server',
		],
		['any other NO', { responseStatus: 'NO', responseText: 'Not today' }, 'refused-by-server'],
		['something nobody knows', {}, 'refused-by-server'],
	];

	it.each(rows)('%s', (_name, properties, expected) => {
		expect(toIngestError(failure(properties), context).code).toBe(expected);
	});

	it('carries the pause the server asks for', () => {
		const error = toIngestError(failure({ code: 'ETHROTTLE', throttleReset: 300_000 }), context);

		expect(error.retryAfterMs).toBe(300_000);
	});

	it('names the mailbox and the words of the server', () => {
		const error = toIngestError(
			failure({ responseStatus: 'NO', responseText: 'Not today' }),
			context,
		);

		expect(error.message).toContain('"Alerts"');
		expect(error.message).toContain('Not today');
	});
});

describe('every error', () => {
	it('leaves out a secret that the server repeats', () => {
		const error = toIngestError(refused('Bad login neo s3cr$t'), context);

		expect(`${error.message} ${error.remedy ?? ''}`).not.toContain('s3cr$t');
	});

	it('shows a name with a dollar sign as it is', () => {
		expect(toIngestError(refused('No.'), { ...context, username: "$&'$1" }).message).toContain(
			"$&'$1",
		);
	});

	it('keeps a long answer with control characters short and on one line', () => {
		const error = toIngestError(refused(`a\r\nb\u001b${'x'.repeat(5000)}`), context);

		expect(error.message).toMatch(/^[\x20-\x7e…]{1,500}$/);
	});

	it('of this package stays what it is', () => {
		const own = new IngestError('configuration', 'wrong');

		expect(toIngestError(own, context)).toBe(own);
	});

	it('that is not even an error is told', () => {
		expect(toIngestError('gone', context).message).toContain('gone');
	});
});
