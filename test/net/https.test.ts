import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createHttpClient } from '../../nodes/net/https';
import { aadsts, startEntra } from '../support/oauth/entra';
import { findFreePort } from '../support/servers/free-port';
import { createTestCa } from '../support/servers/tls';
import { rejectionOf, SECRET } from '../auth/fixtures';

async function startEndpoint(hosts?: string[]) {
	const entra = await startEntra({ tls: await createTestCa(hosts && { hosts }), secret: SECRET });
	onTestFinished(() => entra.stop());
	return entra;
}
const post = (url: string, options: Parameters<typeof createHttpClient>[0]) =>
	createHttpClient(options).send({ method: 'POST', url, body: 'grant_type=x' });

describe('a token endpoint that cannot be used', () => {
	it('is told apart when nothing listens there', async () => {
		const url = `https://localhost:${String(await findFreePort())}/token`;
		const error = await rejectionOf(post(url, {}));
		expect(error).toMatchObject({ code: 'connection-refused', kind: 'unavailable' });
		expect(error.message).toContain(new URL(url).host);
	});

	it('is told apart when its authority is not trusted, and is trusted with CA Certificate', async () => {
		const { tokenUrl, ca } = await startEndpoint();
		const error = await rejectionOf(post(tokenUrl, {}));
		expect(error.code).toBe('certificate-not-trusted');
		expect(error.remedy).toContain('CA Certificate of the account');
		await expect(post(tokenUrl, { caCertificate: ca })).resolves.toHaveProperty('status', 400);
	});

	it('is told apart when its certificate has another name', async () => {
		const { tokenUrl, ca } = await startEndpoint(['login.example.com']);
		const error = await rejectionOf(post(tokenUrl, { caCertificate: ca }));
		expect(error.code).toBe('certificate-not-trusted');
		expect(error.message).toContain('another host name');
	});

	it('is told apart when it does not answer', async () => {
		const entra = await startEndpoint();
		entra.answerNext('silence');
		const options = { caCertificate: entra.ca, timeoutMs: 300 };
		expect(await rejectionOf(post(entra.tokenUrl, options))).toMatchObject({ code: 'time-out' });
	});

	it('is told apart when it does not speak TLS', async () => {
		const server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.end('220 mail.example.com ESMTP\r\n');
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => {
			server.close();
		});
		const address = server.address();
		const port = typeof address === 'object' ? String(address?.port) : '';
		const error = await rejectionOf(post(`https://localhost:${port}/token`, {}));
		expect(error).toMatchObject({ code: 'connection-refused' });
		expect(error.message).toContain('does not speak TLS');
	});

	it('is read no further than is asked for', async () => {
		const entra = await startEndpoint();
		entra.answerNext({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) });
		const { body, truncated } = await post(entra.tokenUrl, { caCertificate: entra.ca });
		expect({ length: body.length, truncated }).toEqual({ length: 1024 * 1024, truncated: true });
	});

	it('is not followed elsewhere: a secret must not travel on', async () => {
		const [entra, other] = [await startEndpoint(), await startEndpoint()];
		entra.answerNext({ status: 307, headers: { location: other.tokenUrl }, body: '' });
		const response = await post(entra.tokenUrl, { caCertificate: entra.ca });
		expect(response).toMatchObject({ status: 307, headers: { location: other.tokenUrl } });
		expect(other.tokenRequests).toHaveLength(0);
	});

	it('is left alone once the execution is cancelled', async () => {
		const entra = await startEndpoint();
		entra.answerNext('silence');
		const cancel = new AbortController();
		const client = createHttpClient({ caCertificate: entra.ca });
		const answer = client.send({ method: 'GET', url: entra.tokenUrl, signal: cancel.signal });
		cancel.abort();
		expect(await rejectionOf(answer)).toMatchObject({ code: 'connection-lost' });
	});

	it('is looked up as the instance allows', async () => {
		const { tokenUrl, ca } = await startEndpoint();
		const error = await rejectionOf(
			post(tokenUrl, {
				caCertificate: ca,
				egress: {
					check: () => Promise.resolve(),
					lookup: (_host, _options, done) => {
						done(Object.assign(new Error('not allowed here'), { code: 'EPERM' }), '');
					},
				},
			}),
		);
		expect(error.message).toContain('There is no way from this machine to the token endpoint');
	});

	it('is never asked without TLS', async () => {
		const error = await rejectionOf(post('http://localhost:1/token', {}));
		expect(error.message).toContain('only https');
	});

	it('passes a refusal on as it is', async () => {
		const entra = await startEndpoint();
		entra.answerNext(aadsts(7000215, 'invalid_client', 401));
		const response = await post(entra.tokenUrl, { caCertificate: entra.ca });
		expect(response.status).toBe(401);
		expect(response.body).toContain('AADSTS7000215');
	});
});
