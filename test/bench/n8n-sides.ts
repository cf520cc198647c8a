import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../support/n8n-answers';
import { MAILBOX } from './bench-mailbox';
import type { MailStock } from './bench-mailbox';
import {
	createWorkflow,
	toEmailTrigger,
	toOurTrigger,
	waitForSuccesses,
	type N8nSite,
} from './n8n-site';
import { time, type Side } from './stopwatch';

/** The Email Trigger begins to listen (IDLE) when it has done nothing for 15 seconds; mail in between waits for that. */
export const IDLE_AFTER_MS = 17_000;

/** Our instant trigger listens once it is published. */
const LISTENS_AFTER_MS = 1_000;

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
 * wanted is moved, which happens after the executions have succeeded. What n8n needs to publish is in it.
 */
export function pollingSide({ site, stock, count, left }: Storm, options: Json): Side {
	return {
		prepare: () => stock.put(MAILBOX, count),
		run: async () => {
			const workflowId = await createWorkflow(site, toOurTrigger(site, options));
			const took = await time(async () => {
				const published = site.n8n.api.activate(workflowId);
				await stock.waitUntilLeft(MAILBOX, left);
				await published;
			});
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}

/**
 * Our instant trigger, which listens to the server when the mails come, as n8n's does: the clock runs from the moment
 * they lie in the mailbox until all that was wanted is moved.
 */
export function instantSide({ site, stock, count, left }: Storm, options: Json): Side {
	let workflowId = '';
	return {
		prepare: async () => {
			await stock.clear(MAILBOX, 'Done');
			workflowId = await createWorkflow(
				site,
				toOurTrigger(site, options, 'imapIngestInstantTrigger'),
			);
			await site.n8n.api.activate(workflowId);
			await delay(LISTENS_AFTER_MS);
		},
		run: async () => {
			await stock.add(MAILBOX, count);
			const took = await time(() => stock.waitUntilLeft(MAILBOX, left));
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}

/**
 * n8n's trigger, which listens to the server when the mails come: the clock runs from the moment they lie in the mailbox
 * until the executions have succeeded.
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
			await delay(IDLE_AFTER_MS);
		},
		run: async () => {
			await stock.add(MAILBOX, count);
			const took = await time(() => waitForSuccesses(site, workflowId, count));
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}
