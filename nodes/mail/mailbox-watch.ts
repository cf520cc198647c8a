import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import type { MailboxObject } from 'imapflow';
import { accountName } from '../core/account/account';
import type { Session } from './connections/client';
import type { ClientOptions } from './connections/connection';
import type { SharedUse } from './connections/connection-registry';
import { openMailbox } from './mailbox';
import type { ApartConnection } from './connections/pool-request';
import { DEFAULT_TIMEOUTS } from './limits';
import type {
	MailAccount,
	MailboxState,
	MailboxWatch,
	OpenMailbox,
	RetentionMailbox,
} from './ports';

/** Routers forget a connection that is silent for four minutes; a server ends an IDLE after 29 (RFC 2177). */
const KEEP_ALIVE_MS = 180_000;
const CLOSE_PATIENCE_MS = 5_000;
/** An IDLE that ends so soon, and not by us, is none. */
const SHORTEST_IDLE_MS = 10_000;

/** What a SELECT shows of a mailbox that tells whether anything has come. */
type Shown = Pick<MailboxState, 'uidValidity' | 'uidNext'> &
	Partial<Pick<MailboxState, 'isUidNextTold'>>;

export interface WatchOptions extends ClientOptions {
	/** Counts its connections. */
	readonly shared: SharedUse;
	/** Milliseconds after which a connection without news is asked whether it is still there; three minutes unless given. */
	readonly keepAlive?: number | undefined;
}

/**
 * Connects to watch a mailbox: the server tells of new mail while IDLE runs, and work is done on the same connection.
 *
 * @throws IngestError
 */
export async function openMailboxWatch(options: WatchOptions): Promise<MailboxWatch> {
	const { keepAlive = KEEP_ALIVE_MS, shared } = options;
	const open = () => shared.registry.openApart(options, shared, keepAlive);
	return new ConnectionWatch(await open(), open, { ...options, keepAlive });
}

class ConnectionWatch implements MailboxWatch {
	/** True when something came that nobody has looked at. */
	private hasNews = false;
	/** True when the server said so. */
	private isAnnounced = false;
	private isGone = false;
	private isSilent: boolean;
	private closed: Promise<void> | undefined;
	/** Work that runs or waits for its turn. */
	private works = 0;
	private tail: Promise<unknown> = Promise.resolve();
	/** Ends with the IDLE that runs. */
	private listening: Promise<void> | undefined;
	private wake: () => void = () => undefined;
	/** The mailbox that was opened last, as the server writes it. */
	private openPath: string | undefined;
	/** What the mailbox was when it was opened last: the server announces nothing again that a SELECT has shown. */
	private shown: Shown = { uidValidity: '', uidNext: 0 };

	constructor(
		private apart: ApartConnection,
		private readonly reopen: () => Promise<ApartConnection>,
		private readonly options: WatchOptions & { readonly keepAlive: number },
	) {
		this.isSilent = !this.client.capabilities.has('IDLE');
		this.listenTo(apart);
	}

	private listenTo(apart: ApartConnection): void {
		apart.connection.client.on('exists', ({ count, prevCount }) => {
			// Some servers take back what they announced, or announce a removal so.
			if (count > prevCount) this.notice();
		});
		apart.connection.onClosed(() => {
			// One that was replaced is missed by nobody.
			if (this.apart !== apart) return;
			this.isGone = true;
			this.wake();
		});
	}

	/** Goes on with another connection in the midst of work, where a message has broken this one. */
	private async renew(): Promise<void> {
		const { apart } = this;
		await apart.close();
		this.apart = await this.reopen();
		// Nobody announces what came between the two.
		this.hasNews = true;
		this.isGone = false;
		this.listenTo(this.apart);
		if (this.closed !== undefined) await this.apart.close();
	}

	get pushes(): boolean {
		return !this.isSilent;
	}

	get usableUntil(): number {
		return this.apart.connection.usableUntil;
	}

	get isOpen(): boolean {
		const { mailbox, usable } = this.client;
		return usable && mailbox !== false && mailbox.path === this.openPath;
	}

	async withMailbox<Result>(
		path: string,
		work: (mailbox: OpenMailbox & RetentionMailbox) => Promise<Result>,
		{ readOnly = false }: Parameters<MailAccount['withMailbox']>[2] = {},
	): Promise<Result> {
		return await this.inTurn(async () => {
			return await this.open(path, readOnly, work);
		});
	}

	caughtUp(): void {
		this.hasNews = false;
		this.isAnnounced = false;
	}

	private async open<Result>(
		path: string,
		readOnly: boolean,
		work: (mailbox: OpenMailbox & RetentionMailbox) => Promise<Result>,
	): Promise<Result> {
		const { options, session } = this;
		const account = accountName(options.account);
		// A router may have forgotten the connection meanwhile.
		this.apart.connection.lieIdle();
		const { access, mailbox } = await openMailbox(session, account, path, readOnly);
		const { state, ensureOpen } = access.selected;
		const opened = this.client.mailbox;
		const openPath = opened === false ? state.path : opened.path;
		// Opening it to tidy up looks at no mail.
		if (openPath === this.openPath && this.isNews(state)) this.hasNews = true;
		this.openPath = openPath;
		this.shown = state;
		try {
			const result = await work(mailbox);
			// Work may have opened other mailboxes.
			await ensureOpen();
			return result;
		} finally {
			this.noteReselected(opened);
		}
	}

	/** Looks at what the mailbox has become where work had to open it again, or found it created anew. */
	private noteReselected(opened: MailboxObject | false): void {
		const { mailbox } = this.client;
		if (mailbox === opened || mailbox === false || mailbox.path !== this.openPath) return;
		const again = { uidValidity: String(mailbox.uidValidity), uidNext: mailbox.uidNext };
		if (this.isNews(again)) this.hasNews = true;
		this.shown = again;
	}

	/** Whether there is more than was shown before, or something else. */
	private isNews({ uidValidity, uidNext, isUidNextTold = true }: Shown): boolean {
		const { shown } = this;
		// Where the server does not tell UIDNEXT, it falls as messages are removed.
		const isOther = isUidNextTold ? uidNext !== shown.uidNext : uidNext > shown.uidNext;
		return isOther || uidValidity !== shown.uidValidity;
	}

	async wait(limitMs: number, signal: AbortSignal): Promise<boolean> {
		const begun = performance.now();
		// An IDLE may turn out to be refused while it is waited for.
		const { look = DEFAULT_TIMEOUTS.look } = this.options.timeouts ?? {};
		const rest = () =>
			begun + (this.isSilent ? Math.min(limitMs, look) : limitMs) - performance.now();
		const isOver = () => this.hasNews || signal.aborted || rest() <= 0;
		while (!isOver()) {
			if (this.isElsewhere) return false;
			await this.idle(Math.min(rest(), this.options.keepAlive), signal);
			await this.tail;
			// Ends the IDLE, and finds out whether anybody is still there.
			if (!isOver()) await this.inTurn(() => this.ask());
		}
		return this.isAnnounced;
	}

	async close(patienceMs = CLOSE_PATIENCE_MS): Promise<void> {
		this.closed ??= this.end(patienceMs);
		await this.closed;
	}

	private async end(patienceMs: number): Promise<void> {
		const settled = new AbortController();
		const limit = delay(patienceMs, undefined, { signal: settled.signal, ref: false });
		await Promise.race([this.tail, limit.catch(() => undefined)]);
		settled.abort();
		await this.apart.close();
	}

	private get client() {
		return this.apart.connection.client;
	}

	private get session(): Session {
		const current = () => this.apart.connection;
		return {
			get client() {
				return current().client;
			},
			get paths() {
				return current().paths;
			},
			run: (call, mailbox) => current().run(call, mailbox),
			renew: () => this.renew(),
		};
	}

	/** Runs work after what was given before it; an IDLE that runs is ended by the first command. */
	private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
		this.works += 1;
		this.wake();
		const run = this.tail.then(work);
		this.tail = run.catch(() => undefined);
		try {
			return await run;
		} finally {
			this.works -= 1;
		}
	}

	/** Work that failed may have left another mailbox open, where nothing is heard of the one that is watched. */
	private get isElsewhere(): boolean {
		return this.works === 0 && this.client.usable && !this.isOpen;
	}

	private notice(): void {
		this.hasNews = true;
		this.isAnnounced = true;
		this.wake();
	}

	/** Waits in IDLE, where the server has it, until something comes, the time is over or the connection is gone. */
	private async idle(limitMs: number, signal: AbortSignal): Promise<void> {
		const woken = new Promise<void>((resolve) => {
			this.wake = resolve;
		});
		const stop = () => {
			this.wake();
		};
		const timer = setTimeout(stop, limitMs);
		timer.unref();
		signal.addEventListener('abort', stop);
		if (this.isGone || this.works > 0) stop();
		try {
			this.listening ??= this.isSilent ? undefined : this.listen();
			await Promise.race([woken, ...(this.listening === undefined ? [] : [this.listening])]);
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
		}
	}

	/** Ends with the IDLE; one that the server does not keep up is given up for this connection. */
	private async listen(): Promise<void> {
		const begun = performance.now();
		const answer = await this.client.idle().catch(() => false);
		this.listening = undefined;
		// Some servers end it to tell of mail.
		const isShort = performance.now() - begun < SHORTEST_IDLE_MS && !this.isAnnounced;
		if ((answer === false || isShort) && this.client.usable && this.works === 0)
			this.isSilent = true;
	}

	/** @throws IngestError when the connection is gone, with the reason */
	private async ask(): Promise<void> {
		this.apart.connection.lieIdle();
		await this.apart.connection.run(async (client) => {
			if (client.usable) await client.noop();
			return client.usable;
		});
	}
}
