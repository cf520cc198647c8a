import { describe, expect, it } from 'vitest';

import type { HttpClient } from '../../nodes/net/https';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { createTokenSource } from '../../nodes/auth/token-source';
import type { ClientCredentials } from '../../nodes/core/account/account';
import { IngestError } from '../../nodes/core/errors';
import { SILENT_LOG } from '../support/silent-log';
import { rejectionOf } from './fixtures';

const CREDENTIALS: ClientCredentials = {
	issuer: { kind: 'endpoint', tokenUrl: 'https://login.example.com/token' },
	clientId: 'client',
	scope: 'scope',
	proof: { kind: 'secret', secret: 'secret', sendIn: 'body' },
};
const MINUTE = 60_000;

/** A clock that the test moves, and an endpoint that counts and answers as it is told. */
function createWorld(lifetimeSeconds = 3600) {
	const registry = new TokenRegistry();
	const world = {
		time: 1_000_000,
		requests: 0,
		failure: undefined as IngestError | { status: number; retryAfter?: string } | undefined,
		gate: Promise.resolve(),
	};
	const http: HttpClient = {
		send: async () => {
			world.requests += 1;
			const value = `token-${String(world.requests)}`;
			await world.gate;
			const { failure } = world;
			if (failure instanceof IngestError) throw failure;
			if (failure !== undefined) {
				const headers =
					failure.retryAfter === undefined ? {} : { 'retry-after': failure.retryAfter };
				return { status: failure.status, headers, body: '{"error":"x"}' };
			}
			const body = JSON.stringify({ access_token: value, expires_in: lifetimeSeconds });
			return { status: 200, headers: {}, body };
		},
	};
	const source = (credentials: ClientCredentials = CREDENTIALS) =>
		createTokenSource({ credentials, http, now: () => world.time, log: SILENT_LOG, registry });
	return { world, source };
}

describe('token source', () => {
	it('keeps a token until five minutes before it expires', async () => {
		const { world, source } = createWorld();
		const tokens = source();
		const { value } = await tokens.token();
		world.time += 55 * MINUTE - 1;
		expect((await tokens.token()).value).toBe(value);
		world.time += 1;
		expect((await tokens.token()).value).not.toBe(value);
		expect(world.requests).toBe(2);
	});

	it('keeps a token of short life for half of it', async () => {
		const { world, source } = createWorld(240);
		const tokens = source();
		await tokens.token();
		world.time += 2 * MINUTE - 1;
		await tokens.token();
		expect(world.requests).toBe(1);
		world.time += 1;
		await tokens.token();
		expect(world.requests).toBe(2);
	});

	it('has one request in flight for all sources of one identity', async () => {
		const { world, source } = createWorld();
		const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => source().token()));
		expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
		expect(world.requests).toBe(1);
	});

	it.each<[string, Partial<ClientCredentials>]>([
		['secret', { proof: { kind: 'secret', secret: 'another', sendIn: 'body' } }],
		['place of the secret', { proof: { kind: 'secret', secret: 'secret', sendIn: 'basicHeader' } }],
		['scope', { scope: 'another' }],
		['client', { clientId: 'another' }],
		['endpoint', { issuer: { kind: 'endpoint', tokenUrl: 'https://other.example.com/token' } }],
	])('does not share a token with an identity that has another %s', async (_what, change) => {
		const { world, source } = createWorld();
		await source().token();
		await source({ ...CREDENTIALS, ...change }).token();
		expect(world.requests).toBe(2);
	});

	it('asks again after the token was invalidated', async () => {
		const { world, source } = createWorld();
		const tokens = source();
		await tokens.token();
		tokens.invalidate();
		expect((await tokens.token()).value).toBe('token-2');
		expect(world.requests).toBe(2);
	});

	it('does not throw away a newer token than the one it gave', async () => {
		const { world, source } = createWorld();
		const [first, second] = [source(), source()];
		await first.token();
		await second.token();
		first.invalidate();
		await first.token();
		second.invalidate();
		expect((await second.token()).value).toBe('token-2');
		expect(world.requests).toBe(2);
	});

	it('does not remember a failure', async () => {
		const { world, source } = createWorld();
		world.failure = { status: 401 };
		await rejectionOf(source().token());
		world.failure = undefined;
		await expect(source().token()).resolves.toMatchObject({ value: 'token-2' });
	});

	it('fails all who wait for the same request, and asks anew afterwards', async () => {
		const { world, source } = createWorld();
		world.failure = { status: 500 };
		const results = await Promise.allSettled([source().token(), source().token()]);
		expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(world.requests).toBe(1);
		await rejectionOf(source().token());
		expect(world.requests).toBe(2);
	});

	it('leaves the endpoint alone for as long as it asked to be', async () => {
		const { world, source } = createWorld();
		world.failure = { status: 429, retryAfter: '60' };
		const first = await rejectionOf(source().token());
		world.failure = undefined;
		world.time += MINUTE - 1;
		expect(await rejectionOf(source().token())).toBe(first);
		expect(world.requests).toBe(1);
		world.time += 1;
		await expect(source().token()).resolves.toMatchObject({ value: 'token-2' });
	});

	it('understands a pause given as a date', async () => {
		const { world, source } = createWorld();
		const retryAfter = new Date(world.time + 90_000).toUTCString();
		world.failure = { status: 503, retryAfter };
		expect((await rejectionOf(source().token())).retryAfterMs).toBe(90_000);
	});

	it('asks again after an hour however long a pause was asked for', async () => {
		const { world, source } = createWorld();
		world.failure = { status: 429, retryAfter: '999999' };
		await rejectionOf(source().token());
		world.failure = undefined;
		world.time += 60 * MINUTE;
		await expect(source().token()).resolves.toMatchObject({ value: 'token-2' });
	});

	it('uses the old token to its last minute while the endpoint is down', async () => {
		const { world, source } = createWorld();
		await source().token();
		world.failure = new IngestError('time-out', 'down');
		world.time += 57 * MINUTE;
		expect((await source().token()).value).toBe('token-1');
		world.time += 2 * MINUTE;
		expect(await rejectionOf(source().token())).toBe(world.failure);
	});

	it('does not use the old token when the endpoint refuses', async () => {
		const { world, source } = createWorld();
		await source().token();
		world.failure = { status: 401 };
		world.time += 57 * MINUTE;
		expect(await rejectionOf(source().token())).toMatchObject({ kind: 'signIn' });
	});
});
