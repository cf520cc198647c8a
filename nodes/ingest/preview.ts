import type { DeliveryItem } from '../core/delivery/delivery';
import type { CompiledRule } from '../core/rules/compile-rules';
import { explainRules } from '../core/rules/explain';
import { textsOf } from '../core/rules/message-texts';
import type { Explanation } from '../core/rules/explain';
import { isDeleted } from '../core/message/message';
import type { MessageSummary } from '../core/message/message';
import type { Ingest } from './ingest';
import { withTexts } from './item-texts';
import { judgeMessages, readHeads, toMatchable } from './judge-messages';
import type { JudgedMessage } from './judge-messages';
import { sortByVerdict, toPlainLines } from './verdicts';

/** How far back a preview looks, and how many messages it shows. */
const LOOK_AT = 50;
const SHOW = 10;
/** Characters of a text that are shown. */
const SHOWN_TEXT = 5000;

/** A message as a test run shows it. */
export interface PreviewMessage {
	readonly summary: MessageSummary;
	/** What a delivery would hand over; empty where no rule wants the message. */
	readonly items: readonly DeliveryItem[];
	/** The beginning of what Body patterns are matched against. */
	readonly text: string;
	readonly explanation: Explanation;
}

/** What a test run found. */
export interface Preview {
	/** Newest first: those that would be delivered or, where there are none, the newest of all. */
	readonly messages: readonly PreviewMessage[];
	readonly matched: number;
	readonly lookedAt: number;
	/** Messages in the mailbox. */
	readonly total: number;
}

/** Looks for n8n's "Fetch Test Event": opens the mailbox read-only and changes nothing, neither there nor in the cursor. */
export async function lookForPreview(
	ingest: Pick<Ingest, 'settings' | 'account' | 'clock'>,
): Promise<Preview> {
	const { account, clock } = ingest;
	// Shortened, every message shows its text anyway.
	const settings = { ...ingest.settings, messageText: false };
	const { shown, ...counts } = await account.withMailbox(
		settings.mailbox,
		async (mailbox) => {
			const heads = await readHeads(mailbox, await mailbox.newestUids(LOOK_AT), settings);
			const there = heads.filter(({ flags }) => !isDeleted(flags));
			const judged = await judgeMessages(mailbox, there, settings, clock, true);
			const { deliveries } = sortByVerdict({ pending: [] }, judged, settings);
			const itemsOf = new Map(deliveries.map(({ uid, items }) => [uid, items]));
			const wanted = judged.filter(({ scanned }) => itemsOf.has(scanned.summary.uid));
			const texts = textsOf(settings.rules);
			const newest = (wanted.length > 0 ? wanted : judged).slice(-SHOW).reverse();
			return {
				matched: wanted.length,
				lookedAt: judged.length,
				total: mailbox.state.exists,
				shown: (await withTexts(newest, mailbox, () => texts)).map((record) => ({
					record,
					items: itemsOf.get(record.scanned.summary.uid) ?? [],
				})),
			};
		},
		{ readOnly: true },
	);
	const messages: PreviewMessage[] = [];
	for (const { record, items } of shown) {
		const pace = { budget: clock.matchBudget(), pause: () => clock.pause() };
		messages.push({
			summary: record.scanned.summary,
			items,
			text: toShownText(bodyOf(record, settings.rules)),
			explanation: await explain(record, () =>
				explainRules(settings.rules, toMatchable(record), pace),
			),
		});
	}
	return { ...counts, messages };
}

/** The text that the rule which takes a message sees, or the first rule where none takes it. */
function bodyOf({ bodies, evaluation }: JudgedMessage, rules: readonly CompiledRule[]): string {
	const { textFrom = 'plain' } = evaluation.matches[0]?.rule ?? rules[0]?.rule ?? {};
	return bodies[textFrom]?.text ?? '';
}

/** A message that could not be judged tells why, and nothing else of it is known. */
async function explain(
	{ failure }: JudgedMessage,
	ask: () => Promise<Explanation>,
): Promise<Explanation> {
	return failure === undefined ? await ask() : { lines: [], refusals: [failure.message] };
}

function toShownText(text: string): string {
	const normalised = toPlainLines(text);
	return normalised.length > SHOWN_TEXT ? `${normalised.slice(0, SHOWN_TEXT)}…` : normalised;
}
