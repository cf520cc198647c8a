import { setTimeout as wait } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { Account } from '../core/account';
import type { IngestError } from '../core/errors';
import type { Log } from '../core/log';
import { toDriverOptions } from './driver-options';
import type { SignInProof } from './driver-options';
import { toIngestError } from './errors';
import type { MailErrorContext } from './errors';
import { createFailureMemory } from './failure-memory';
import type { FailureMemory } from './failure-memory';
import { DEFAULT_TIMEOUTS } from './limits';
import type { MailTimeouts } from './limits';

/** What it takes to connect to an account. */
export interface ClientOptions {
	readonly account: Pick<Account, 'host' | 'port' | 'username' | 'caCertificate'>;
	/** Asked once for each connection, so that a token is fresh. */
	readonly signIn: () => Promise<SignInProof>;
	readonly log: Log;
	readonly timeouts?: Partial<MailTimeouts>;
	/** Gets the error of a token the server refused without saying why, and may return one that says more. */
	readonly explainRefusal?: (error: IngestError) => Promise<IngestError>;
}

/** A signed-in connection. Its calls must not overlap: one connection runs one command at a time. */
export interface Session {
	readonly client: ImapFlow;
	/**
	 * Runs one call of the driver and gives its result.
	 *
	 * @throws IngestError for whatever went wrong, also where the driver only returns `false` or `undefined`
	 */
	run<Result>(
		call: (client: ImapFlow) => Promise<Result>,
		mailbox?: string,
	): Promise<Exclude<Result, false | undefined>>;
}

/** Gives `work` a session and takes it back; the seam behind which connections may be shared. */
export type WithSession = <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>;

/** Sessions of one connection each: connected before the work, logged out and closed after it, whatever happens. */
export function createSessions(options: ClientOptions): WithSession {
	return async (work) => {
		const proof = await options.signIn();
		const failures = createFailureMemory(options.log);
		const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
		const settings = { account: options.account, timeouts };
		const client = new ImapFlow(toDriverOptions(settings, proof, failures.logger));
		client.on('error', (error: unknown) => failures.remember(error));
		try {
			const context = toContext(options, proof);
			await connect(client, options, context, failures);
			return await work(toSession(client, context, failures));
		} finally {
			await disconnect(client, timeouts.logout);
		}
	};
}

async function connect(
	client: ImapFlow,
	options: ClientOptions,
	context: MailErrorContext,
	failures: FailureMemory,
): Promise<void> {
	try {
		await client.connect();
	} catch (error) {
		const failure = toIngestError(failures.causeOf(error), context);
		const { explainRefusal } = options;
		const isUnexplained = failure.code === 'sign-in-refused' && context.proof === 'accessToken';
		throw isUnexplained && explainRefusal !== undefined ? await explainRefusal(failure) : failure;
	}
}

function toSession(client: ImapFlow, context: MailErrorContext, failures: FailureMemory): Session {
	return {
		client,
		run: async (call, mailbox) => {
			const place = mailbox === undefined ? context : { ...context, mailbox };
			failures.forget();
			let result;
			try {
				result = await call(client);
			} catch (error) {
				throw toIngestError(failures.causeOf(error), place);
			}
			if (isOutcome(result)) return result;
			throw toIngestError(failures.last() ?? lost(client), place);
		},
	};
}

function isOutcome<Result>(result: Result): result is Exclude<Result, false | undefined> {
	return result !== false && result !== undefined;
}

/** The driver also returns `false` without a word, mostly when the connection is gone. */
function lost(client: ImapFlow): unknown {
	return client.usable
		? new Error('the driver gave no result and no reason')
		: Object.assign(new Error('Connection not available'), { code: 'NoConnection' });
}

/** Polite where the server still listens, final in any case. */
async function disconnect(client: ImapFlow, patience: number): Promise<void> {
	const settled = new AbortController();
	try {
		if (client.usable) {
			const farewell = client.logout().catch(() => undefined);
			await Promise.race([
				farewell,
				wait(patience, undefined, { signal: settled.signal }).catch(() => undefined),
			]);
		}
	} finally {
		settled.abort();
		client.close();
	}
}

function toContext({ account }: ClientOptions, proof: SignInProof): MailErrorContext {
	const { host, port, username } = account;
	return 'accessToken' in proof
		? { host, port, username, proof: 'accessToken', secrets: [proof.accessToken] }
		: { host, port, username, proof: 'password', secrets: [proof.password] };
}
