import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Login } from '../../../nodes/core/account/account';
import { IngestError } from '../../../nodes/core/errors';
import { SILENT_LOG } from '../../support/silent-log';
import type { Connection } from '../../../nodes/mail/connections/connection';
import { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import type { MailAccount } from '../../../nodes/mail/ports';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer } from '../../support/imap/fake-imap-server';
import { openSharedAccount } from '../../support/imap/shared-account';
import type { SharedAccountOptions } from '../../support/imap/shared-account';
import { createTestCa } from '../../support/servers/tls';
import type { TestCa } from '../../support/servers/tls';

/** The server shows by UIDVALIDITY which of these opened the connection that selects a mailbox. */
const PROOFS = ['red-pill', 'blue-pill', 'wrong-pill'] as const;
type Proof = (typeof PROOFS)[number];
const SOON = { patience: 5, idle: 1_000 };

let tls: TestCa;
const running: FakeImapServer[] = [];
const registries: ConnectionRegistry[] = [];

beforeAll(async () => {
	tls = await createTestCa();
});
afterEach(async () => {
	await Promise.all(registries.splice(0).map((registry) => registry.closeIdle()));
	await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function startServer() {
	const select = (_line: string, signIn: string) => [
		'* 3 EXISTS',
		`* OK [UIDVALIDITY ${String(1 + PROOFS.findIndex((proof) => signIn.includes(proof)))}] ok`,
		'* OK [UIDNEXT 4] ok',
		'TAG OK [READ-WRITE] selected',
	];
	const server = await startFakeImapServer({
		tls,
		answers: {
			LOGIN: (_line, signIn) =>
				signIn.includes('wrong-pill') ? ['TAG NO LOGIN failed.'] : ['TAG OK welcome'],
			SELECT: select,
		},
	});
	running.push(server);
	return server;
}

function createRegistry(limits: ConstructorParameters<typeof ConnectionRegistry>[0] = {}) {
	const registry = new ConnectionRegistry(limits);
	registries.push(registry);
	return registry;
}

const openedBy = async (account: MailAccount): Promise<Proof | undefined> =>
	await account.withMailbox('INBOX', ({ state }) =>
		Promise.resolve(PROOFS[Number(state.uidValidity) - 1]),
	);

/** A use that lasts until `end` is called. */
function beginUse(account: MailAccount) {
	let end = (): void => undefined;
	let begun = (): void => undefined;
	const isOver = new Promise<void>((resolve) => (end = resolve));
	const hasBegun = new Promise<void>((resolve) => (begun = resolve));
	const done = account.withMailbox('INBOX', async () => {
		begun();
		await isOver;
	});
	return { hasBegun, end, done };
}

/** Holds up whoever passes until it is opened. */
function createGate() {
	let open = (): void => undefined;
	let reach = (): void => undefined;
	const isOpen = new Promise<void>((resolve) => (open = resolve));
	const isReached = new Promise<void>((resolve) => (reach = resolve));
	const pass = async () => {
		reach();
		await isOpen;
	};
	return { pass, open, isReached };
}

const withSecret = (secret: string): Partial<SharedAccountOptions> => {
	const login: Login = {
		kind: 'clientCredentials',
		credentials: {
			issuer: { kind: 'endpoint', tokenUrl: 'https://login.example.com/token' },
			clientId: 'app',
			scope: 'imap',
			proof: { kind: 'secret', secret, sendIn: 'body' },
		},
	};
	return { login, password: secret };
};
const withPassword = (password: string): Partial<SharedAccountOptions> => ({ password });

describe.each([
	['password', withPassword],
	['client secret', withSecret],
] as const)('somebody with a wrong %s', (_name, withProof) => {
	it('gets no connection of the right one, whether it lies idle, is given back or opened late', async () => {
		const server = await startServer();
		const registry = createRegistry({ limits: { ...SOON, perAccount: 2 } });
		const open = (proof: Proof, more: Partial<SharedAccountOptions> = {}) =>
			openSharedAccount(server, { registry, ...withProof(proof), ...more });
		const wrong = () => openedBy(open('wrong-pill')).catch((error: unknown) => error);
		const gate = createGate();
		let opened = 0;
		const signIn = async () => {
			opened += 1;
			if (opened > 1) await gate.pass();
			return { user: 'neo', password: 'red-pill' };
		};
		const first = beginUse(open('red-pill', { signIn }));
		await first.hasBegun;
		const second = beginUse(open('red-pill', { signIn }));
		await gate.isReached;
		first.end();
		await second.hasBegun;

		const attempts = [wrong()];
		gate.open();
		await expect.poll(() => server.connectionCount).toBeGreaterThan(1);
		attempts.push(wrong());
		second.end();
		await Promise.all([first.done, second.done]);
		attempts.push(wrong());

		const refused = { code: 'password-rejected' };
		expect(await Promise.all(attempts)).toMatchObject([refused, refused, refused]);
	});

	it('neither fails nor pauses the uses of the right one', async () => {
		const server = await startServer();
		const registry = createRegistry({ limits: { ...SOON, perAccount: 1 } });
		const open = (proof: Proof) => openSharedAccount(server, { registry, ...withProof(proof) });
		const first = beginUse(open('red-pill'));
		await first.hasBegun;
		const wrong = openedBy(open('wrong-pill')).catch((error: unknown) => error);
		const waiting = [openedBy(open('red-pill')), openedBy(open('red-pill'))];

		first.end();

		expect(await Promise.all(waiting)).toStrictEqual(['red-pill', 'red-pill']);
		expect(await wrong).toMatchObject({ code: 'password-rejected' });
		expect(await openedBy(open('red-pill'))).toBe('red-pill');
		await first.done;
	});
});

it('uses with several proofs take turns within the limit of the account', async () => {
	const server = await startServer();
	const registry = createRegistry({ limits: { ...SOON, perAccount: 1 } });
	const uses = Array.from({ length: 8 }, (_, index) => PROOFS[index % 2] ?? 'red-pill');

	const got = uses.map((password) => openedBy(openSharedAccount(server, { registry, password })));

	expect(await Promise.all(got)).toStrictEqual(uses);
	expect(registry.size).toBe(1);
});

it('a pause that a token endpoint asks for keeps nobody with another secret from the server', async () => {
	const server = await startServer();
	const registry = createRegistry();
	const slowDown = new IngestError('throttled', 'slow down', { retryAfterMs: 60_000 });
	const signIn = () => Promise.reject(slowDown);
	const open = (more: Partial<SharedAccountOptions>) =>
		openedBy(openSharedAccount(server, { registry, ...more }));

	await expect(open({ ...withSecret('wrong-pill'), signIn })).rejects.toBe(slowDown);
	await expect(open(withSecret('wrong-pill'))).rejects.toBe(slowDown);

	await expect(open(withSecret('red-pill'))).resolves.toBe('red-pill');
});

type Step =
	| { readonly do: 'acquire' | 'openApart'; readonly proof: Proof }
	| { readonly do: 'release' | 'replace' | 'fail'; readonly which: number };

const proof = fc.constantFrom(...PROOFS);
const which = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('acquire' as const), proof }) },
	fc.record({ do: fc.constant('openApart' as const), proof }),
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constantFrom('release' as const, 'replace' as const, 'fail' as const),
			which,
		}),
	},
);

interface Use {
	readonly proof: Proof;
	connection: Connection;
	isFailed: boolean;
	readonly replace: (connection: Connection) => Promise<Connection>;
	readonly release: (connection: Connection) => Promise<void>;
}

/** Runs steps without waiting for those who wait, and notes who got a connection that another proof had opened. */
class Interleaving {
	readonly strangers: string[] = [];
	readonly failures: unknown[] = [];
	private readonly uses: Use[] = [];
	private readonly pending: Array<Promise<void>> = [];
	private isOver = false;

	constructor(
		private readonly server: FakeImapServer,
		private readonly registry: ConnectionRegistry,
	) {}

	async run(steps: readonly Step[]): Promise<void> {
		for (const next of steps) {
			const done = this.perform(next).catch((error: unknown) => {
				this.failures.push(error);
			});
			this.pending.push(done);
			await new Promise((resolve) => setImmediate(resolve));
		}
		this.isOver = true;
		while (this.uses.length > 0) await this.end(0);
		await Promise.all(this.pending);
	}

	private async perform(next: Step): Promise<void> {
		if ('proof' in next) await this.begin(next.do, next.proof);
		else if (next.do === 'release') await this.end(next.which);
		else if (next.do === 'replace') await this.replace(this.uses.at(next.which));
		else this.fail(this.uses.at(next.which));
	}

	private async begin(how: 'acquire' | 'openApart', proof: Proof): Promise<void> {
		const options = {
			account: {
				host: this.server.host,
				port: this.server.port,
				username: 'neo',
				caCertificate: tls.ca,
			},
			signIn: () => Promise.resolve({ user: 'neo', password: proof }),
			log: SILENT_LOG,
			timeouts: { logout: 200, queue: 5_000 },
		};
		const shared = {
			registry: this.registry,
			login: { kind: 'password', password: proof },
			eager: true,
		} as const;
		try {
			if (how === 'openApart') {
				const apart = await this.registry.openApart(options, shared, 1_000);
				await this.look(apart.connection, proof);
				await apart.close();
				return;
			}
			const source = this.registry.connectionsOf(options, shared);
			const { connection } = await source.acquire();
			const use: Use = { proof, connection, isFailed: false, ...source };
			await this.look(connection, proof);
			this.uses.push(use);
			if (this.isOver) await this.end(this.uses.indexOf(use));
		} catch (error) {
			const { code } = error as { code?: string };
			if (proof !== 'wrong-pill' || code !== 'password-rejected') throw error;
		}
	}

	/** A connection that was lost may be found out only now. */
	private async look(connection: Connection, proof: Proof): Promise<void> {
		const { uidValidity } = await connection.run((client) => client.mailboxOpen('INBOX'));
		const opener = PROOFS[Number(uidValidity) - 1];
		if (opener !== proof) this.strangers.push(`${proof} got one of ${String(opener)}`);
	}

	private async end(which: number): Promise<void> {
		const [use] = this.uses.splice(which % Math.max(1, this.uses.length), 1);
		await use?.release(use.connection);
	}

	private async replace(use: Use | undefined): Promise<void> {
		if (use === undefined) return;
		this.uses.splice(this.uses.indexOf(use), 1);
		const connection = await use.replace(use.connection);
		await this.look(connection, use.proof);
		this.uses.push({ ...use, connection });
		if (this.isOver) await this.end(this.uses.length - 1);
	}

	private fail(use: Use | undefined): void {
		use?.connection.client.close();
	}
}

it('in any order of events a use has a connection that was opened with its own proof', async () => {
	const server = await startServer();
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
			const registry = new ConnectionRegistry({
				limits: { ...SOON, perAccount: 2, inAll: 4 },
			});
			const interleaving = new Interleaving(server, registry);

			await interleaving.run(steps);

			expect(interleaving.strangers).toStrictEqual([]);
			expect(interleaving.failures).toStrictEqual([]);
			await registry.closeIdle();
			await expect.poll(() => registry.size).toBe(0);
		}),
		{ numRuns: 30, endOnFailure: true },
	);
});
