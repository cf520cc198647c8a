import { POISON, type Arrival } from './chaos-webhook';
import { MAILBOXES, type MailKind } from './chaos-workflow';
import type { ChaosMailbox, SentMail } from './chaos-mailbox';

/** What became of the mails of one round. */
export interface RoundOutcome {
	/** Not accepted by the webhook, or, where it never will be, not in quarantine. */
	readonly lost: readonly string[];
	/** Accepted arrivals beyond the first of each mail. */
	readonly duplicates: number;
	/** Tokens of mails that arrived under more than one delivery id, or under that of another mail. */
	readonly differentIds: readonly string[];
	readonly quarantined: number;
	/** Mails that are not where their rule puts them, in words. */
	readonly misplaced: readonly string[];
	/** How many were not delivered and not told of. */
	readonly silent: number;
}

/** What is known of a round besides its mails. */
export interface RoundFacts {
	/** How many mails the trigger told of as given up. */
	readonly told: number;
	/** Set where the server cannot move a mail into quarantine: it stays. */
	readonly cannotMove?: true | undefined;
}

/** Arrivals by token. */
export class Journal {
	private read = 0;
	private readonly byToken = new Map<string, Arrival[]>();
	private readonly tokenOfId = new Map<string, string>();
	private readonly clashes = new Set<string>();

	constructor(private readonly arrivals: readonly Arrival[]) {}

	/** Whether the receiver took the mail at least once. */
	isAccepted(token: string): boolean {
		return this.of(token).some(({ accepted }) => accepted);
	}

	countAccepted(token: string): number {
		return this.of(token).filter(({ accepted }) => accepted).length;
	}

	hasDifferentIds(token: string): boolean {
		const ids = new Set(this.of(token).map(({ deliveryId }) => deliveryId));
		return ids.size > 1 || this.clashes.has(token);
	}

	private of(token: string): readonly Arrival[] {
		for (; this.read < this.arrivals.length; this.read += 1) {
			const arrival = this.arrivals[this.read];
			if (arrival !== undefined) this.note(arrival);
		}
		return this.byToken.get(token) ?? [];
	}

	private note(arrival: Arrival): void {
		const { token, deliveryId } = arrival;
		this.byToken.set(token, [...(this.byToken.get(token) ?? []), arrival]);
		const owner = this.tokenOfId.get(deliveryId) ?? token;
		this.tokenOfId.set(deliveryId, owner);
		if (owner !== token) this.clashes.add(token);
	}
}

/** True for mails that have to reach the webhook, or quarantine when they cannot. */
export function isWanted({ kind }: SentMail): boolean {
	return kind !== 'other';
}

const HOPELESS: ReadonlySet<MailKind> = new Set([POISON, 'undecidable', 'unreadable']);

/** True for mails that no attempt can deliver. */
export function isHopeless({ kind }: SentMail): boolean {
	return HOPELESS.has(kind);
}

/** Looks at the webhook's journal and at every mailbox. */
export async function assess(
	mailbox: ChaosMailbox,
	journal: Journal,
	mails: readonly SentMail[],
	{ told, cannotMove }: RoundFacts = { told: 0 },
): Promise<RoundOutcome> {
	const places = await findPlaces(mailbox);
	const wanted = mails.filter(isWanted);
	const placesOf = (token: string) => places.get(token) ?? [];
	const isQuarantined = ({ token }: SentMail) =>
		placesOf(token).some((place) => place.startsWith(MAILBOXES.quarantine));
	const isSetAside = (mail: SentMail) =>
		cannotMove === true ? placesOf(mail.token).length > 0 : isQuarantined(mail);
	const undelivered = wanted.filter(({ token }) => !journal.isAccepted(token));
	return {
		lost: wanted
			.filter((mail) => (isHopeless(mail) ? !isSetAside(mail) : !journal.isAccepted(mail.token)))
			.map(({ token }) => token),
		duplicates: wanted.reduce(
			(sum, { token }) => sum + Math.max(0, journal.countAccepted(token) - 1),
			0,
		),
		differentIds: wanted
			.map(({ token }) => token)
			.filter((token) => journal.hasDifferentIds(token)),
		quarantined: wanted.filter(isQuarantined).length,
		misplaced: mails
			.filter((mail) => !isQuarantined(mail) || !isWanted(mail))
			.flatMap(({ kind, token }) => {
				const places = placesOf(token);
				// Two lives that have each delivered a mail may have moved it at the same time: the server then copies it twice.
				const isMovedTwice = kind === 'move' && places.length <= journal.countAccepted(token);
				const found = (isMovedTwice ? [...new Set(places)] : places).join(' and ');
				const isLeft = cannotMove === true && HOPELESS.has(kind);
				// A kill between \Deleted and EXPUNGE: afterwards nobody knows who marked it, and marked mail is left alone.
				if (kind === 'delete' && found === `${MAILBOXES.watched} \\Deleted`) return [];
				return found === (isLeft ? MAILBOXES.watched : PLACE_AFTER[kind])
					? []
					: [`${token} is in ${found || 'no mailbox'}`];
			}),
		silent: Math.max(0, undelivered.length - told),
	};
}

/** Where a mail lies once its delivery is over, with its system flags. */
const PLACE_AFTER: Readonly<Record<MailKind, string>> = {
	move: MAILBOXES.moved,
	read: `${MAILBOXES.watched} \\Seen`,
	flag: `${MAILBOXES.watched} \\Flagged`,
	stay: MAILBOXES.watched,
	delete: '',
	[POISON]: MAILBOXES.quarantine,
	undecidable: MAILBOXES.quarantine,
	unreadable: MAILBOXES.quarantine,
	other: MAILBOXES.watched,
};

async function findPlaces(mailbox: ChaosMailbox): Promise<ReadonlyMap<string, readonly string[]>> {
	const places = new Map<string, string[]>();
	for (const name of Object.values(MAILBOXES)) {
		for (const { messageId = '', flags } of await mailbox.list(name)) {
			const token = messageId.replace(/^<|@.*$/g, '');
			const place = [name, ...flags.filter((flag) => flag.startsWith('\\'))].join(' ');
			places.set(token, [...(places.get(token) ?? []), place]);
		}
	}
	return places;
}
