import { isRecord } from '../../core/is-record';
import { parseJson } from '../../core/json/json-source';
import { IngestError, wrongSetting } from '../../core/errors';
import { findExpression } from './literal-parameter';
import type { ReadParameter } from './read-rules';
import { RULES_DEFAULTS } from './rules-description';

const FIELD = 'Copied Node';
const WITH_RULES = ['imapIngestTrigger', 'imapIngestInstantTrigger', 'emailCapture'];

/**
 * Reads the parameters of a node as n8n copies it: without those that have their default.
 *
 * @throws IngestError `configuration` when it is no node with rules, or holds an expression
 */
export function readCopiedNode(value: unknown): ReadParameter {
	const copied: unknown = typeof value === 'string' ? parseJson(value, FIELD).value : value;
	const parameters = parametersOf(copied);
	const { rules, rulesJson, messages } = parameters;
	const expression = findExpression({ rules, rulesJson, messages });
	if (expression !== undefined) {
		throw wrongSetting(
			FIELD,
			`has an expression at ${expression}`,
			'Write its value there instead: only the node itself can work it out.',
		);
	}
	if (parameters['rulesSource'] === 'account') {
		throw wrongSetting(
			FIELD,
			'takes its rules from its account',
			'Set Rules to AlertMagic Configuration here, and choose that account.',
		);
	}
	return (name) => parameters[name] ?? RULES_DEFAULTS[name];
}

function parametersOf(copied: unknown): Readonly<Record<string, unknown>> {
	const nodes: unknown = isRecord(copied) ? copied['nodes'] : undefined;
	const found = (Array.isArray(nodes) ? nodes : []).filter(isRecord).filter(hasRules);
	const [node, second] = found;
	if (node !== undefined && second === undefined) {
		return isRecord(node['parameters']) ? node['parameters'] : {};
	}
	throw new IngestError(
		'configuration',
		node === undefined
			? `${FIELD} has no node with rules.`
			: `${FIELD} has ${String(found.length)} nodes with rules.`,
		{
			field: FIELD,
			remedy:
				'Select one IMAP Ingest Trigger, Instant Trigger or Email Capture on the canvas, copy it, and paste it here.',
		},
	);
}

function hasRules({ type }: Readonly<Record<string, unknown>>): boolean {
	return typeof type === 'string' && WITH_RULES.includes(type.split('.').at(-1) ?? '');
}
