import { describe, expect, it } from 'vitest';

import { parseAccount } from '../../../nodes/core/account/parse-account';
import { IngestError } from '../../../nodes/core/errors';

const parse = (url: unknown) =>
	parseAccount({ url, authentication: 'password', username: 'alerts@example.com', password: 'pw' });

const refusalOf = (url: unknown): IngestError => {
	try {
		parse(url);
	} catch (error) {
		if (error instanceof IngestError) return error;
	}
	throw new Error(`"${String(url)}" was not refused`);
};

describe('URL of an account', () => {
	it.each([
		['imaps://imap.gmail.com:993', 'imap.gmail.com', 993],
		['imaps://outlook.office365.com', 'outlook.office365.com', 993],
		['imaps://mail.example.com:1', 'mail.example.com', 1],
		['imaps://mail.example.com:65535', 'mail.example.com', 65535],
		['imaps://mail.example.com/', 'mail.example.com', 993],
		['imaps://mail.example.com:1993/', 'mail.example.com', 1993],
		['imaps://mail.example.com:', 'mail.example.com', 993],
		['imaps://[2001:db8::1]/', '2001:db8::1', 993],
		['IMAPS://Mail.Example.COM:993', 'mail.example.com', 993],
		['  imaps://mail.example.com:993\n', 'mail.example.com', 993],
		['imaps://mailserver:1993', 'mailserver', 1993],
		['imaps://127.0.0.1:443', '127.0.0.1', 443],
		['imaps://[2001:db8::1]:1993', '2001:db8::1', 1993],
		['imaps://[::1]', '::1', 993],
		['imaps://bücher.example', 'xn--bcher-kva.example', 993],
	])('reads %j', (url, host, port) => {
		expect(parse(url)).toMatchObject({ host, port });
	});

	it.each([
		['', 'is empty', 'imaps://imap.example.com:993'],
		[undefined, 'is empty', 'imaps://imap.example.com:993'],
		[993, 'is a number', 'Enter it as text'],
		['imap://mail.example.com:143', 'uses imap://', 'Enter imaps://mail.example.com:993.'],
		['imap://mail.example.com/x', 'uses imap://', 'Enter imaps://mail.example.com:993.'],
		['https://mail.example.com', 'uses https://', 'Enter imaps://mail.example.com:993.'],
		[
			'mail.example.com:1993',
			'does not start with imaps://',
			'Enter imaps://mail.example.com:1993.',
		],
		['mail.example.com', 'does not start with imaps://', 'Enter imaps://mail.example.com:993.'],
		[
			'imaps:mail.example.com',
			'does not start with imaps://',
			'Enter imaps://mail.example.com:993.',
		],
		['imaps://mail.example.com:1993/INBOX', 'has a path', 'Enter imaps://mail.example.com:1993.'],
		['imaps://mail.example.com\\INBOX', 'has a path', 'Enter imaps://mail.example.com:993.'],
		['imaps://mail.example.com?tls=1', 'has a query', 'Enter imaps://mail.example.com:993.'],
		['imaps://mail.example.com#top', 'has a fragment', 'Enter imaps://mail.example.com:993.'],
		['imaps://', 'has no host', 'Enter the IMAP server as imaps://'],
		['imaps://:993', 'has no host', 'Enter the IMAP server as imaps://'],
		['imaps:///INBOX', 'has a path', 'imaps://imap.example.com:993'],
		['imap://mail.example.com:1234/', 'uses imap://', 'Enter imaps://mail.example.com:1234.'],
		['https://mail.example.com:1234', 'only IMAP connections', 'imaps://mail.example.com:1234.'],
		['imaps://mail.example.com:0', 'has the port "0"', 'Enter imaps://mail.example.com:993.'],
		['imaps://mail.example.com:65536', 'has the port "65536"', 'imaps://mail.example.com:993.'],
		['imaps://mail.example.com:imaps', 'has the port "imaps"', 'imaps://mail.example.com:993.'],
		['imaps://mail.example.com:-1', 'has the port "-1"', 'imaps://mail.example.com:993.'],
		['imaps://2001:db8::1', 'no brackets around it', 'imaps://[2001:db8::1]:993'],
		['imaps://[2001:db8::1', 'no brackets around it', 'imaps://imap.example.com:993'],
		['imaps://[nonsense]', 'which is no host name', 'imaps://imap.example.com:993'],
		['imaps://mail example.com', 'which is no host name', 'imaps://imap.example.com:993'],
		['imaps://993', 'which is no host name', 'imaps://imap.example.com:993'],
		['imaps://mail.exa\tmple.com', 'which is no host name', 'imaps://imap.example.com:993'],
		['mail.example.com:143', 'does not start with imaps://', 'Enter imaps://mail.example.com:993.'],
		['imaps://mail%2eexample.com', 'which is no host name', 'imaps://imap.example.com:993'],
	])('refuses %j because it %s', (url, problem, remedy) => {
		const error = refusalOf(url);
		expect(error).toMatchObject({ code: 'configuration', field: 'URL' });
		expect(error.message).toContain(problem);
		expect(error.remedy).toContain(remedy);
	});

	it.each([
		'imaps://alerts:s3cr3t@mail.example.com:993',
		'imaps://alerts:s3cr3t/s3cr3t@mail.example.com',
		'imaps://alerts:s3cr3t@s3cr3t@mail.example.com/INBOX',
		'imap://alerts:s3cr3t@mail.example.com',
		'alerts:s3cr3t@mail.example.com',
		'imaps://mail.example.com/alerts:x@s3cr3t',
		'imaps://mail.example.com?x@s3cr3t#s3cr3t',
	])('refuses user-info and repeats nothing of it (row %#)', (url) => {
		const error = refusalOf(url);
		expect(error.message).toContain('contains an @');
		expect(`${error.message} ${error.remedy ?? ''}`).not.toContain('s3cr3t');
	});

	it('suggests the server without the user-info where it is clear', () => {
		const error = refusalOf('imaps://alerts:s3cr3t@mail.example.com:1993/');
		expect(error.remedy).toContain('imaps://mail.example.com:1993 here');
	});
});
