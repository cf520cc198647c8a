import { postpone } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import type { Delivery, Outcome } from '../core/delivery/delivery';
import { DELIVERY_RETRY } from '../core/delivery/retry';
import type { Ingest, IngestSettings, Mailbox } from './ingest';
import { cleanUpAcknowledged, isToCleanUp } from './settle';

/**
 * How long a delivery is left alone by a process that does not know of it (after a crash, or another main of a cluster):
 * its execution may still run.
 */
const LEASE_MS = 300_000;
/** How long the action node has to acknowledge: workflows that wait for people do so for hours. */
const ACTION_NODE_LEASE_MS = 86_400_000;

/**
 * Starts one execution with these deliveries and returns the cursor with their lease. The cursor is saved before: n8n
 * stores it with the execution it starts.
 */
export function handOver(ingest: Ingest, cursor: Cursor, deliveries: readonly Delivery[]): Cursor {
	if (deliveries.length === 0) return cursor;
	const { runtime, clock, memory, workflow, settings, log } = ingest;
	const now = clock.now();
	const until = now + leaseOf(settings);
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

/** The longest, in milliseconds, that a delivery is ever left alone. */
export function longestWait(settings: Pick<IngestSettings, 'acknowledge'>): number {
	return Math.max(leaseOf(settings), DELIVERY_RETRY.maxDelayMs);
}

/** How long, in milliseconds, a delivery is left alone that was handed over. */
export function leaseOf({ acknowledge }: Pick<IngestSettings, 'acknowledge'>): number {
	return acknowledge === 'actionNode' ? ACTION_NODE_LEASE_MS : LEASE_MS;
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

/** One numbering of one mailbox: UIDs mean nothing outside it. */
export function scopeOf(
	{ accountName }: Pick<IngestSettings, 'accountName'>,
	{ state }: Pick<Mailbox, 'state'>,
): string {
	return `${accountName}\n${state.path}\n${state.uidValidity}`;
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
