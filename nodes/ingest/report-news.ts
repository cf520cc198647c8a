import type { Delivery, ExecutionFailure, FailedDelivery } from '../core/delivery/delivery';
import { groupGivenUp, whenGivenUp } from '../core/delivery/quarantine';
import type { FailedMessage, LastError } from '../core/delivery/health';
import type { FlowNews } from './flow/flow-news';
import type { Ingest } from './ingest';

/** Tells of what befell the workflow since this was called last. */
export function reportNews(ingest: Ingest): void {
	for (const news of ingest.runtime.flow.takeNews()) tell(ingest, news);
}

function tell(ingest: Ingest, news: FlowNews): void {
	const { workflow, log, runtime, settings } = ingest;
	if (news.kind === 'failedAlone') {
		const message = describe(news.delivery, news.failure);
		const { subject, attempts, error } = message;
		const summary = `A message could not be delivered and will be tried again: "${subject}" (attempt ${String(attempts)}): ${error}`;
		workflow.report({
			event: 'deliveryFailing',
			summary,
			...toLastError(news.failure),
			...message,
		});
		return;
	}
	const since = new Date(news.since).toISOString();
	if (news.kind === 'recovered') {
		const summary = `The workflow succeeds again after failing since ${since}; what waited is delivered now.`;
		log.info(summary, { mailbox: settings.mailbox });
		workflow.report({ event: 'workflowRecovered', summary, since, probes: news.probes });
		return;
	}
	const { waiting } = runtime.flow;
	const { message = UNKNOWN, node } = news.failure ?? {};
	const where = node === undefined ? '' : ` in node "${node}"`;
	const summary = `Every execution of the workflow has failed since ${since}: ${message.replace(/\.$/, '')}${where}. ${String(waiting)} message(s) wait; nothing is lost, and one is tried every few minutes.`;
	log.error(summary, { mailbox: settings.mailbox });
	workflow.report({
		event: 'workflowFailing',
		summary,
		since,
		waiting,
		...toLastError(news.failure),
	});
}

/** How often n8n has ended while it ran the execution of a message alone, in words. */
export function toCrashWords(times: number): string {
	return `n8n ended ${String(times)} time(s) while it ran the execution of this message alone`;
}

/** Tells of messages that are tried alone, since n8n has ended so often while their execution was running. */
export function reportCrashing(
	{ log, workflow }: Ingest,
	deliveries: readonly Delivery[],
	times: number,
): void {
	for (const delivery of deliveries) {
		const message = toCrashWords(times);
		const failed = describe(delivery, { message });
		const what = 'A message may be what n8n dies of, and is tried again alone';
		const cause = `(attempt ${String(failed.attempts)}): ${message}`;
		log.warn(`${what} ${cause}`, { uid: delivery.uid });
		const summary = `${what}: "${failed.subject}" ${cause}`;
		workflow.report({ event: 'deliveryFailing', summary, ...toLastError(undefined), ...failed });
	}
}

/** Tells of messages that were moved to the quarantine mailbox. */
export function reportQuarantined(
	{ settings, log, workflow }: Ingest,
	quarantined: readonly FailedDelivery[],
): void {
	const where = `from "${settings.mailbox}" to "${settings.quarantine}"`;
	for (const group of groupGivenUp(quarantined)) {
		const [first] = group;
		const { reason, attempt } = first;
		const when = whenGivenUp(first);
		const uids = group.map(({ uid }) => uid);
		log.error(`Moved ${String(uids.length)} message(s) ${where} ${when}: ${reason}`, {
			uids,
			attempts: attempt,
		});
		const messages = group.map(describeFailed);
		const subjects = messages.map(({ subject }) => `"${subject}"`).join(', ');
		workflow.report({
			event: 'quarantined',
			summary: `Moved to "${settings.quarantine}" ${when}: ${subjects}. ${reason}`,
			folder: settings.quarantine,
			uids,
			attempts: attempt,
			reason,
			...toLastError(first.failure),
			messages,
		});
	}
}

const UNKNOWN = 'n8n does not say why';

function toLastError(failure: ExecutionFailure | undefined): LastError {
	return {
		lastError: failure?.message ?? null,
		node: failure?.node ?? null,
		startedAt: failure?.startedAt ?? null,
		executionIds: failure?.executionId === undefined ? [] : [failure.executionId],
	};
}

function describeFailed(failed: FailedDelivery): FailedMessage {
	const { uid, attempt, reason, delivery, summary, failure } = failed;
	if (delivery !== undefined) return describe({ ...delivery, attempt }, failure);
	const { subject = '', from = [] } = summary ?? {};
	return { uid, subject, from, rule: null, ids: [], attempts: attempt, error: reason };
}

function describe(
	{ uid, items, attempt }: Delivery,
	failure: ExecutionFailure | undefined,
): FailedMessage {
	const [first] = items;
	return {
		uid,
		subject: first?.message.subject ?? '',
		from: first?.message.from ?? [],
		rule: first?.rule ?? null,
		ids: items.map(({ id }) => id),
		attempts: attempt,
		error: failure?.message ?? UNKNOWN,
	};
}
