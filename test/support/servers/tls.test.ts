import { once } from 'node:events';
import { createServer, get } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestCa, type TestCa } from './tls';

async function startServer({ cert, key }: TestCa) {
	const server = createServer({ cert, key }, (_request, response) => response.end('hello'));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.close();
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return address.port;
}

const fetchStatus = (host: string, port: number, ca: string) =>
	new Promise<number | undefined>((resolve, reject) => {
		get({ host, port, ca, family: 4, agent: false }, (response) => {
			response.resume();
			resolve(response.statusCode);
		}).on('error', reject);
	});

describe('createTestCa', () => {
	it.each(['localhost', '127.0.0.1'])(
		'is trusted for %s by a client that knows it',
		async (host) => {
			const testCa = await createTestCa();
			const port = await startServer(testCa);
			expect(await fetchStatus(host, port, testCa.ca)).toBe(200);
		},
	);

	it('makes authorities that do not trust each other', async () => {
		const port = await startServer(await createTestCa());
		const { ca } = await createTestCa();
		await expect(fetchStatus('localhost', port, ca)).rejects.toThrow(/certificate/);
	});

	it('is refused for a name that was not asked for', async () => {
		const testCa = await createTestCa({ hosts: ['mail.example.com'] });
		const port = await startServer(testCa);
		await expect(fetchStatus('localhost', port, testCa.ca)).rejects.toThrow(/altnames/);
	});
});
