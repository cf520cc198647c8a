import { IngestError } from '../core/errors';
import { restOfPause } from '../core/pause';
import type { AccessToken } from './access-token';

/** A token is renewed this long before it expires, so that a session that begins with it has some time. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;
/** While the endpoint is down, a token is still given out until this long before it expires. */
const LAST_USE_BEFORE_MS = 60 * 1000;

interface Entry {
	token?: AccessToken & { readonly renewOn: number };
	pending?: Promise<AccessToken>;
	/** The endpoint asked for a pause: until then the same error again, without a request. */
	pause?: { readonly until: number; readonly error: IngestError };
}

/** Tokens by identity: one token and at most one request in flight each. */
export class TokenRegistry {
	private readonly entries = new Map<string, Entry>();

	/**
	 * Gives the token kept under `key`, or has `request` get one.
	 *
	 * @param now milliseconds since 1970
	 */
	async get(
		key: string,
		now: () => number,
		request: () => Promise<AccessToken>,
	): Promise<AccessToken> {
		const entry = this.open(key, now());
		const { token, pause, pending } = entry;
		if (token !== undefined && now() < token.renewOn) return token;
		if (pending !== undefined) return pending;
		if (isPaused(pause, now())) return keepOrThrow(entry, now(), pause.error);
		entry.pending = renew(entry, now, request).finally(() => {
			delete entry.pending;
		});
		return entry.pending;
	}

	/** Forgets `token`, unless a newer one has taken its place. */
	forget(key: string, token: AccessToken): void {
		const entry = this.entries.get(key);
		if (entry?.token?.value === token.value) delete entry.token;
	}

	private open(key: string, now: number): Entry {
		const known = this.entries.get(key);
		if (known !== undefined) return known;
		// Identities whose secret was changed are never asked for again.
		for (const [other, entry] of this.entries) if (isSpent(entry, now)) this.entries.delete(other);
		const entry: Entry = {};
		this.entries.set(key, entry);
		return entry;
	}
}

async function renew(
	entry: Entry,
	now: () => number,
	request: () => Promise<AccessToken>,
): Promise<AccessToken> {
	try {
		const token = await request();
		const lifetime = token.expiresOn - now();
		// A token that lives for ten minutes or less would otherwise never be taken from here.
		const renewOn = token.expiresOn - Math.min(RENEW_BEFORE_MS, lifetime / 2);
		entry.token = { ...token, renewOn };
		delete entry.pause;
		return token;
	} catch (error) {
		if (error instanceof IngestError && error.retryAfterMs !== undefined) {
			entry.pause = { until: now() + error.retryAfterMs, error };
		}
		return keepOrThrow(entry, now(), error);
	}
}

/** An endpoint that cannot be reached is no reason to stop while the old token is good; a refusal is. */
function keepOrThrow({ token }: Entry, now: number, error: unknown): AccessToken {
	const unavailable = error instanceof IngestError && error.kind === 'unavailable';
	if (unavailable && token !== undefined && now < token.expiresOn - LAST_USE_BEFORE_MS)
		return token;
	throw error;
}

/** Whether the endpoint is to be left alone. */
function isPaused(pause: Entry['pause'], now: number): pause is NonNullable<Entry['pause']> {
	return pause !== undefined && restOfPause(pause.until, now) > 0;
}

function isSpent({ token, pending, pause }: Entry, now: number): boolean {
	return pending === undefined && now >= (token?.expiresOn ?? 0) && now >= (pause?.until ?? 0);
}

/**
 * The tokens of this n8n process (documented module state): every node that signs in as the same application shares them, as a
 * dozen triggers on one application would otherwise ask for a dozen tokens. Kept in memory only.
 */
export const PROCESS_TOKENS = new TokenRegistry();
