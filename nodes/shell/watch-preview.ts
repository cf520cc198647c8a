import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import type { OpenTrigger } from './open-trigger';
import { lookForItems } from './preview-items';
import type { FoundItems } from './preview-items';
import { toNodeError } from './to-node-error';

/** Where the server does not tell of new mail, a person who waits for it is not left alone for long. */
const POLL_MS = 10_000;
const SAFETY_SCAN_MS = 60_000;

/**
 * The test run of the instant trigger: shows the newest matching messages; where there is none it waits for one. Neither
 * the mailbox nor the cursor changes.
 */
export function watchForPreview(
	context: ITriggerFunctions,
	open: () => Promise<OpenTrigger>,
): ITriggerResponse {
	const closing = new AbortController();
	const show = async (): Promise<void> => {
		const trigger = await open();
		const first = await lookForItems(trigger);
		const outputs =
			first.nothing === undefined ? first.outputs : await waitForItems(trigger, first);
		if (outputs !== undefined) context.emit(outputs);
	};
	const waitForItems = async (trigger: OpenTrigger, { nothing }: FoundItems) => {
		context.logger.info(`${nothing?.message ?? ''} Waiting for one that does.`);
		const watch = await trigger.watch();
		try {
			const { withMailbox } = watch;
			const { ingest } = trigger;
			const account = { ...ingest.account, withMailbox: withMailbox.bind(watch) };
			const watched = { ...trigger, ingest: { ...ingest, account } };
			while (!closing.signal.aborted) {
				watch.caughtUp();
				const found = await lookForItems(watched);
				if (found.nothing === undefined) return found.outputs;
				await watch.wait(watch.pushes ? SAFETY_SCAN_MS : POLL_MS, closing.signal);
			}
			return undefined;
		} finally {
			await watch.close();
		}
	};
	return {
		manualTriggerFunction: async () => {
			try {
				await show();
			} catch (error) {
				if (!closing.signal.aborted) throw toNodeError(context.getNode(), error);
			}
		},
		closeFunction: () => {
			closing.abort();
			return Promise.resolve();
		},
	};
}
