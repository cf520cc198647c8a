import type { RuleRefusal } from '../core/rules/evaluate';
import type { MatchableMessage } from '../core/message/message';
import { asSeenBy, valuesOf } from '../core/rules/message-texts';
import { fieldLabel, isOfBody } from '../core/rules/text-field';
import type { TextField } from '../core/rules/text-field';

/** Why a rule did not take an email, for people. */
export interface RefusalWords {
	readonly rule: string;
	readonly reason: string;
}

const SHOWN_LENGTH = 200;

/** Says in words why a rule refused an email, with the pattern and what it was tried on. */
export function toRefusalWords(refusal: RuleRefusal, message: MatchableMessage): RefusalWords {
	return {
		rule: refusal.rule.name,
		reason: toReason(refusal.reason, asSeenBy(refusal.rule, message)),
	};
}

function toReason(reason: RuleRefusal['reason'], message: MatchableMessage): string {
	switch (reason.kind) {
		case 'filter':
			return `${describeText(reason.field, message)} does not match the filter ${reason.pattern}`;
		case 'allFilters': {
			const texts = reason.fields.map((field) => describeText(field, message));
			return `None of the filters matches: ${texts.join('; ')}`;
		}
		case 'captureMissing':
			return `The group "${reason.group}" captured nothing, and the rule asks for it`;
		case 'notOfType':
			return `The group "${reason.group}" captured ${quote(reason.text)}, which is no ${reason.type}, and the rule asks for it`;
	}
}

function describeText(field: TextField, message: MatchableMessage): string {
	if (isOfBody(field)) return describeBody(message.body);
	const values = (valuesOf(message, field) ?? []).join(', ');
	if (values !== '') return `${fieldLabel(field)} ${quote(values)}`;
	const nothing = { from: '(no sender)', subject: '(empty)' }[String(field)] ?? '(none)';
	return `${fieldLabel(field)} ${nothing}`;
}

function describeBody(body: MatchableMessage['body']): string {
	return `Body (${BODY_NAMES[body?.source ?? 'none']}, length ${String(body?.text.length ?? 0)})`;
}

const BODY_NAMES = {
	text: 'plain text',
	html: 'text made of HTML',
	none: 'there is none',
} as const;

const quote = (text: string): string =>
	text.length > SHOWN_LENGTH ? `"${text.slice(0, SHOWN_LENGTH)}…"` : `"${text}"`;
