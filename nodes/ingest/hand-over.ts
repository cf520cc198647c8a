import { leaseOf } from '../core/delivery/acknowledgement';
import { postpone } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import type { Delivery, Outcome } from '../core/delivery/delivery';
import type { Ingest } from './ingest';
import { cleanUpAcknowledged, isToCleanUp, scopeOf } from './settle';

/**
 * Starts one execution with these deliveries and returns the cursor with their lease. The cursor is saved before: n8n
 * stores it with the execution it starts.
 */
export function handOver(ingest: Ingest, cursor: Cursor, deliveries: readonly Delivery[]): Cursor {
	if (deliveries.length === 0) return cursor;
	const { runtime, clock, memory, workflow, settings, log } = ingest;
	const now = clock.now();
	const until = now + leaseOf(settings.acknowledge);
	const leased = postpone(cursor, new Map(deliveries.map(({ uid }) => [uid, until])));
	memory.saveCursor(leased);
	runtime.handedOver(deliveries, now);
	const scope = runtime.currentScope;
	const ended = workflow.handOver(deliveries.flatMap(({ items }) => items));
	// Tidied up by the next poll, when n8n has stored the execution for a minute.
	if (settings.acknowledge === 'handOff') runtime.finished(scope, deliveries, 'success');
	ended
		.then(async (outcome) => {
			await receiveOutcome(ingest, scope, deliveries, outcome);
		})
		.catch((error: unknown) => {
			// The clean-up stays due and the next poll does it; a refusal that lasts shows there as an error.
			log.warn(`Clean-up in "${settings.mailbox}" will be tried again: ${describe(error)}`);
		});
	return leased;
}

async function receiveOutcome(
	ingest: Ingest,
	scope: string,
	deliveries: readonly Delivery[],
	outcome: Outcome,
): Promise<void> {
	const { runtime, account, settings, clock } = ingest;
	if (settings.acknowledge === 'actionNode' && outcome !== 'failure') {
		// The execution may have gone to sleep; the server tells whether the action node has acknowledged.
		runtime.released(scope, deliveries);
		return;
	}
	runtime.finished(scope, deliveries, outcome);
	if (outcome !== 'success') return;
	await runtime.exclusively(async () => {
		// A poll, or the clean-up after another execution, may have done it meanwhile.
		if (!runtime.endedDeliveries(clock.now()).some(isToCleanUp)) return;
		await account.withMailbox(settings.mailbox, async (mailbox) => {
			runtime.enter(scopeOf(settings, mailbox));
			const {
				fresh: [refusal],
			} = await cleanUpAcknowledged(ingest, mailbox);
			if (refusal !== undefined) throw refusal;
		});
	});
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
