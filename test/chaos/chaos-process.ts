import { setTimeout as delay } from 'node:timers/promises';
import type { ICredentialDataDecryptedObject, IDataObject, INodeType, Logger } from 'n8n-workflow';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { MatchBudget } from '../../nodes/core/regex/pattern';
import { isRecord } from '../../nodes/core/is-record';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import type { Cursor } from '../../nodes/core/delivery/cursor';
import { parseStored } from '../../nodes/core/delivery/stored-cursor';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { SYSTEM_CLOCK } from '../../nodes/shell/clock';
import type { TriggerEnvironment } from '../../nodes/ImapIngest/trigger/states';
import { TriggerStates } from '../../nodes/ImapIngest/trigger/states';
import { createEngine, type Engine } from '../support/n8n/n8n-engine';
import { TRIGGER } from './chaos-workflow';
import type { StaticDataStore } from './static-data-store';

/** Time of a run, which passes only when it is told to. */
export interface ChaosClock {
	now: number;
	random(): number;
}

/** How n8n keeps static data: with each execution it starts, or (durable cursors) with each poll that ends well. */
export type Persistence = 'withExecutions' | 'durableCursors';

/** What happens to the execution that is being started when n8n dies. */
export type DeathAtEmit = 'stateSavedOnly' | 'executionStartedOnly';

export interface ChaosProcessOptions {
	readonly persistence: Persistence;
	readonly clock: ChaosClock;
	readonly store: StaticDataStore;
	readonly account: ICredentialDataDecryptedObject;
	readonly webhookCa: string;
	/** Hears of messages that the trigger gave up, by UID, as its log tells. */
	readonly onTold: (uids: readonly number[]) => void;
	/** Called when the process dies: nothing of it may have an effect any more. */
	readonly onDeath: (worker: 'diesToo' | 'goesOn') => void;
}

/** A check of silence during IDLE, in milliseconds. */
const KEEP_ALIVE_MS = 1_500;
/** Short, so that a stalled connection does not hold the run up; long enough for a machine that does much else. */
const TIMEOUTS = {
	connect: 15_000,
	greeting: 15_000,
	silence: 2_500,
	reuse: 2_500,
	command: 15_000,
	queue: 15_000,
	logout: 300,
};

/** One life of n8n: its memory, ended by `kill` at any moment. */
export abstract class ChaosProcess {
	protected readonly engine: Engine;
	/** Belongs to the process, so that it outlasts the publication of the workflow. */
	protected readonly environment: TriggerEnvironment;
	private alive = true;
	private atEmit: { left: number; death: DeathAtEmit; onStruck: () => void } | undefined;

	constructor(protected readonly options: ChaosProcessOptions) {
		this.environment = createEnvironment(options.clock);
		this.engine = createEngine({
			nodeTypes: [this.createTrigger(), new AlertMagic()],
			credentialTypes: [new ImapIngestApi()],
			credentials: { imapIngestApi: options.account },
		});
	}

	/** A minute of its life; gives the error that n8n would show, if any. */
	abstract tick(isFirst: boolean): Promise<unknown>;
	/** Somebody publishes the workflow again. */
	abstract republish(): Promise<void>;
	/** Waits until nothing of a killed process runs any more. */
	abstract dispose(): Promise<void>;
	/** Static data of the workflow in memory. */
	protected abstract readonly staticData: IDataObject;
	/** The trigger as it is, in the environment of this process. */
	protected abstract createTrigger(): INodeType;

	get isAlive(): boolean {
		return this.alive;
	}

	/** Deliveries that the cursor in memory holds open; undefined while there is no cursor. */
	get pending(): number | undefined {
		return this.cursor?.pending.length;
	}

	protected get cursor(): Cursor | undefined {
		const state = this.staticData[`node:${TRIGGER}`];
		return isRecord(state) ? parseStored(state['cursor']) : undefined;
	}

	/** Dies with the so-manieth execution it starts from now on. */
	planDeathAtEmit(count: number, death: DeathAtEmit, onStruck: () => void): void {
		this.atEmit = { left: count, death, onStruck };
	}

	clearPlans(): void {
		this.atEmit = undefined;
	}

	/** kill -9; a worker of its own (queue mode) may go on with what it has. */
	kill(worker: 'diesToo' | 'goesOn' = 'diesToo'): void {
		if (!this.alive) return;
		this.alive = false;
		this.options.onDeath(worker);
	}

	/** n8n saves static data and starts the execution, neither waiting for the other. */
	protected emit(start: () => void): void {
		if (!this.alive) return;
		const { store, persistence } = this.options;
		const death = this.takeDeath();
		const saves = persistence === 'withExecutions' && death !== 'executionStartedOnly';
		if (saves) store.write(this.staticData);
		if (death !== undefined) this.kill(death === 'executionStartedOnly' ? 'goesOn' : 'diesToo');
		if (death !== 'stateSavedOnly') start();
	}

	/** A log that is listened to. */
	protected hear(logger: Logger): Logger {
		const error: Logger['error'] = (message, details) => {
			if (GIVEN_UP.test(message)) this.options.onTold(toUids(details));
			logger.error(message, details);
		};
		return Object.create(logger, { error: { value: error } }) as Logger;
	}

	private takeDeath(): DeathAtEmit | undefined {
		if (this.atEmit === undefined) return undefined;
		this.atEmit.left -= 1;
		if (this.atEmit.left > 0) return undefined;
		const { death, onStruck } = this.atEmit;
		this.atEmit = undefined;
		onStruck();
		return death;
	}
}

/** How the log begins to tell of messages after their last attempt. */
const GIVEN_UP = /^(?:Moved|Left) \d+ message/;

function toUids(details: unknown): readonly number[] {
	const uids = isRecord(details) ? details['uids'] : undefined;
	return Array.isArray(uids) ? uids.filter((uid) => typeof uid === 'number') : [];
}

function createEnvironment(clock: ChaosClock): TriggerEnvironment {
	return {
		states: new TriggerStates(),
		clock: {
			...SYSTEM_CLOCK,
			now: () => clock.now,
			random: () => clock.random(),
			sleep: (ms, signal) => sleepUntil(clock, clock.now + ms, ms, signal),
			matchBudget: () => new MatchBudget({ totalSteps: 1_000_000 }),
		},
		// Tokens are checked by Dovecot, which has the machine's time.
		services: {
			now: () => Date.now(),
			tokens: new TokenRegistry(),
			connections: new ConnectionRegistry({
				// A busy machine may let several connections fail: the pause after that has to end within a round's minute, too.
				now: () => clock.now + performance.now(),
				random: () => clock.random(),
			}),
			timeouts: TIMEOUTS,
			keepAlive: KEEP_ALIVE_MS,
		},
	};
}

/** Ends when so much time has passed, be it that of the machine or that of the run. */
async function sleepUntil(
	clock: ChaosClock,
	until: number,
	ms: number,
	signal: AbortSignal,
): Promise<void> {
	const late = performance.now() + ms;
	while (!signal.aborted && clock.now < until && performance.now() < late) await delay(20);
}
