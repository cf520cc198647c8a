import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeType,
	IPollFunctions,
} from 'n8n-workflow';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { TokenRegistry } from '../../nodes/auth/token-registry';
import { MatchBudget } from '../../nodes/core/regex/pattern';
import { isRecord } from '../../nodes/core/config/fields';
import { ConnectionRegistry } from '../../nodes/mail/connection-registry';
import { parseStored } from '../../nodes/core/stored-cursor';
import { AlertMagic } from '../../nodes/AlertMagic/AlertMagic.node';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { SYSTEM_CLOCK } from '../../nodes/shell/clock';
import type { TriggerEnvironment } from '../../nodes/shell/trigger-environment';
import { pollTrigger } from '../../nodes/shell/trigger-poll';
import { TriggerStates } from '../../nodes/shell/trigger-states';
import { createEngine, type Engine, type PublishedWorkflow } from '../support/n8n-engine';
import { toChaosWorkflow, TRIGGER } from './chaos-workflow';

/** Time of a run, which passes only when it is told to. */
export interface ChaosClock {
	now: number;
	random(): number;
}

/** n8n's database as far as it matters: static data of the workflow, and what it was before. */
export class StaticDataStore {
	private readonly versions: string[] = ['{}'];

	/** What n8n reads back when it starts. */
	read(age = 0): IDataObject {
		const text = this.versions[Math.max(0, this.versions.length - 1 - age)] ?? '{}';
		return JSON.parse(text) as IDataObject;
	}

	write(data: IDataObject): void {
		this.versions.push(JSON.stringify(data));
		this.versions.splice(0, this.versions.length - 20);
	}

	/** Somebody wrote an older state back, as n8n does at the end of an execution that changed static data. */
	rollBack(age: number): void {
		this.write(this.read(age));
	}
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
	/** Called when the process dies: nothing of it may have an effect any more. */
	readonly onDeath: (worker: 'diesToo' | 'goesOn') => void;
}

/** Short, so that a stalled connection does not hold the run up. */
const TIMEOUTS = {
	connect: 3_000,
	greeting: 3_000,
	silence: 700,
	reuse: 700,
	command: 5_000,
	queue: 5_000,
	logout: 300,
};

/** One life of n8n: its memory, ended by `kill` at any moment. */
export class ChaosProcess {
	private alive = true;
	/** n8n saves static data once more at the end of activation. */
	private activated = false;
	private atEmit: { left: number; death: DeathAtEmit; onStruck: () => void } | undefined;
	private readonly engine: Engine;
	private published: PublishedWorkflow;

	constructor(private readonly options: ChaosProcessOptions) {
		this.engine = createEngine({
			nodeTypes: [this.createTrigger(), new AlertMagic()],
			credentialTypes: [new ImapIngestApi()],
			credentials: { imapIngestApi: options.account },
		});
		this.published = this.publish();
	}

	get isAlive(): boolean {
		return this.alive;
	}

	/** Deliveries that the cursor in memory holds open; undefined while there is no cursor. */
	get pending(): number | undefined {
		const state = this.published.staticData[`node:${TRIGGER}`];
		return isRecord(state) ? parseStored(state['cursor'])?.pending.length : undefined;
	}

	/** One poll and the executions it starts; gives the error that n8n would show, if any. */
	async tick(): Promise<unknown> {
		const { persistence, store } = this.options;
		if (persistence === 'durableCursors') this.published = this.publish();
		try {
			await this.published.tick();
		} catch (error) {
			return error;
		}
		const saves = persistence === 'durableCursors' || !this.activated;
		this.activated = true;
		if (this.alive && saves) store.write(this.published.staticData);
		return undefined;
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

	private publish(): PublishedWorkflow {
		const { store, webhookCa } = this.options;
		return this.engine.publish(toChaosWorkflow(webhookCa), TRIGGER, {
			staticData: store.read(),
			activation: 'init',
		});
	}

	/** The trigger as it is, in an environment of this process. */
	private createTrigger(): INodeType {
		const environment = this.createEnvironment();
		const observed = new WeakMap<IPollFunctions, IPollFunctions>();
		const observe = (context: IPollFunctions): IPollFunctions => {
			const known = observed.get(context);
			if (known !== undefined) return known;
			const emit: IPollFunctions['__emit'] = (...values) => {
				this.emit(() => {
					context.__emit(...values);
				});
			};
			const created = Object.create(context, { __emit: { value: emit } }) as IPollFunctions;
			observed.set(context, created);
			return created;
		};
		return Object.assign(new ImapIngestTrigger(), {
			async poll(this: IPollFunctions) {
				return await pollTrigger(observe(this), environment);
			},
		});
	}

	/** n8n saves static data and starts the execution, neither waiting for the other. */
	private emit(start: () => void): void {
		if (!this.alive) return;
		const { store, persistence } = this.options;
		const death = this.takeDeath();
		const saves = persistence === 'withExecutions' && death !== 'executionStartedOnly';
		if (saves) store.write(this.published.staticData);
		if (death !== undefined) this.kill(death === 'executionStartedOnly' ? 'goesOn' : 'diesToo');
		if (death !== 'stateSavedOnly') start();
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

	private createEnvironment(): TriggerEnvironment {
		const { clock } = this.options;
		return {
			states: new TriggerStates(),
			clock: {
				...SYSTEM_CLOCK,
				now: () => clock.now,
				random: () => clock.random(),
				matchBudget: () =>
					new MatchBudget({ clock: () => performance.now(), totalMs: 100, stretchMs: 50 }),
			},
			// Tokens are checked by Dovecot, which has the machine's time.
			services: {
				now: () => Date.now(),
				tokens: new TokenRegistry(),
				connections: new ConnectionRegistry({
					now: () => clock.now,
					random: () => clock.random(),
				}),
				timeouts: TIMEOUTS,
			},
		};
	}
}
