import { afterEach, describe, expect, it, vi } from 'vitest';
import { SILENT_LOG } from '../../support/silent-log';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import { verifyLogin } from '../../support/imap/verify-login';
import { startTcpProxy } from '../../support/servers/tcp-proxy';
import { createTestCa } from '../../support/servers/tls';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const ends: Array<() => Promise<void>> = [];
afterEach(async () => {
	vi.unstubAllEnvs();
	for (const end of ends.splice(0)) await end();
});

async function startServer(hosts: string[]) {
	const server = await startFakeImapServer({ tls: await createTestCa({ hosts }) });
	ends.push(() => server.stop());
	return server;
}

async function startProxy(port: number, refusal?: string) {
	const proxy = await startTcpProxy(port, refusal);
	ends.push(() => proxy.close());
	return proxy;
}

const signIn = (
	host: string,
	{ port, ca }: { readonly port: number; readonly ca: string },
	way: { readonly tlsServerName?: string; readonly proxy?: string } = {},
) =>
	verifyLogin({
		account: { host, port, username: 'neo', caCertificate: ca, ...way },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { connect: 5_000, greeting: 2_000, logout: 200 },
		shared: OWN_CONNECTIONS,
	});

describe('the name that a certificate is expected to have', () => {
	it.each([
		['127.0.0.1', 'localhost'],
		['bridge.example.com', 'localhost'],
		['bridge.example.com', '127.0.0.1'],
	])('may be %s at %s', async (name, host) => {
		const server = await startServer([name]);

		await expect(signIn(host, server, { tlsServerName: name })).resolves.toBeUndefined();
		await expect(signIn(host, server)).rejects.toThrow('certificate');
	});

	it('is then the only one that counts', async () => {
		const server = await startServer(['localhost']);

		await expect(
			signIn('localhost', server, { tlsServerName: 'bridge.example.com' }),
		).rejects.toThrow('certificate');
	});
});

describe('a proxy', () => {
	it.each(['http', 'socks5'])('of the account leads to the server by %s', async (scheme) => {
		const server = await startServer(['imap.example.com']);
		const proxy = await startProxy(server.port);
		const url = `${scheme}://127.0.0.1:${String(proxy.port)}`;

		await signIn('imap.example.com', server, { proxy: url });

		expect(proxy.requests).toHaveLength(1);
		expect(proxy.requests[0]).toContain(`imap.example.com:${String(server.port)}`);
	});

	it.each(['HTTPS_PROXY', 'ALL_PROXY'])('is taken from %s', async (variable) => {
		const server = await startServer(['imap.example.com']);
		const proxy = await startProxy(server.port);
		vi.stubEnv(variable, `http://127.0.0.1:${String(proxy.port)}`);

		await signIn('imap.example.com', server);

		expect(proxy.requests).toHaveLength(1);
	});

	it('is left out for a server that NO_PROXY names', async () => {
		const server = await startServer(['localhost']);
		const proxy = await startProxy(server.port);
		vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${String(proxy.port)}`);
		vi.stubEnv('NO_PROXY', 'localhost');

		await signIn('localhost', server);

		expect(proxy.requests).toHaveLength(0);
	});

	it('that refuses is an outage, told without its password', async () => {
		const server = await startServer(['imap.example.com']);
		const refusal = 'HTTP/1.1 403 Forbidden\r\n\r\n';
		const proxy = await startProxy(server.port, refusal);
		const url = `http://neo:s3cr3t@127.0.0.1:${String(proxy.port)}`;

		const error: unknown = await signIn('imap.example.com', server, { proxy: url }).catch(
			(reason: unknown) => reason,
		);

		expect(error).toMatchObject({ kind: 'unavailable' });
		expect(String(error)).toContain('proxy');
		expect(JSON.stringify(error) + String(error)).not.toContain('s3cr3t');
		expect(proxy.requests[0]).toContain(
			`Proxy-Authorization: Basic ${Buffer.from('neo:s3cr3t').toString('base64')}`,
		);
	});
});
