import type { DeliveryItem } from '../core/delivery/delivery';
import type { RuleRefusal } from '../core/rules/evaluate';
import { explainRules } from '../core/rules/explain';
import type { RuleExplanation } from '../core/rules/explain';
import { IngestError } from '../core/errors';
import { fieldLabel } from '../core/rules/text-field';
import type { Ingest } from './ingest';
import { judgeMessages, readHeads, sortByVerdict, toMatchable } from './judge-messages';
import type { JudgedMessage } from './judge-messages';

/** How far back a preview looks, and how many messages it shows. */
const LOOK_AT = 50;
const SHOW = 10;

/** An item as a delivery would have it, and what every pattern found in its message. */
export interface PreviewItem {
	readonly item: DeliveryItem;
	readonly explanation: readonly RuleExplanation[];
}

/** The newest messages that would be delivered, newest first. */
export interface Preview {
	readonly items: readonly PreviewItem[];
	/** Set when there is none: how many were looked at, and what refused them. */
	readonly nothing: IngestError | undefined;
}

/** Looks for n8n's "Fetch Test Event": opens the mailbox read-only and changes nothing, neither there nor in the cursor. */
export async function lookForPreview(
	ingest: Pick<Ingest, 'settings' | 'account' | 'clock'>,
): Promise<Preview> {
	const { settings, account, clock } = ingest;
	const { judged, shown } = await account.withMailbox(
		settings.mailbox,
		async (mailbox) => {
			const heads = await readHeads(mailbox, await mailbox.newestUids(LOOK_AT), settings);
			const all = await judgeMessages(mailbox, heads, settings, clock, true);
			const { deliveries } = sortByVerdict({ pending: [] }, all, settings);
			const recordOf = new Map(all.map((record) => [record.scanned.summary.uid, record]));
			const newest = deliveries
				.slice(-SHOW)
				.reverse()
				.flatMap(({ uid, items }) => {
					const record = recordOf.get(uid);
					return record === undefined ? [] : [{ items, record }];
				});
			// What the rules did not ask for is shown all the same.
			const without = newest.filter(({ record }) => record.body === undefined);
			const bodies = await mailbox.bodies(without.map(({ record }) => record.scanned));
			return {
				judged: all,
				shown: newest.map(({ items, record }) => {
					const body = record.body ?? bodies.get(record.scanned.summary.uid);
					return {
						items,
						message: toMatchable({ ...record, ...(body !== undefined && { body }) }),
					};
				}),
			};
		},
		{ readOnly: true },
	);
	const nothing = shown.length === 0 ? explainNothing(settings.mailbox, judged) : undefined;
	const items: PreviewItem[] = [];
	for (const { items: delivered, message } of shown) {
		const pace = { budget: clock.matchBudget(), pause: () => clock.pause() };
		const explanation = await explainRules(settings.rules, message, pace);
		items.push(...delivered.map((item) => ({ item, explanation })));
	}
	return { items, nothing };
}

function explainNothing(mailbox: string, judged: readonly JudgedMessage[]): IngestError {
	if (judged.length === 0) {
		return new IngestError('configuration', `There is no message in "${mailbox}" to test with.`, {
			remedy: 'Send a message to it, or choose another mailbox.',
		});
	}
	const reasons = judged.flatMap(({ evaluation, failure }) =>
		failure === undefined ? evaluation.refusals.map(describeRefusal) : [failure.message],
	);
	return new IngestError(
		'configuration',
		`None of the newest ${String(judged.length)} message(s) in "${mailbox}" matches a rule.`,
		{ remedy: `${countReasons(reasons)}. Send a message that should match, or change the rule.` },
	);
}

/** What refused a message, in words: `refused by From of rule "Knock Knock"`. */
export function describeRefusal({ rule, reason }: RuleRefusal): string {
	switch (reason.kind) {
		case 'filter':
			return `refused by ${fieldLabel(reason.field)} of rule "${rule.name}"`;
		case 'allFilters':
			return `refused by every filter (${reason.fields.map(fieldLabel).join(', ')}) of rule "${rule.name}"`;
		case 'captureMissing':
			return `without a value for "${reason.group}" of rule "${rule.name}"`;
		case 'notOfType':
			return `with a value for "${reason.group}" of rule "${rule.name}" that is no ${reason.type}`;
	}
}

function countReasons(reasons: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts]
		.sort(([, left], [, right]) => right - left)
		.map(([reason, count]) => `${String(count)} ${reason}`)
		.join('; ');
}
