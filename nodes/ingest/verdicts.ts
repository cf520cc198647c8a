import type { Cursor, PendingDelivery } from '../core/delivery/cursor';
import { toDelivery, toUnmatchedDelivery } from '../core/delivery/delivery';
import type { Content, Delivery, FailedDelivery } from '../core/delivery/delivery';
import type { TextFrom } from '../core/message/message';
import type { IngestSettings } from './ingest';
import type { JudgedMessage } from './judge-messages';

/** Line ends as patterns see them. */
export function toPlainLines(text: string): string {
	return text.replaceAll('\r\n', '\n');
}

/** Judged messages by what to do with them. */
export interface Verdicts {
	readonly deliveries: readonly Delivery[];
	readonly failed: readonly FailedDelivery[];
	/** UIDs that no rule wants, where those are not delivered. */
	readonly unmatched: readonly number[];
}

/** Sorts judged messages into what to deliver, what failed, and what nobody wants; attempts come from the cursor. */
export function sortByVerdict(
	{ pending }: Pick<Cursor, 'pending'>,
	judged: readonly JudgedMessage[],
	settings: Pick<IngestSettings, 'unmatched' | 'messageText'>,
): Verdicts {
	const known = new Map(pending.map((delivery) => [delivery.uid, delivery]));
	const deliveries: Delivery[] = [];
	const failed: FailedDelivery[] = [];
	const unmatched: number[] = [];
	for (const record of judged) {
		const { evaluation, failure, final } = record;
		const { summary } = record.scanned;
		const before = known.get(summary.uid);
		const { attempt = 1 } = before ?? {};
		if (failure !== undefined)
			failed.push({
				uid: summary.uid,
				attempt,
				reason: failure.message,
				final,
				isUnasked: failure.code === 'message-not-asked',
				summary,
			});
		else if (evaluation.matches.length > 0 || settings.unmatched)
			deliveries.push(deliver(record, before, settings));
		else unmatched.push(summary.uid);
	}
	return { deliveries, failed, unmatched };
}

function deliver(
	{ scanned, bodies, textKeys, evaluation: { matches } }: JudgedMessage,
	before: PendingDelivery | undefined,
	{ messageText }: Pick<IngestSettings, 'messageText'>,
): Delivery {
	const { attempt = 1, hasFirstId, strikes = 0, crashes = 0 } = before ?? {};
	const contentOf = (textFrom: TextFrom) => ({
		textKey: textKeys[textFrom],
		text: messageText ? toPlainLines(bodies[textFrom]?.text ?? '') : undefined,
	});
	const { shape } = scanned;
	const ofHtml = contentOf('html');
	const content: Content = { shape, hasFirstId, ofHtml, ...contentOf('plain') };
	const delivery =
		matches.length > 0
			? toDelivery(scanned.summary, matches, attempt, content)
			: toUnmatchedDelivery(scanned.summary, attempt, content);
	return {
		...delivery,
		...(strikes > 0 && { isSuspect: true as const }),
		...(crashes > 0 && { crashes }),
	};
}
