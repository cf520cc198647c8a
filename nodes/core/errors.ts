/*
 * The ground under everything: the one error (errors.ts) with its pauses (pause.ts), what is blanked out of foreign texts
 * (redact.ts, escaped-text.ts), where layers report to (log.ts). The rooms decide: account/, json/, rules/, message/,
 * delivery/, webhook/, regex/. Nothing here knows a network, a clock or n8n.
 */
import { toPause } from './pause';

/**
 * What went wrong, by the remedy it needs. Adapters map foreign errors to these once, at the call;
 * shell/to-node-error.ts turns them into n8n's.
 */
export type IngestErrorCode =
	// The user's settings: fail activation.
	| 'configuration'
	| 'pattern'
	// Sign-in: a person must act.
	| 'password-rejected'
	| 'app-password-needed'
	| 'imap-disabled'
	| 'client-secret-wrong'
	| 'client-secret-expired'
	| 'certificate-rejected'
	| 'tenant-unknown'
	| 'application-unknown'
	| 'scope-refused'
	| 'consent-missing'
	| 'mailbox-permission-missing'
	| 'mailbox-not-connected'
	| 'sign-in-refused'
	| 'sign-in-not-offered'
	// The way to the server: wait and try again.
	| 'certificate-not-trusted'
	| 'host-not-found'
	| 'connection-refused'
	| 'connection-lost'
	| 'time-out'
	| 'throttled'
	| 'token-endpoint-failed'
	// The mailbox.
	| 'mailbox-missing'
	| 'mailbox-read-only'
	| 'stale-reference'
	| 'refused-by-server'
	// One message.
	| 'undecided'
	| 'capture-missing'
	| 'message-unreadable'
	// One that others, which cannot be read, kept from being asked for alone.
	| 'message-not-asked'
	// The receiving end of a payload.
	| 'delivery-refused'
	| 'delivery-failed'
	// Too much waits for the workflow.
	| 'held-back';

/** The class of an error code: who has to act, and whether waiting helps. */
export type IngestErrorKind =
	'configuration' | 'signIn' | 'unavailable' | 'mailbox' | 'message' | 'delivery';

const KIND_OF_CODE: Readonly<Record<IngestErrorCode, IngestErrorKind>> = {
	configuration: 'configuration',
	pattern: 'configuration',
	'password-rejected': 'signIn',
	'app-password-needed': 'signIn',
	'imap-disabled': 'signIn',
	'client-secret-wrong': 'signIn',
	'client-secret-expired': 'signIn',
	'certificate-rejected': 'signIn',
	'tenant-unknown': 'signIn',
	'application-unknown': 'signIn',
	'scope-refused': 'signIn',
	'consent-missing': 'signIn',
	'mailbox-permission-missing': 'signIn',
	'mailbox-not-connected': 'unavailable',
	'sign-in-refused': 'signIn',
	'sign-in-not-offered': 'signIn',
	'certificate-not-trusted': 'unavailable',
	'host-not-found': 'unavailable',
	'connection-refused': 'unavailable',
	'connection-lost': 'unavailable',
	'time-out': 'unavailable',
	throttled: 'unavailable',
	'token-endpoint-failed': 'unavailable',
	'mailbox-missing': 'mailbox',
	'mailbox-read-only': 'mailbox',
	'stale-reference': 'mailbox',
	'refused-by-server': 'mailbox',
	undecided: 'message',
	'capture-missing': 'message',
	'message-unreadable': 'message',
	'message-not-asked': 'message',
	'delivery-refused': 'delivery',
	'delivery-failed': 'delivery',
	'held-back': 'delivery',
};

/** Keys and indices that lead to a value of a JSON document. */
export type Place = ReadonlyArray<string | number>;

export interface IngestErrorDetails {
	/** The field, parameter or JSON path at fault, in the words of the screen or the JSON. */
	readonly field?: string | undefined;
	/** The same place as data, in the keys of the JSON: `['Ingests', 0, 'Payload', 'BodyCaptures', 1]`. */
	readonly place?: Place | undefined;
	/** What to do about it, in one or two sentences. */
	readonly remedy?: string | undefined;
	/** Milliseconds the server asked us to wait before the next attempt; an hour is the longest that is kept to. */
	readonly retryAfterMs?: number | undefined;
	readonly cause?: unknown;
}

/** The one error of this package: what was wrong (message), which field, and the remedy. Never carries a secret. */
export class IngestError extends Error {
	readonly code: IngestErrorCode;
	readonly field: string | undefined;
	readonly place: Place | undefined;
	readonly remedy: string | undefined;
	readonly retryAfterMs: number | undefined;

	constructor(code: IngestErrorCode, message: string, details: IngestErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.name = new.target.name;
		this.code = code;
		this.field = details.field;
		this.place = details.place;
		this.remedy = details.remedy;
		this.retryAfterMs = toPause(details.retryAfterMs);
	}

	/** The same error in other words. */
	inWords(message: string): IngestError {
		return new IngestError(this.code, message, { ...this, cause: this });
	}

	/** The class of the error: who has to act, and whether waiting helps. */
	get kind(): IngestErrorKind {
		return KIND_OF_CODE[this.code];
	}
}

/** A setting that is not as it has to be: `Trigger is empty.` */
export function wrongSetting(field: string, problem: string, remedy: string): IngestError {
	return new IngestError('configuration', `${field} ${problem}.`, { field, remedy });
}

/** So many faults are told one by one; of the others only the number. */
const MAX_TOLD = 20;

/** Several configuration faults found in one pass, so that a user can fix them all at once. */
export class ConfigurationError extends IngestError {
	readonly faults: readonly IngestError[];

	/** @param untold how many there are beyond those of the list */
	constructor(faults: readonly [IngestError, ...IngestError[]], untold = 0) {
		const [first] = faults;
		const told = faults.slice(0, MAX_TOLD);
		const more = faults.length - told.length + untold;
		const remedies = told.flatMap(({ remedy }) => remedy ?? []);
		super(first.code, told.length === 1 ? first.message : listMessages(told, more), {
			field: first.field,
			place: first.place,
			remedy: [...new Set(remedies)].join(' '),
		});
		this.faults = faults;
	}
}

function listMessages(told: readonly IngestError[], more: number): string {
	const list = told.map(({ message }, index) => `(${String(index + 1)}) ${message}`).join(' ');
	const count = String(told.length + more);
	return `${count} problems: ${list}${more > 0 ? ` And ${String(more)} more.` : ''}`;
}

/** Collects faults. Making the words of one costs time, so that those beyond the first 20 are only counted. */
export class Faults {
	private readonly told: IngestError[] = [];
	private untold = 0;

	add(make: () => IngestError): void {
		if (this.told.length < MAX_TOLD) this.told.push(make());
		else this.untold += 1;
	}

	/** Throws one ConfigurationError for all faults, and nothing when there is none. */
	assertNone(): void {
		const [first, ...rest] = this.told;
		if (first !== undefined) throw new ConfigurationError([first, ...rest], this.untold);
	}
}

/** Throws one ConfigurationError for all faults collected, and nothing when there is none. */
export function assertNoFaults(faults: readonly IngestError[]): void {
	const [first, ...rest] = faults;
	if (first !== undefined) throw new ConfigurationError([first, ...rest]);
}
