import type { CompiledRule } from '../core/rules/compile-rules';
import { IngestError } from '../core/errors';
import type { MatchableMessage } from '../core/message/message';
import { valuesOf } from '../core/rules/message-texts';
import { fieldLabel, isOfBody } from '../core/rules/text-field';
import type { TextField } from '../core/rules/text-field';

const RESULTS: TextField = 'header:Authentication-Results';

/**
 * Refuses rules that ask for what the item does not hold: that is not the same as a field that the email does not have.
 *
 * @throws IngestError `message-unreadable` naming rule and field
 */
export function requireFields(rules: readonly CompiledRule[], message: MatchableMessage): void {
	for (const { rule, filter, captures } of rules) {
		const fields: readonly TextField[] = [
			...(rule.authenticated === undefined ? [] : [RESULTS]),
			...[...filter, ...captures].map(({ field }) => field),
		];
		const missing = fields.find((field) => !isHeld(field, message));
		if (missing === undefined) continue;
		throw new IngestError(
			'message-unreadable',
			`Rule "${rule.name}" needs ${fieldLabel(missing)}, which the item does not hold.`,
			{ field: 'Email Fields', remedy: REMEDY },
		);
	}
}

const REMEDY =
	'Let the node before put it out: Format Resolved in Email Trigger (IMAP), Simplify off in Gmail, toRecipients, ccRecipients or internetMessageHeaders among the fields of Microsoft Outlook. Or set Email Fields to Choose Each Field.';

/** The body is asked for only where it decides. */
function isHeld(field: TextField, message: MatchableMessage): boolean {
	return isOfBody(field) || valuesOf(message, field) !== undefined;
}
