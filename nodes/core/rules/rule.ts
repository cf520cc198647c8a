/*
 * A rule (rule.ts) is read by json/ and shell/rules through the one table in keys/, compiled (compile-rules.ts; what was
 * said without patterns by plain/), applied to a message (evaluate.ts on message-texts.ts) and captures its payload
 * (capture.ts, typed-value.ts). explain.ts, describe-rule.ts and suggest.ts speak to people.
 */
import type { RequiredAuthentication } from '../message/authentication';
import type { Condition } from './plain/conditions';
import type { CapturedField } from './plain/fields';
import type { ValueMap } from './plain/values';
import type { RecordSource } from './plain/records';
import type { TextField } from './text-field';
import type { PayloadValue, ValueType } from './typed-value';

/** What happens to a message once its delivery is acknowledged. */
export type CleanUp =
	| { readonly action: 'none' | 'markAsRead' | 'flag' | 'delete' }
	| {
			readonly action: 'moveToFolder';
			readonly folder: string;
			/** Retention of that folder in days; absent = kept for good. */
			readonly deleteAfterDays?: number;
	  };

/** What becomes of a named group that did not take part in its match, or whose value does not have its type. */
export type WhenMissing = 'leaveOut' | 'emptyString' | 'refuse';

/** What a receiver of alerts does with a message. */
export type AlertAction = 'open' | 'update' | 'resolve';

export type ActionOfValue = {
	/** Name of the value. */
	readonly name: string;
	/** The value, in any case. */
	readonly is: string;
	readonly action: AlertAction;
};

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Where AlertMagic wants the payload of a rule: never in an item, a log or an error. */
export interface Destination {
	readonly uri: string;
	readonly username: string;
	readonly password: string;
}

/**
 * A rule (AlertMagic: an *ingest*): which messages, what is captured, what happens afterwards. What AlertMagic does not
 * know is optional, and absent where it says nothing.
 */
export interface Rule {
	readonly name: string;
	/** Patterns in .NET syntax; one left out does not restrict. */
	readonly filter: Readonly<Partial<Record<TextField, string>>>;
	/** Filters without patterns, beside those of `filter`. */
	readonly conditions?: readonly Condition[];
	/** What the receiving host has to have found out of the sender, whatever `match` says; absent = nothing. */
	readonly authenticated?: RequiredAuthentication;
	/** The name by which the receiving host calls itself; absent = what is plain from the account. */
	readonly trustedBy?: string;
	/** It is enough that one of several senders matches; absent = all of them must. */
	readonly anySender?: true;
	/** `any`: it is enough that one of the filters matches; absent = all of them must. */
	readonly match?: 'any';
	/** Matches all patterns without regard to case. */
	readonly ignoreCase?: true;
	/** Patterns in .NET syntax, each with at least one named group. */
	readonly captures: Readonly<Partial<Record<TextField, readonly string[]>>>;
	/** Values captured without patterns, after those of `captures`. */
	readonly fields?: readonly CapturedField[];
	/** `html`: the body is the text of HTML parts, and plain text only where there are none; absent = the other way round. */
	readonly textFrom?: 'html';
	/** Captures every `Label: value` line of the body. */
	readonly keyValueLines?: true;
	/** Lists of objects: tables, repeated patterns, repeated blocks. */
	readonly records?: readonly RecordSource[];
	readonly whenMissing: WhenMissing;
	/** `all`: a captured name has a list of the values of every match; absent = the value of the first match. */
	readonly matches?: 'all';
	/** Types of captured values by name; absent = text. */
	readonly types?: Readonly<Record<string, ValueType>>;
	/** What captured values are replaced by. */
	readonly maps?: readonly ValueMap[];
	/** Values of what was not captured. */
	readonly defaults?: Readonly<Record<string, PayloadValue>>;
	/** Texts made of other values: `{host}: {state}`. */
	readonly texts?: Readonly<Record<string, PayloadValue>>;
	/** Values that every payload of the rule has. */
	readonly fixed?: Readonly<Record<string, PayloadValue>>;
	/** Names of the values that tell which alert a message is about; absent = alerts are not told apart. */
	readonly alertKey?: readonly string[];
	/** What a message means for its alert; absent = it opens it. */
	readonly alertAction?: Exclude<AlertAction, 'open'>;
	/** Values that decide it instead. */
	readonly alertActions?: readonly ActionOfValue[];
	/** Longest time from mail to mail, such as `24h`; absent = mail comes when it comes. */
	readonly expectEvery?: string;
	/** Time of day by which mail has to come, such as `07:30`. */
	readonly expectBy?: string;
	/** On which days; absent = on all. */
	readonly expectOn?: readonly Weekday[];
	/** How much later it may come, such as `2h`. */
	readonly expectGrace?: string;
	/** Goes on with the next rules after this one has matched, also where the first match wins. */
	readonly continue?: true;
	readonly cleanUp: CleanUp;
}

/** One of a list of objects in a payload. */
export type PayloadRecord = Readonly<Record<string, PayloadValue>>;

/**
 * The payload of a delivery: one JSON object; of strings, unless a rule gives a value another type, captures all matches
 * (`null` where one captured nothing for a name), or collects records.
 */
export type Payload = Readonly<
	Record<string, PayloadValue | ReadonlyArray<PayloadValue | null> | readonly PayloadRecord[]>
>;
