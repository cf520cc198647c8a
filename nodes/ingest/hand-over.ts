import { postpone } from '../core/cursor';
import type { Cursor } from '../core/cursor';
import type { Delivery, Outcome } from '../core/delivery';
import type { Ingest } from './ingest';
import { cleanUpAcknowledged, isToCleanUp } from './settle';

/**
 * How long a delivery is left alone by a process that does not know of it (after a crash, or another main of a cluster):
 * its execution may still run.
 */
const LEASE_MS = 300_000;

/**
 * Starts one execution with these deliveries and returns the cursor with their lease. The cursor is saved before: n8n
 * stores it with the execution it starts.
 */
export function handOver(ingest: Ingest, cursor: Cursor, deliveries: readonly Delivery[]): Cursor {
	if (deliveries.length === 0) return cursor;
	const { runtime, clock, memory, workflow, log } = ingest;
	const now = clock.now();
	const leased = postpone(cursor, new Map(deliveries.map(({ uid }) => [uid, now + LEASE_MS])));
	memory.saveCursor(leased);
	runtime.handedOver(deliveries, now);
	const scope = runtime.currentScope;
	workflow
		.handOver(deliveries.flatMap(({ items }) => items))
		.then(async (outcome) => {
			await receiveOutcome(ingest, scope, deliveries, outcome);
		})
		.catch((error: unknown) => {
			// The clean-up stays due and the next poll does it; a refusal that lasts shows there as an error.
			log.warn(`Clean-up in "${ingest.settings.mailbox}" will be tried again: ${describe(error)}`);
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
	runtime.finished(scope, deliveries, outcome);
	if (outcome !== 'success' || deliveries.every(({ cleanUp }) => cleanUp.action === 'none')) return;
	await runtime.exclusively(async () => {
		// A poll, or the clean-up after another execution, may have done it meanwhile.
		if (!runtime.endedDeliveries(clock.now()).some(isToCleanUp)) return;
		await account.withMailbox(settings.mailbox, async (mailbox) => {
			runtime.enter(`${settings.accountName}\n${mailbox.state.path}\n${mailbox.state.uidValidity}`);
			const [refusal] = await cleanUpAcknowledged(ingest, mailbox);
			if (refusal !== undefined) throw refusal;
		});
	});
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
