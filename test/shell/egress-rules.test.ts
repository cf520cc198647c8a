import type { LookupFunction } from 'node:net';
import type { NodeEgressFilter } from 'n8n-workflow';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { readEgressRules } from '../../nodes/shell/egress-rules';
import { openMailAccount } from '../../nodes/shell/open-account';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { startFakeImapServer } from '../support/imap/fake-imap-server';
import type { FakeImapServer } from '../support/imap/fake-imap-server';

let server: FakeImapServer;
afterEach(async () => {
	await server.stop();
});

/** n8n with these rules: hosts that are refused, and a look-up of its own. */
function toContext(rules: {
	readonly refused?: readonly string[];
	readonly error?: Error;
	readonly lookup?: LookupFunction;
	readonly fields?: object;
}) {
	const asked: string[] = [];
	const lookup = vi.fn(
		rules.lookup ??
			((_host, { all }, done) => {
				if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
				else done(null, '127.0.0.1', 4);
			}),
	);
	const filter: NodeEgressFilter = {
		validateUrl: (url) => {
			const { hostname } = new URL(url);
			asked.push(hostname);
			return Promise.resolve(
				rules.refused?.includes(hostname) === true
					? { ok: false, error: rules.error ?? new Error('blocked') }
					: { ok: true, result: undefined },
			);
		},
		createSecureLookup: () => lookup,
		validateConnectionHost: () => ({ ok: true, result: undefined }),
		validateRedirectSync: () => undefined,
	};
	const fields = {
		url: `imaps://localhost:${String(server.port)}`,
		authentication: 'password',
		username: 'neo',
		password: 'white-rabbit',
		caCertificate: server.ca,
		...rules.fields,
	};
	return {
		asked,
		lookup,
		context: {
			getCredentials: () => Promise.resolve(fields as never),
			getMode: () => 'trigger' as const,
			helpers: { getSecureEgressFilter: () => filter },
		},
	};
}

const list = async (context: ReturnType<typeof toContext>['context']) => {
	const services = {
		now: Date.now,
		tokens: new TokenRegistry(),
		connections: new ConnectionRegistry(),
	};
	const { mailAccount } = await openMailAccount(context, SILENT_LOG, services);
	return await mailAccount.list();
};

describe('the egress rules of n8n', () => {
	it('are asked before a mail server is connected to, and give its address', async () => {
		server = await startFakeImapServer();
		const { context, asked, lookup } = toContext({});
		await list(context);
		expect(asked).toEqual(['localhost']);
		expect(lookup).toHaveBeenCalled();
	});

	it('keep a mail server out', async () => {
		server = await startFakeImapServer();
		const { context } = toContext({ refused: ['localhost'] });
		await expect(list(context)).rejects.toMatchObject({
			code: 'configuration',
			message: `The egress rules of n8n do not allow localhost:${String(server.port)}.`,
		});
		expect(server.connectionCount).toBe(0);
	});

	it('keep a mail server out whose name has an address that is not allowed', async () => {
		server = await startFakeImapServer();
		const { context } = toContext({
			lookup: (_host, _options, done) => {
				done(Object.assign(new Error('blocked'), { code: 'EACCES' }), '');
			},
		});
		await expect(list(context)).rejects.toMatchObject({ kind: 'unavailable' });
		expect(server.connectionCount).toBe(0);
	});

	it('keep a token endpoint out', async () => {
		server = await startFakeImapServer();
		const { context, asked } = toContext({
			refused: ['login.example.com'],
			fields: {
				authentication: 'clientSecret',
				tokenUrl: 'https://login.example.com/token',
				clientId: 'client',
				clientSecret: 'white-rabbit',
			},
		});
		await expect(list(context)).rejects.toMatchObject({
			code: 'configuration',
			message: 'The egress rules of n8n do not allow login.example.com.',
		});
		expect(asked).toEqual(['login.example.com']);
	});

	it('do not speak of a host that cannot be found', async () => {
		server = await startFakeImapServer();
		const error = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
		const { context } = toContext({ refused: ['localhost'], error });
		await list(context);
		expect(server.connectionCount).toBe(1);
	});

	it('are not there in older versions', async () => {
		server = await startFakeImapServer();
		expect(readEgressRules({})).toBeUndefined();
		expect(readEgressRules({ helpers: {} })).toBeUndefined();
	});
});
