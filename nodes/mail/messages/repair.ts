import { isVisible } from '../text/visible';
import type { BodyText, TextFrom } from '../../core/message/message';
import { parseMime } from './mime-tree';
import type { MimeTree } from './mime-tree';
import { refinePart } from './part-header';
import { NO_TEXT, TextChoice, toBodyText } from './read-text';
import { inOrderOf, toMessageParts } from './structure';
import type { TextPart } from './structure';

/**
 * The text of a message whose structure the server could not make out: a header without an end, a boundary that is
 * written in an unusual way. Undefined where nothing is found either.
 *
 * @param source the message, up to a limit of bytes
 */
export function repairText(
	source: Buffer,
	limit: number,
	textFrom: TextFrom,
): BodyText | undefined {
	const body = readTreeText(parseMime(source), limit, textFrom);
	const truncated = body.truncated || source.length >= limit;
	return isVisible(body.text) ? { ...body, truncated } : undefined;
}

/** The text of a message that was taken apart here; `limit` is how many bytes of a part are read. */
export function readTreeText(tree: MimeTree, limit: number, textFrom: TextFrom): BodyText {
	const { text: first } = toMessageParts(tree.structure);
	if (first === null) return NO_TEXT;
	const choice = new TextChoice();
	let part: TextPart | undefined = inOrderOf(textFrom, first);
	while (part !== undefined) {
		const { header, content } = tree.parts.get(part.key) ?? {};
		const body = toBodyText(content?.subarray(0, limit), refinePart(part, header), limit);
		const chosen = choice.take(part, body);
		if (chosen !== undefined) return chosen;
		part = part.next;
	}
	return choice.best;
}
