/** What happens to a message once its delivery is acknowledged. */
export type CleanUp =
	| { readonly action: 'none' | 'markAsRead' | 'flag' | 'delete' }
	| {
			readonly action: 'moveToFolder';
			readonly folder: string;
			/** Retention of that folder in days; absent = kept for good. */
			readonly deleteAfterDays?: number;
	  };

/** The texts of a message that a pattern can be matched against. */
export const TEXT_FIELDS = ['from', 'subject', 'body'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** What becomes of a named group that did not take part in its match. */
export type WhenMissing = 'leaveOut' | 'emptyString' | 'refuse';

/** Where AlertMagic wants the payload of a rule: never in an item, a log or an error. */
export interface Destination {
	readonly uri: string;
	readonly username: string;
	readonly password: string;
}

/** A rule (AlertMagic: an *ingest*): which messages, what is captured, what happens afterwards. */
export interface Rule {
	readonly name: string;
	/** Patterns in .NET syntax; one left out does not restrict. */
	readonly filter: Readonly<Partial<Record<TextField, string>>>;
	/** Patterns in .NET syntax, each with at least one named group. */
	readonly captures: Readonly<Record<TextField, readonly string[]>>;
	readonly whenMissing: WhenMissing;
	readonly cleanUp: CleanUp;
}

/** The payload of a delivery: one flat JSON object of strings. */
export type Payload = Readonly<Record<string, string>>;
