import { setImmediate } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import type { SecureContext } from 'node:tls';
import { ImapFlow } from 'imapflow';
import type { Account, SignInProof } from '../../core/account/account';
import { IngestError } from '../../core/errors';
import type { Log } from '../../core/log';
import { toDriverOptions, toSecureContext } from './driver-options';
import { toIngestError } from '../faults/errors';
import type { MailErrorContext } from '../faults/driver-error';
import { createFailureMemory } from './failure-memory';
import type { FailureMemory } from './failure-memory';
import { checkWay } from '../../net/egress';
import type { EgressRules } from '../../net/egress';
import { DEFAULT_TIMEOUTS } from '../limits';
import type { MailTimeouts } from '../limits';
import { logAlerts } from './server-alerts';
import { watchSilence } from './silence-watch';

/** A session ends with its token; no use begins this long before. */
const TOKEN_MARGIN_MS = 5 * 60 * 1000;
/** What Exchange says as it ends a session whose token has expired. */
const TOKEN_EXPIRED = /AccessTokenExpired/i;

export interface ClientOptions {
	readonly account: Pick<
		Account,
		'host' | 'port' | 'username' | 'caCertificate' | 'greetingTimeoutMs' | 'tlsServerName' | 'proxy'
	>;
	/** Asked once for each connection, so that a token is fresh; `refusedToken` is not to be given again. */
	readonly signIn: (refusedToken?: string) => Promise<SignInProof>;
	readonly log: Log;
	/** Those of the n8n instance. */
	readonly egress?: EgressRules | undefined;
	readonly timeouts?: Partial<MailTimeouts> | undefined;
	/** Epoch milliseconds, for the end of a token; the system's clock unless given. */
	readonly now?: () => number;
	/** Gets the error of a token the server refused without saying why, and may return one that says more. */
	readonly explainRefusal?: (error: IngestError) => Promise<IngestError>;
	/** Keeps whom connections trust, by the own authority; made for each connection unless given. */
	readonly secureContextFor?: (caCertificate: string | undefined) => SecureContext;
}

interface Parts {
	readonly client: ImapFlow;
	readonly proof: SignInProof;
	readonly context: MailErrorContext;
	readonly failures: FailureMemory;
	readonly timeouts: MailTimeouts;
	/** Epoch milliseconds from which on no use may begin. */
	readonly usableUntil: number;
}

/** A signed-in connection, and what its uses have made of it. */
export class Connection {
	/** See `Session`. */
	readonly paths = new Map<string, string>();
	private running = 0;
	private answers = 0;
	private spoiled = false;
	private untested = false;
	private pause: IngestError | undefined;

	constructor(private readonly parts: Parts) {}

	get client(): ImapFlow {
		return this.parts.client;
	}

	/** Calls that have been answered so far. */
	get answered(): number {
		return this.answers;
	}

	/** The error by which the server asked for a pause, if it did. */
	get throttled(): IngestError | undefined {
		return this.pause;
	}

	/** The token of the session, once the server has said that it is no longer good. */
	get refusedToken(): string | undefined {
		const { client, proof } = this.parts;
		const expired = TOKEN_EXPIRED.test(client.byeReason ?? '');
		return expired && 'accessToken' in proof ? proof.accessToken : undefined;
	}

	/** Epoch milliseconds from which on no use may begin; infinite where no token ends. */
	get usableUntil(): number {
		return this.parts.usableUntil;
	}

	/** Whether another use may have it: connected, nothing under way, nothing gone wrong, the token good for a while. */
	isReusable(now: number): boolean {
		return (
			this.client.usable && this.running === 0 && !this.spoiled && now < this.parts.usableUntil
		);
	}

	/** True once it has served or lain idle: it may be gone without anybody having noticed. */
	get isUsed(): boolean {
		return this.answers > 0 || this.untested;
	}

	/** Tells that the connection will lie idle: the next call finds out sooner whether it is still there. */
	lieIdle(): void {
		this.untested = true;
	}

	/** Calls `listener` once the connection is gone, whoever ended it. */
	onClosed(listener: () => void): void {
		this.client.once('close', listener);
	}

	/** Runs one call of the driver; see `Session`. */
	async run<Result>(
		call: (client: ImapFlow) => Promise<Result>,
		mailbox?: string,
	): Promise<Exclude<Result, false | undefined>> {
		this.running += 1;
		try {
			const result = await this.answer(call, mailbox);
			this.answers += 1;
			return result;
		} catch (error) {
			this.note(error);
			throw error;
		} finally {
			this.running -= 1;
			this.untested = false;
		}
	}

	/** Polite where the server still listens, final in any case. */
	async close(): Promise<void> {
		const { client, timeouts } = this.parts;
		await disconnect(client, this.running === 0 ? timeouts.logout : 0);
	}

	private async answer<Result>(
		call: (client: ImapFlow) => Promise<Result>,
		mailbox: string | undefined,
	): Promise<Exclude<Result, false | undefined>> {
		const { client, context, failures, timeouts } = this.parts;
		const place = mailbox === undefined ? context : { ...context, mailbox };
		const silence = this.untested ? Math.min(timeouts.reuse, timeouts.silence) : timeouts.silence;
		failures.forget();
		let result;
		try {
			result = await watchSilence(client, { ...timeouts, silence }, () => call(client));
		} catch (error) {
			throw toIngestError(failures.causeOf(error), place);
		}
		if (isOutcome(result)) return result;
		throw toIngestError(failures.last() ?? lost(client), place);
	}

	/** A clear answer of the server leaves the connection as it was; after anything else its state is unknown. */
	private note(error: unknown): void {
		const isAnswer =
			error instanceof IngestError && error.kind === 'mailbox' && error.cause === undefined;
		if (isAnswer) this.answers += 1;
		else this.spoiled = true;
		if (error instanceof IngestError && error.retryAfterMs !== undefined) this.pause = error;
	}
}

/**
 * Connects and signs in. A kept token that the server refuses may have been revoked: then once more, with a fresh one.
 *
 * @param refusedToken a token that is not to be shown again
 * @param idle milliseconds for which the connection may lie idle
 * @throws IngestError
 */
export async function openConnection(
	options: ClientOptions,
	refusedToken: string | undefined,
	idle: number,
): Promise<Connection> {
	const proof = await options.signIn(refusedToken);
	try {
		return await connect(options, proof, idle);
	} catch (error) {
		if (!isRefusedToken(error, proof) || proof.kept !== true) throw await explain(error, options);
		const fresh = await options.signIn(proof.accessToken);
		return await connect(options, fresh, idle).catch(async (second: unknown) => {
			throw await explain(second, options);
		});
	}
}

async function connect(
	options: ClientOptions,
	proof: SignInProof,
	idle: number,
): Promise<Connection> {
	const { account, egress, now = Date.now } = options;
	const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
	const failures = createFailureMemory(options.log, () => {
		// Later, as the driver begins to wait only after it has told its logger.
		setImmediate(() => {
			client.close();
		});
	});
	const context = toContext(options, proof);
	const secureContext = secure(options, context);
	await checkWay(egress, account);
	const settings = { account, secureContext, timeouts, idle, lookup: egress?.lookup };
	const client = new ImapFlow(toDriverOptions(settings, proof, failures.logger));
	client.on('error', (error: unknown) => failures.remember(error));
	logAlerts(client, context, options.log);
	try {
		await watchSilence(client, timeouts, () => client.connect());
	} catch (error) {
		client.close();
		throw toIngestError(failures.causeOf(error), context);
	}
	// The driver would put the prefix before every path, those of shared mailboxes as well; mailbox-path.ts knows better.
	if (client.namespace !== undefined) client.namespace = { ...client.namespace, prefix: '' };
	const usableUntil = toUsableUntil(proof, now());
	return new Connection({ client, proof, context, failures, timeouts, usableUntil });
}

function secure(
	{ account, secureContextFor = toSecureContext }: ClientOptions,
	context: MailErrorContext,
): SecureContext {
	try {
		return secureContextFor(account.caCertificate);
	} catch (error) {
		throw toIngestError(error, context);
	}
}

function isRefusedToken(
	error: unknown,
	proof: SignInProof,
): proof is Extract<SignInProof, { readonly accessToken: string }> {
	return 'accessToken' in proof && isSignInRefused(error);
}

function isSignInRefused(error: unknown): error is IngestError {
	return error instanceof IngestError && error.code === 'sign-in-refused';
}

/** Asks the issuer's side why the token was refused. */
async function explain(error: unknown, { explainRefusal }: ClientOptions): Promise<unknown> {
	return isSignInRefused(error) && explainRefusal !== undefined
		? await explainRefusal(error)
		: error;
}

/** A token that lives for ten minutes or less could otherwise never be used twice. */
function toUsableUntil(proof: SignInProof, now: number): number {
	if (!('accessToken' in proof) || proof.expiresOn === undefined) return Number.POSITIVE_INFINITY;
	return proof.expiresOn - Math.min(TOKEN_MARGIN_MS, (proof.expiresOn - now) / 2);
}

function isOutcome<Result>(result: Result): result is Exclude<Result, false | undefined> {
	return result !== false && result !== undefined;
}

/** The driver also returns `false` without a word, mostly when the connection is gone. */
function lost(client: ImapFlow): unknown {
	return client.usable
		? new Error('the driver gave no result and no reason')
		: Object.assign(new Error('Connection not available'), {
				code: 'NoConnection',
				reason: client.byeReason,
			});
}

async function disconnect(client: ImapFlow, patience: number): Promise<void> {
	const settled = new AbortController();
	try {
		if (client.usable && patience > 0) {
			const farewell = client.logout().catch(() => undefined);
			const limit = { signal: settled.signal };
			await Promise.race([farewell, wait(patience, undefined, limit).catch(() => undefined)]);
		}
	} finally {
		settled.abort();
		client.close();
	}
}

function toContext({ account }: ClientOptions, proof: SignInProof): MailErrorContext {
	const { host, port, username, proxy } = account;
	const ofProxy = proxy === undefined ? [] : [decodeURIComponent(new URL(proxy).password)];
	return 'accessToken' in proof
		? { host, port, username, proof: 'accessToken', secrets: [proof.accessToken, ...ofProxy] }
		: { host, port, username, proof: 'password', secrets: [proof.password, ...ofProxy] };
}
