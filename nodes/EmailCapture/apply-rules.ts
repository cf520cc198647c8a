import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { summarizeAuthentication } from '../core/message/authentication';
import { trustedHosts } from '../core/rules/compile-rules';
import type { CompiledRule } from '../core/rules/compile-rules';
import { IngestError } from '../core/errors';
import { evaluate } from '../core/rules/evaluate';
import { explainRules } from '../core/rules/explain';
import type { MatchPace } from '../core/rules/message-texts';
import { readAutoSubmitted } from '../mail/messages/head';
import { SYSTEM_CLOCK } from '../shell/clock';
import type { OptionValues } from '../shell/node-options';
import type { EMAIL_CAPTURE_OPTIONS } from './properties';
import type { EmailItem } from './read-email';
import { toRefusalWords } from './refusal-words';
import { requireFields } from './require-fields';

/** The items an email gives on the two outputs; one of the lists is empty. */
export interface CapturedItems {
	readonly matched: readonly INodeExecutionData[];
	readonly unmatched: readonly INodeExecutionData[];
}

/**
 * Applies rules to the email of an item.
 *
 * @throws IngestError `message-unreadable` when a rule needs what the item does not hold
 */
export async function applyRules(
	rules: readonly CompiledRule[],
	email: EmailItem,
	source: INodeExecutionData,
	options: OptionValues<typeof EMAIL_CAPTURE_OPTIONS>,
): Promise<CapturedItems> {
	requireFields(rules, email.message);
	const result = await evaluate(rules, email.message, { which: options.which, ...createPace() });
	if (result.needsBody) throw bodyMissing(email);
	const refusals = result.refusals.map((refusal) => ({
		...toRefusalWords(refusal, email.message),
	}));
	const explanation = options.explain ? { explanation: [...(await explain(rules, email))] } : {};
	if (result.matches.length === 0) {
		const json = { ...source.json, refusals, ...explanation };
		return { matched: [], unmatched: [{ ...source, json }] };
	}
	const told = tellOf(email, rules);
	const matched = result.matches.map(({ rule, payload, alert }) => {
		const json: IDataObject = {
			rule: rule.name,
			payload: { ...payload },
			...(alert !== undefined && { alert: { ...alert } }),
			...told,
			...explanation,
		};
		return options.includeSourceItem
			? { ...source, json: { ...json, source: source.json } }
			: { json };
	});
	return { matched, unmatched: [] };
}

/** What the mail says beside sender, subject and text, where the item holds it. */
function tellOf(
	{ message: { from, headers }, bounce }: EmailItem,
	rules: readonly CompiledRule[],
): { readonly message?: IDataObject } {
	const valuesOf = (name: string): readonly string[] => headers?.get(name) ?? [];
	const results = valuesOf('authentication-results');
	const authentication = summarizeAuthentication({ from, results }, trustedHosts(rules, undefined));
	const autoSubmitted = readAutoSubmitted(valuesOf('auto-submitted')[0] ?? '');
	if ((authentication ?? autoSubmitted ?? bounce) === undefined) return {};
	return {
		message: {
			...(authentication !== undefined && { authentication: { ...authentication } }),
			...(autoSubmitted !== undefined && { autoSubmitted }),
			...(bounce !== undefined && { bounce: { ...bounce } }),
		},
	};
}

/** The time for the patterns on one email. */
function createPace(): MatchPace {
	return { budget: SYSTEM_CLOCK.matchBudget(), pause: () => SYSTEM_CLOCK.pause() };
}

/** What every pattern found, with a budget of its own. */
async function explain(
	rules: readonly CompiledRule[],
	{ message }: EmailItem,
): Promise<readonly string[]> {
	return (await explainRules(rules, message, createPace())).lines;
}

function bodyMissing(email: EmailItem): IngestError {
	return new IngestError(
		'message-unreadable',
		'A rule needs the body, which the item does not hold.',
		{ field: 'Email Fields', remedy: email.bodyRemedy },
	);
}
