import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import { openMailboxWatch } from '../../../nodes/mail/mailbox-watch';
import { createTestCa } from '../../support/servers/tls';

const NODES = path.join(__dirname, '..', '..', '..', 'nodes');
const CLIENTS = ['net/https.ts', 'mail/connections/driver-options.ts'];

let server: Server | undefined;
afterEach(() => {
	server?.close();
});

/** Connects to a server that speaks these versions of TLS only. */
async function connect(versions: {
	readonly minVersion: 'TLSv1' | 'TLSv1.2';
	readonly maxVersion: 'TLSv1.1' | 'TLSv1.2';
}): Promise<unknown> {
	const { ca, cert, key } = await createTestCa();
	// Old versions need old ciphers.
	server = createServer({ cert, key, ciphers: 'DEFAULT@SECLEVEL=0', ...versions }, (socket) => {
		socket.on('error', () => undefined);
		socket.end('* BYE not today\r\n');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	return await openMailboxWatch({
		account: { host: 'localhost', port: address.port, username: 'neo', caCertificate: ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		shared: {
			registry: new ConnectionRegistry(),
			login: { kind: 'password', password: 'white-rabbit' },
		},
	}).catch((error: unknown) => error);
}

describe('the oldest TLS that is spoken', () => {
	it('is 1.2: a server that has only 1.1 is refused in the handshake', async () => {
		expect(await connect({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toMatchObject({
			message: expect.stringMatching(/TLS/) as unknown,
		});
	});

	it('is good enough for the same server when it speaks 1.2', async () => {
		expect(await connect({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).toMatchObject({
			message: expect.stringMatching(/not today/) as unknown,
		});
	});

	it.each(CLIENTS)('is set, and certificates are verified, in %s', async (file) => {
		const source = await readFile(path.join(NODES, file), 'utf8');
		expect(source).toMatch(/minVersion: 'TLSv1\.2'/);
		expect(source).toMatch(/rejectUnauthorized: true/);
	});
});
