import type { IPollFunctions } from 'n8n-workflow';

/** What a poll may take where nothing but the next one limits it, in milliseconds (n8n-core, PollContext). */
const UNSCHEDULED_BUDGET_MS = 300_000;

/** Part of n8n's budget in which new pages are begun; the rest is for finishing the last one. */
const BUDGET_SHARE = 0.6;
/** How long publishing waits for the first poll, in milliseconds; the next poll goes on. */
const ACTIVATION_BUDGET_MS = 20_000;

/** The part of a poll context that tells why n8n polls. */
export type PollOccasion = object & Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>;

/** Registry of the poll contexts that have polled. */
const POLLED = new WeakSet<object>();

/** How long a poll may take, in milliseconds; n8n-workflow before 2.38 does not say. */
function pollBudget(context: PollOccasion): number {
	return context.getPollBudgetMs?.() ?? UNSCHEDULED_BUDGET_MS;
}

/** How long a poll may begin new pages, in milliseconds. */
export function scanBudget(context: PollOccasion, activating: boolean): number {
	const share = pollBudget(context) * BUDGET_SHARE;
	return activating ? Math.min(share, ACTIVATION_BUDGET_MS) : share;
}

/**
 * Whether n8n awaits this poll while it activates the workflow. n8n keeps one context for each registration of a node,
 * so that is the first poll of a context; except under the durable scheduler (n8n 2.41, poll-trigger-task-handler),
 * which makes a context for each poll. It is told by its budget: that is a part of the scheduler's lease.
 */
export function isActivating(context: PollOccasion): boolean {
	return !POLLED.has(context) && pollBudget(context) >= UNSCHEDULED_BUDGET_MS;
}

/** Notes that a context has polled: its next polls activate nothing. */
export function notePolled(context: PollOccasion): void {
	POLLED.add(context);
}
