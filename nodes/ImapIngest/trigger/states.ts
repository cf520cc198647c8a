import { hash } from 'node:crypto';
import type { CompiledRule, RuleWords } from '../../core/rules/compile-rules';
import { compileRulesInSlices } from '../../core/rules/compile-rules';
import type { Outage } from '../../core/delivery/outage';
import type { Rule } from '../../core/rules/rule';
import { FlowControl } from '../../ingest/flow/flow-control';
import { TriggerRuntime } from '../../ingest/runtime';
import type { Cursor } from '../../core/delivery/cursor';
import type { Clock } from '../../ingest/ingest';
import { SYSTEM_CLOCK } from '../../shell/clock';
import { PROCESS_SERVICES } from '../../shell/open-account';
import type { AccountServices } from '../../shell/open-account';

export interface CompiledRules {
	readonly key: string;
	readonly rules: readonly CompiledRule[];
}

/** The watcher of a registration, as the next registration and the end of an execution need it. */
export interface WatcherHandle {
	close(): Promise<void>;
	cursor(): Cursor | undefined;
	lookSoon(): void;
}

/** What this process knows of one account of a trigger node beside n8n's static data. */
export class AccountState {
	readonly runtime: TriggerRuntime;
	outage: Outage | undefined;
	/** Of the instant trigger: the registration that watches, or the last one that did. */
	watcher: WatcherHandle | undefined;

	/** @param flow what is known of the workflow */
	constructor(flow = new FlowControl()) {
		this.runtime = new TriggerRuntime(flow);
	}
}

/** What this process knows of one trigger node. */
export class TriggerState {
	/** Polls that took on several accounts: each begins with another one. */
	turns = 0;
	/**
	 * The context of which an execution has turned out to run on Engine 2.0: n8n does not tell an active trigger that the
	 * settings of its workflow were changed.
	 */
	engine2Context: object | undefined;
	/** One workflow, whichever of the accounts its mail comes from. */
	private readonly flow = new FlowControl();
	private readonly accounts = new Map<string | undefined, AccountState>();
	private compiled: (CompiledRules & { readonly text: string }) | undefined;

	/** The state of one of the users the node lists, or of the account's own user where it lists none. */
	of(user: string | undefined): AccountState {
		const key = user?.toLowerCase();
		const known = this.accounts.get(key);
		if (known !== undefined) return known;
		const state = new AccountState(this.flow);
		this.accounts.set(key, state);
		return state;
	}

	/** States of users that the node does not list any more, or that it did not list before. */
	others(users: ReadonlyArray<string | undefined>): readonly AccountState[] {
		const keys = new Set(users.map((user) => user?.toLowerCase()));
		return [...this.accounts].filter(([key]) => !keys.has(key)).map(([, state]) => state);
	}

	/** Compiles rules once for each change of them; `key` tells such a change. */
	async compile(rules: readonly Rule[], words: RuleWords): Promise<CompiledRules> {
		const text = JSON.stringify(rules);
		if (this.compiled?.text === text) return this.compiled;
		const key = hash('sha256', text).slice(0, 16);
		const pause = () => SYSTEM_CLOCK.pause();
		const compiled = { key, rules: await compileRulesInSlices(rules, words, pause) };
		this.compiled = { text, ...compiled };
		return compiled;
	}
}

/** States of trigger nodes by workflow and node id. */
export class TriggerStates {
	private readonly states = new Map<string, TriggerState>();

	/** The state of a trigger node, made at its first use. */
	of(workflowId: string | undefined, nodeId: string): TriggerState {
		const key = `${workflowId ?? ''}:${nodeId}`;
		const known = this.states.get(key);
		if (known !== undefined) return known;
		const state = new TriggerState();
		this.states.set(key, state);
		return state;
	}
}

/**
 * Registry of the triggers of this process. It lives in module scope because n8n gives a node no other place that
 * outlasts a poll or a re-publication; a lost entry costs duplicates, never mail.
 */
export const PROCESS_STATES = new TriggerStates();

/** What a trigger takes from the process it runs in. */
export interface TriggerEnvironment {
	readonly clock: Clock;
	readonly states: TriggerStates;
	readonly services: AccountServices;
}

/** The n8n process with the machine's time. */
export const PROCESS_ENVIRONMENT: TriggerEnvironment = {
	clock: SYSTEM_CLOCK,
	states: PROCESS_STATES,
	services: PROCESS_SERVICES,
};
