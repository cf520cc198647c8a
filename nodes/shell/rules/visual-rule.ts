/**
 * One rule as the form saves it under `rules.rule[]`: part of saved workflows, so a change needs a new typeVersion.
 * Fields that are hidden for the chosen action are absent; clean-up fields are absent on nodes without a mailbox.
 */
export interface VisualRule {
	name?: string;
	fromFilter?: string;
	subjectFilter?: string;
	bodyFilter?: string;
	fromCaptures?: string[];
	subjectCaptures?: string[];
	bodyCaptures?: string[];
	whenMissing?: 'leaveOut' | 'emptyString' | 'refuse';
	cleanUpAction?: 'none' | 'markAsRead' | 'flag' | 'moveToFolder' | 'delete';
	cleanUpFolder?: string;
	/** 0 keeps the messages for good. */
	deleteAfterDays?: number;
	options?: VisualRuleOptions;
}

/** What AlertMagic does not know; each is there only when somebody has added it. */
export interface VisualRuleOptions {
	match?: 'all' | 'any';
	ignoreCase?: boolean;
	continue?: boolean;
	matches?: 'first' | 'all';
	toFilter?: string;
	ccFilter?: string;
	headerFilters?: { header?: HeaderPatternRow[] };
	attachmentNameFilter?: string;
	toCaptures?: string[];
	ccCaptures?: string[];
	headerCaptures?: { header?: HeaderPatternRow[] };
	attachmentNameCaptures?: string[];
	types?: { value?: TypeRow[] };
	fixed?: { value?: FixedRow[] };
}

/** A pattern for a header field; several captures may have the same name. */
export interface HeaderPatternRow {
	name?: string;
	pattern?: string;
}

/** The type of a captured value. */
export interface TypeRow {
	name?: string;
	type?: 'text' | 'number' | 'boolean' | 'date';
	/** Absent unless the type is `number`. */
	numberFormat?: string;
	/** Absent unless the type is `date`; empty = ISO 8601 or that of a mail header. */
	dateFormat?: string;
}

/** A value that every payload has; an expression may make it a number, or true or false. */
export interface FixedRow {
	name?: string;
	value?: unknown;
}
