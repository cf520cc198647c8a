import type { Json } from '../support/n8n-answers';
import { MAILBOX } from './bench-mailbox';
import type { MailStock } from './bench-mailbox';
import {
	createWorkflow,
	toEmailTrigger,
	toOurTrigger,
	until,
	waitForSuccesses,
	type N8nSite,
} from './n8n-site';
import { time, type Side } from './stopwatch';

/** Mail that meets a real n8n. */
export interface Storm {
	readonly site: N8nSite;
	readonly stock: MailStock;
	readonly count: number;
	/** Mails that no rule wants and that stay. */
	readonly left: number;
}

/**
 * Our polling trigger: the clock runs from the moment the workflow is published, as it polls then, until all that was
 * wanted is moved, which happens after the executions have succeeded.
 */
export function ourSide({ site, stock, count, left }: Storm, options: Json): Side {
	return {
		prepare: () => stock.put(MAILBOX, count),
		run: async () => {
			const workflowId = await createWorkflow(site, toOurTrigger(site, options));
			const took = await time(async () => {
				const published = site.n8n.api.activate(workflowId);
				await until(async () => (await stock.count(MAILBOX)) === left);
				await published;
			});
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}

/**
 * n8n's trigger, which is told by the server: the clock runs from the moment the mails lie in the mailbox until the
 * executions have succeeded.
 */
export function emailTriggerSide(
	{ site, stock, count }: Storm,
	format: 'simple' | 'resolved',
): Side {
	let workflowId = '';
	return {
		prepare: async () => {
			await stock.clear(MAILBOX, 'Done');
			workflowId = await createWorkflow(site, toEmailTrigger(site, format));
			await site.n8n.api.activate(workflowId);
		},
		run: async () => {
			await stock.add(MAILBOX, count);
			const took = await time(() => waitForSuccesses(site, workflowId, count));
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}
