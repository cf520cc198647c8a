import type { MailKind, TriggerKind } from '../chaos-workflow';
import type { Lane } from '../lane';
import type { SeededChoice } from '../seeded-choice';

/** What a round tells a fault. */
export interface FaultScene {
	readonly lane: Lane;
	readonly choice: SeededChoice;
	/** To be called at the moment the fault happens. */
	readonly struck: () => void;
}

/** A fault that is on its way. */
export interface RunningFault {
	/** Called after each poll, `minutes` after the first one of the round. */
	readonly afterPoll?: (minutes: number) => Promise<void> | void;
}

/** Something that can go wrong. */
export interface FaultKind {
	readonly name: string;
	/** Of 100 rounds, roughly. */
	readonly weight: number;
	/** New mail is left alone meanwhile: the workflow fails, or the server does not tell of it. */
	readonly holdsMail?: true;
	/** Only lanes that sign in with tokens. */
	readonly needsTokens?: true;
	/** Where it can happen to one of the triggers only. */
	readonly only?: TriggerKind;
	/** The mail server itself is hit: no mail comes in at that moment. */
	readonly hitsServer?: true;
	/** A mail that the round has besides the usual ones. */
	readonly extraMail?: MailKind;
	/** The mails of a round in place of the usual ones. */
	readonly mails?: readonly MailKind[];
	/** n8n does not run as the mail comes. */
	readonly comesWhileDown?: true;
	/** It takes attempts and pauses until it is over: time passes faster. */
	readonly isSlow?: true;
	/** The server cannot move a message out of the way: it stays where it is. */
	readonly cannotMove?: true;
	/** Sets the fault up, after the mail of the round was delivered and before the first poll. */
	prepare(scene: FaultScene): Promise<RunningFault>;
}

export const SCAN = /^(?:SELECT|EXAMINE|UID SEARCH|UID FETCH)$/;
export const CLEAN_UP = /^(?:UID STORE|UID MOVE|UID COPY|UID EXPUNGE|CREATE)$/;
export const NOTHING: RunningFault = {};
