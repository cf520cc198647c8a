import { leaseOf } from '../core/delivery/acknowledgement';
import { postpone } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import type { Delivery, ExecutionEnd } from '../core/delivery/delivery';
import type { Run } from './flow/flow-control';
import type { Ingest, IngestSettings } from './ingest';
import { reportNews } from './report-news';
import type { Fate } from './runtime';
import { cleanUpAcknowledged, isToCleanUp, scopeOf } from './settle';

/**
 * Gives deliveries to the workflow, as many to an execution as it can take just now, and returns the cursor with their
 * lease. The cursor is saved before: n8n stores it with the execution it starts.
 */
export function handOver(ingest: Ingest, cursor: Cursor, deliveries: readonly Delivery[]): Cursor {
	// While the workflow fails they stay noted in the cursor.
	if (deliveries.length === 0 || ingest.runtime.flow.isFailing) return cursor;
	const leased = lease(ingest, cursor, deliveries);
	ingest.runtime.enqueue(deliveries);
	startExecutions(ingest);
	return leased;
}

/** Starts executions with what waits for one; what has to wait longer is started when another one has ended. */
export function startExecutions(ingest: Ingest): void {
	const { runtime, settings, clock } = ingest;
	const policy = runtime.flow.record.policy(settings.batchSize);
	if (runtime.flow.isFailing) runtime.holdBack();
	for (;;) {
		const batch = runtime.takeBatch(policy, clock.now());
		if (batch.length === 0) break;
		start(ingest, batch);
	}
	const goOn = () => {
		startExecutions(ingest);
	};
	runtime.flow.hold(runtime, runtime.queue.length > 0 ? goOn : undefined);
}

/**
 * Starts an execution with a single message, as a trial.
 *
 * @param pauseMs how long the message is left alone at least where n8n ends before the execution
 */
export function startProbe(
	ingest: Ingest,
	cursor: Cursor,
	deliveries: readonly Delivery[],
	pauseMs = 0,
): Cursor {
	if (deliveries.length === 0) return cursor;
	const leased = lease(ingest, cursor, deliveries, pauseMs);
	start(ingest, deliveries);
	return leased;
}

function lease(
	ingest: Ingest,
	cursor: Cursor,
	deliveries: readonly Delivery[],
	leastMs = 0,
): Cursor {
	const { runtime, clock, memory, settings } = ingest;
	const until = clock.now() + Math.max(leaseOf(settings.acknowledge), leastMs);
	const leased = postpone(cursor, new Map(deliveries.map(({ uid }) => [uid, until])));
	memory.saveCursor(leased);
	runtime.notePending(leased);
	return leased;
}

function start(ingest: Ingest, deliveries: readonly Delivery[]): void {
	const { runtime, clock, workflow } = ingest;
	const run = runtime.started(deliveries, clock.now());
	tidyUpAfter(
		ingest,
		workflow
			.handOver(deliveries.flatMap(({ items }) => items))
			.then((end) => noteEnd(ingest, run, end)),
	);
}

/** By itself, since what waits here for the end of a poll must not hold on to messages that have gone their way. */
function tidyUpAfter(ingest: Ingest, ended: Promise<Fate>): void {
	const { log, settings } = ingest;
	ended
		.then(async (fate) => {
			if (fate === 'success') await cleanUp(ingest);
		})
		.catch((error: unknown) => {
			// The clean-up stays due and the next poll does it; a refusal that lasts shows there as an error.
			log.warn(`Clean-up in "${settings.mailbox}" will be tried again: ${describe(error)}`);
		});
}

function noteEnd(ingest: Ingest, run: Run, end: ExecutionEnd): Fate {
	const { runtime, clock, settings } = ingest;
	const { flow } = runtime;
	const policy = flow.record.policy(settings.batchSize);
	const fate = toFate(end, settings);
	flow.ended(run);
	flow.ranHere = end.ranHere ?? flow.ranHere;
	if (fate === 'success') {
		const isMoreWaiting = runtime.queue.length > 0;
		flow.succeeded(run, { isMoreWaiting, now: clock.now() }, policy);
	}
	if (fate === 'failure') {
		logFailure(ingest, run, end);
		flow.failed(run, end.failure, clock.now(), policy);
	}
	// Where the action node acknowledges, it may have done so for some of them: the next poll asks the server.
	const isUnsure = settings.acknowledge === 'actionNode';
	if (fate === 'failure' && run.deliveries.length > 1 && !flow.isFailing)
		runtime.tryAgain(run, flow.record.isToHalve(run.deliveries), isUnsure);
	// The execution may have gone to sleep; the server tells whether the action node has acknowledged.
	else if (isUnsure && fate !== 'failure') runtime.released(run);
	else runtime.finished(run, fate);
	reportNews(ingest);
	startExecutions(ingest);
	flow.goOn();
	return fate;
}

function logFailure({ log }: Ingest, { deliveries }: Run, { failure }: ExecutionEnd): void {
	const { message = 'n8n does not say why', ...details } = failure ?? {};
	log.warn(`An execution with ${String(deliveries.length)} message(s) failed: ${message}`, details);
}

/** What the end of an execution means for the deliveries in it. */
function toFate({ outcome }: ExecutionEnd, settings: IngestSettings): Fate {
	if (outcome === 'notStarted') return 'failure';
	if (settings.acknowledge === 'handOff') return outcome === 'unknown' ? 'unknown' : 'success';
	if (outcome === 'started') return 'unknown';
	if (outcome === 'waiting') {
		const isKept =
			settings.waitingExecutions === 'delivered' || settings.acknowledge === 'actionNode';
		return isKept ? 'success' : 'unknown';
	}
	return outcome;
}

/** Tidies up after what has succeeded, unless a poll or the end of another execution has done so meanwhile. */
async function cleanUp(ingest: Ingest): Promise<void> {
	const { runtime, account, settings } = ingest;
	if (!runtime.hasEnded(isToCleanUp)) return;
	await runtime.exclusively(async () => {
		if (!runtime.hasEnded(isToCleanUp)) return;
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
