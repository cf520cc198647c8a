import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../support/n8n/n8n-answers';
import { MAILBOX } from './bench-mailbox';
import type { MailStock } from './bench-mailbox';
import type { Doorway } from './doorway';
import {
	createWorkflow,
	toEmailTrigger,
	toOurTrigger,
	lastSuccess,
	type N8nSite,
} from './n8n-site';
import type { Side } from './stopwatch';

/** The Email Trigger begins to listen (IDLE) when it has done nothing for 15 seconds; mail in between waits for that. */
const IDLE_AFTER_MS = 17_000;

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

/** A trigger that has said nothing for so long may be through. */
const SILENCE_MS = 1_000;
const LIMIT_MS = 600_000;

/**
 * Milliseconds that a trigger is busy with the mails: from its first word to the server about them until it is through.
 * A trigger that listens does not speak before the server tells of mail, which Dovecot does half a second late. Nobody
 * asks server or n8n meanwhile: that would slow them down.
 *
 * @param begin what makes it speak
 * @param isThrough whether it is through, asked whenever nothing is said
 * @param toEnd when it was through, unless that was with the last answer of the server
 */
async function timeBusy(
	doorway: Doorway,
	begin: () => Promise<unknown>,
	isThrough: () => Promise<boolean>,
	toEnd?: () => Promise<number>,
): Promise<number> {
	const spoken = doorway.nextWord();
	const begun = begin();
	const start = await Promise.race([spoken, begun.then(() => spoken)]);
	await begun;
	for (;;) {
		const lastAnswer = await doorway.silence(SILENCE_MS);
		if (await isThrough()) return ((await toEnd?.()) ?? lastAnswer) - start;
		if (performance.now() - start > LIMIT_MS) throw new Error('It has taken too long');
	}
}

/** Our polling trigger: n8n lets it poll when the workflow is published; it is through when all that was wanted is moved. */
export function pollingSide({ site, stock, count, left }: Storm, options: Json): Side {
	return {
		prepare: () => stock.put(MAILBOX, count),
		run: async () => {
			const workflowId = await createWorkflow(site, toOurTrigger(site, options));
			const took = await timeBusy(
				site.doorways.ours,
				() => site.n8n.api.activate(workflowId),
				async () => (await stock.count(MAILBOX)) === left,
			);
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}

/** Our instant trigger, which listens to the server when the mails come; it is through when all that was wanted is moved. */
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
			const took = await timeBusy(
				site.doorways.ours,
				() => stock.add(MAILBOX, count),
				async () => (await stock.count(MAILBOX)) === left,
			);
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}

/** n8n's trigger, which listens to the server when the mails come; it is through when all executions have succeeded. */
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
			const took = await timeBusy(
				site.doorways.theirs,
				() => stock.add(MAILBOX, count),
				async () => (await stock.count(MAILBOX, 'unseen')) === 0,
				() => lastSuccess(site, workflowId, count),
			);
			await site.n8n.api.deactivate(workflowId);
			return took;
		},
	};
}
