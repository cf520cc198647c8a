import type { IngestError } from '../core/errors';
import type { BodyText, TextFrom } from '../core/message/message';
import type { OpenMailbox, ScannedMessage } from '../mail/ports';
import type { Ingest } from './ingest';

/** A message with those of its texts that were read. */
interface ReadMessage {
	readonly scanned: ScannedMessage;
	readonly bodies: Readonly<Partial<Record<TextFrom, BodyText>>>;
	readonly failure?: IngestError;
	readonly textFailure?: IngestError;
}

/** Reads texts that the rules did not ask for; one that cannot be read is left out, and the reason noted. */
export async function withTexts<Message extends ReadMessage>(
	records: readonly Message[],
	mailbox: OpenMailbox,
	wanted: (record: Message) => readonly TextFrom[],
): Promise<readonly Message[]> {
	let known = records;
	for (const textFrom of ['plain', 'html'] as const) {
		const lacks = (record: Message) =>
			(record.bodies[textFrom] ?? record.failure) === undefined &&
			wanted(record).includes(textFrom);
		const without = known.filter(lacks);
		if (without.length === 0) continue;
		const { texts, unreadable } = await mailbox.bodies(
			without.map(({ scanned }) => scanned),
			textFrom,
		);
		known = known.map((record) => {
			if (!lacks(record)) return record;
			const { uid } = record.scanned.summary;
			const textFailure = unreadable.get(uid);
			if (textFailure !== undefined) return { ...record, textFailure };
			const body = texts.get(uid);
			return body === undefined
				? record
				: { ...record, bodies: { ...record.bodies, [textFrom]: body } };
		});
	}
	return known;
}

/** Tells of messages whose items lack the text that the option Message Text promises. */
export function tellOfLackingTexts({ log }: Ingest, judged: readonly ReadMessage[]): void {
	for (const { textFailure, scanned } of judged) {
		if (textFailure === undefined) continue;
		const { uid } = scanned.summary;
		log.warn(`${textFailure.message}; it is delivered without its text`, { uid });
	}
}
