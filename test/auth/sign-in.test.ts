import { afterAll, beforeAll, expect, it } from 'vitest';

import { createHttpClient } from '../../nodes/net/https';
import { createSignIn } from '../../nodes/auth/sign-in';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { SILENT_LOG } from '../support/silent-log';
import { startEntra } from '../support/oauth/entra';
import type { EntraStandIn } from '../support/oauth/entra';
import { createTestCa } from '../support/servers/tls';
import { SECRET, toEntraCredentials } from './fixtures';

let entra: EntraStandIn;
beforeAll(async () => {
	entra = await startEntra({ tls: await createTestCa(), secret: SECRET });
});
afterAll(() => entra.stop());

it('tells when a token ends, and gives another one for a token the server has refused', async () => {
	const credentials = toEntraCredentials(entra);
	const account = {
		host: 'outlook.office365.com',
		port: 993,
		username: 'neo@example.com',
		login: { kind: 'clientCredentials' as const, credentials },
	};
	const registry = new TokenRegistry();
	const open = () =>
		createSignIn(account, {
			now: Date.now,
			log: SILENT_LOG,
			http: createHttpClient({ caCertificate: entra.ca }),
			registry,
		});
	const first = await open().signIn();
	if (!('accessToken' in first)) throw new Error('A token was expected');
	expect(first.expiresOn).toBeGreaterThan(Date.now());
	entra.setClaims({ jti: 'another' });

	const unlike = await open().signIn('some other token');
	const second = await open().signIn(first.accessToken);
	const third = await open().signIn(first.accessToken);

	expect(first).toMatchObject({ kept: false });
	expect(unlike).toStrictEqual({ ...first, kept: true });
	expect(second).not.toMatchObject({ accessToken: first.accessToken });
	expect(third).toStrictEqual({ ...second, kept: true });
	expect(entra.tokenRequests).toHaveLength(2);
});
