import { rootCertificates } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { ImapFlowOptions, Logger } from 'imapflow';
import type { Account } from '../core/account';
import type { IngestError } from '../core/errors';
import type { Log } from '../core/log';
import { toIngestError } from './errors';
import type { MailErrorContext } from './errors';
import { DEFAULT_TIMEOUTS } from './limits';
import type { MailTimeouts } from './limits';

/** What an account shows the server to sign in. */
export type SignInProof =
	| { readonly user: string; readonly password: string }
	| { readonly user: string; readonly accessToken: string };

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

/** One mail of the largest size that is read, and what surrounds it. */
const MAX_LITERAL_BYTES = 16 * 1024 * 1024;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const MAX_RESPONSE_TOKENS = 200_000;
const CLIENT_NAME = 'n8n-nodes-imap-ingest';

/** Sessions of one connection each: connected before the work, logged out and closed after it, whatever happens. */
export function createSessions(options: ClientOptions): WithSession {
	return async (work) => {
		const proof = await options.signIn();
		const failures = createFailureMemory(options.log);
		const client = new ImapFlow(toDriverOptions(options, proof, failures.logger));
		client.on('error', (error: unknown) => failures.remember(error));
		try {
			const context = toContext(options, proof);
			await connect(client, options, context, failures);
			return await work(toSession(client, context, failures));
		} finally {
			await disconnect(client, { ...DEFAULT_TIMEOUTS, ...options.timeouts }.logout);
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
		const isOpen = failure.code === 'sign-in-refused' && context.proof === 'accessToken';
		throw isOpen && explainRefusal !== undefined ? await explainRefusal(failure) : failure;
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

function toDriverOptions(
	{ account, timeouts }: ClientOptions,
	proof: SignInProof,
	logger: Logger,
): ImapFlowOptions {
	const limits = { ...DEFAULT_TIMEOUTS, ...timeouts };
	return {
		host: account.host,
		port: account.port,
		secure: true,
		auth:
			'accessToken' in proof
				? { user: proof.user, accessToken: proof.accessToken }
				: { user: proof.user, pass: proof.password },
		tls: {
			minVersion: 'TLSv1.2',
			rejectUnauthorized: true,
			...(account.caCertificate !== undefined && {
				ca: [...rootCertificates, account.caCertificate],
			}),
		},
		logger,
		clientInfo: { name: CLIENT_NAME },
		idHashAlgorithm: 'sha256',
		// One connection does a few commands and ends: nothing of this would pay.
		disableAutoIdle: true,
		disableAutoEnable: true,
		disableCompression: true,
		connectionTimeout: limits.connect,
		greetingTimeout: limits.greeting,
		socketTimeout: limits.silence,
		maxLineLength: MAX_LINE_BYTES,
		maxLiteralSize: MAX_LITERAL_BYTES,
		maxResponseSize: MAX_RESPONSE_BYTES,
		maxResponseTokens: MAX_RESPONSE_TOKENS,
	};
}

function toContext({ account }: ClientOptions, proof: SignInProof): MailErrorContext {
	const { host, port, username } = account;
	return 'accessToken' in proof
		? { host, port, username, proof: 'accessToken', secrets: [proof.accessToken] }
		: { host, port, username, proof: 'password', secrets: [proof.password] };
}

interface FailureMemory {
	readonly logger: Logger;
	remember(error: unknown): void;
	forget(): void;
	last(): unknown;
	/** A pending command only hears that the connection is gone; what ended it was told to the listener. */
	causeOf(error: unknown): unknown;
}

/**
 * The driver reports refusals to its logger and broken connections to its listener, not to the caller.
 * Its entries hold addresses and subjects, so only the text of a warning goes on to our log.
 */
function createFailureMemory(log: Log): FailureMemory {
	let refusal: unknown;
	let breakdown: unknown;
	const ignore = () => undefined;
	const keep = (entry: unknown) => {
		if (typeof entry !== 'object' || entry === null) return;
		if ('err' in entry && entry.err !== undefined) refusal = entry.err;
		if ('msg' in entry && typeof entry.msg === 'string') log.debug(`IMAP: ${entry.msg}`);
	};
	return {
		logger: { trace: ignore, debug: ignore, info: ignore, warn: keep, error: keep },
		remember: (error) => {
			breakdown ??= error;
		},
		forget: () => {
			refusal = undefined;
		},
		last: () => breakdown ?? refusal,
		causeOf: (error) => (isNoConnection(error) ? (breakdown ?? error) : error),
	};
}

function isNoConnection(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'NoConnection';
}
