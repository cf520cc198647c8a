import { describe, expect, it } from 'vitest';
import { parseAccount } from '../../../nodes/core/account/parse-account';

const FIELDS = {
	url: 'imaps://mail.example.com',
	username: 'neo',
	authentication: 'password',
	password: 'white-rabbit',
};

describe('the way to the mail server', () => {
	it.each([
		['tlsServerName', 'Bridge.Example.com', 'bridge.example.com'],
		['tlsServerName', ' 127.0.0.1 ', '127.0.0.1'],
		[
			'proxy',
			'http://neo:s3cr3t@proxy.example.com:3128',
			'http://neo:s3cr3t@proxy.example.com:3128',
		],
		['proxy', ' socks5://proxy.example.com:1080/ ', 'socks5://proxy.example.com:1080/'],
		['proxy', '', undefined],
	] as const)('takes %s %s', (name, value, read) => {
		expect(parseAccount({ ...FIELDS, [name]: value })[name]).toBe(read);
	});

	it.each([
		['tlsServerName', 'https://mail.example.com', 'TLS Server Name is "https://mail.example.com"'],
		['tlsServerName', 'mail example', 'TLS Server Name is "mail example"'],
		['proxy', 'neo:s3cr3t@proxy:3128', 'Proxy'],
		['proxy', 'ftp://neo:s3cr3t@proxy.example.com', 'Proxy begins with ftp:'],
		['proxy', 'http://neo:s3cr3t@proxy.example.com/path', 'Proxy has more behind host and port'],
		['proxy', 'http://neo:s3cr3t@', 'Proxy is no URL'],
	])('refuses %s %s by name, without a secret', (name, value, text) => {
		const refusal = () => parseAccount({ ...FIELDS, [name]: value });

		expect(refusal).toThrow(text);
		expect(refusal).not.toThrow('s3cr3t');
	});

	it('cannot be changed for the identity of the machine', () => {
		const fields = {
			authentication: 'managedIdentity',
			tlsServerName: 'x.example',
			proxy: 'http://x:1',
		};

		const account = parseAccount({ ...FIELDS, ...fields });

		expect(account).not.toHaveProperty('proxy');
		expect(account).not.toHaveProperty('tlsServerName');
	});
});
