import { expect, it } from 'vitest';
import { proxyOfEnvironment } from '../../nodes/net/proxy';

const PROXY = 'http://proxy.example.com:3128';

it.each([
	[{}, undefined],
	[{ HTTPS_PROXY: PROXY }, PROXY],
	[{ https_proxy: PROXY, HTTPS_PROXY: 'http://other:1' }, PROXY],
	[{ ALL_PROXY: 'socks5://proxy.example.com:1080' }, 'socks5://proxy.example.com:1080'],
	[{ HTTPS_PROXY: PROXY, ALL_PROXY: 'http://other:1' }, PROXY],
	[{ HTTP_PROXY: PROXY }, undefined],
	[{ HTTPS_PROXY: 'proxy.example.com:3128' }, PROXY],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: 'imap.example.com' }, undefined],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: 'IMAP.example.com:993' }, undefined],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: 'imap.example.com:443' }, PROXY],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: 'localhost, .example.com' }, undefined],
	[{ HTTPS_PROXY: PROXY, no_proxy: '*.example.com' }, undefined],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
	[{ HTTPS_PROXY: PROXY, NO_PROXY: 'example.com' }, PROXY],
])('with %j a mail server is reached through %s', (variables, proxy) => {
	expect(proxyOfEnvironment('imap.example.com', 993, variables)).toBe(proxy);
});
