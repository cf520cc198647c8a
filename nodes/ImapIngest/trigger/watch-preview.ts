import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import type { MailboxWatch } from '../../mail/ports';
import type { OpenTrigger, OpenTriggers } from './open-trigger';
import { lookForItems } from './preview-items';
import { toNodeError } from '../../shell/to-node-error';

/** Where the server does not tell of new mail, a person who waits for it is not left alone for long. */
const POLL_MS = 10_000;
const SAFETY_SCAN_MS = 60_000;

/**
 * The test run of the instant trigger: shows what that of the polling one shows, and waits where the mailbox is empty. Neither
 * the mailbox nor the cursor changes.
 */
export function watchForPreview(
	context: ITriggerFunctions,
	open: () => Promise<OpenTriggers>,
): ITriggerResponse {
	const closing = new AbortController();
	const { signal } = closing;
	const { logger } = context;
	const show = async (): Promise<void> => {
		const triggers = await open();
		const outputs = (await lookForItems(triggers, logger)) ?? (await waitForItems(triggers));
		if (outputs !== undefined) context.emit(outputs);
	};
	const waitForItems = async (triggers: OpenTriggers) => {
		logger.info('The mailbox is empty. Waiting for a message.');
		const watches = await openWatches(triggers);
		try {
			while (!signal.aborted) {
				for (const watch of watches) watch.caughtUp();
				// Also what came while the connections were made.
				const found = await lookForItems(triggers, logger);
				if (found !== undefined) return found;
				await waitForNews(watches, signal);
			}
			return undefined;
		} finally {
			await Promise.all(watches.map((watch) => watch.close()));
		}
	};
	return {
		manualTriggerFunction: async () => {
			try {
				await show();
			} catch (error) {
				if (!signal.aborted) throw toNodeError(context.getNode(), error);
			}
		},
		closeFunction: () => {
			closing.abort();
			return Promise.resolve();
		},
	};
}

/** @throws the first error, when no mailbox can be watched */
async function openWatches(triggers: OpenTriggers): Promise<readonly MailboxWatch[]> {
	const opened = await Promise.allSettled(triggers.map(openWatch));
	const watches = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	const [failed] = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
	if (watches.length === 0) throw failed;
	return watches;
}

async function openWatch({ ingest, watch }: OpenTrigger): Promise<MailboxWatch> {
	const opened = await watch();
	try {
		const { mailbox } = ingest.settings;
		await opened.withMailbox(mailbox, () => Promise.resolve(), { readOnly: true });
		return opened;
	} catch (error) {
		await opened.close();
		throw error;
	}
}

/** Returns as soon as one of the mailboxes has news. */
async function waitForNews(watches: readonly MailboxWatch[], closed: AbortSignal): Promise<void> {
	const over = new AbortController();
	const signal = AbortSignal.any([closed, over.signal]);
	const waits = watches.map(async (watch) => {
		try {
			await watch.wait(watch.pushes ? SAFETY_SCAN_MS : POLL_MS, signal);
		} finally {
			over.abort();
		}
	});
	await Promise.all(waits);
}
