import type { CompiledRule } from '../core/compile-rules';
import { compileRules } from '../core/compile-rules';
import type { Outage } from '../core/outage';
import type { Rule } from '../core/rule';
import { TriggerRuntime } from '../ingest/runtime';

/** What this process knows of one trigger node beside n8n's static data. */
export class TriggerState {
	readonly runtime = new TriggerRuntime();
	outage: Outage | undefined;
	private compiled: { readonly key: string; readonly rules: readonly CompiledRule[] } | undefined;

	/** Compiles rules once for each change of them. */
	compile(rules: readonly Rule[]): readonly CompiledRule[] {
		const key = JSON.stringify(rules);
		if (this.compiled?.key !== key) this.compiled = { key, rules: compileRules(rules) };
		return this.compiled.rules;
	}
}

/**
 * Registry of the triggers of this process, by workflow and node id. It lives in module scope because n8n gives a node
 * no other place that outlasts a poll or a re-publication; a lost entry costs duplicates, never mail.
 */
const STATES = new Map<string, TriggerState>();

/** The state of a trigger node, made at its first use. */
export function triggerState(workflowId: string | undefined, nodeId: string): TriggerState {
	const key = `${workflowId ?? ''}:${nodeId}`;
	const known = STATES.get(key);
	if (known !== undefined) return known;
	const state = new TriggerState();
	STATES.set(key, state);
	return state;
}
