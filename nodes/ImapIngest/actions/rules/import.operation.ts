import { randomUUID } from 'node:crypto';

import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { parseConfiguration, parseIngests } from '../../../core/rules/json/alertmagic';
import type { AlertMagicConfiguration } from '../../../core/rules/json/alertmagic';
import { describeLeftOut } from '../../../core/rules/json/import-notes';
import type { ImportSource } from '../../../core/rules/json/import-notes';
import { IngestError, wrongSetting } from '../../../core/errors';
import { readAccountConfiguration } from '../../../shell/open-account';
import { toWorkflowSnippet, TRIGGER_NAMES } from '../../../shell/rules/trigger-snippet';
import type { TriggerType } from '../../../shell/rules/trigger-snippet';
import type { LocalCall, Operation } from '../operation';
import { showValue } from '../../../core/whole-number';

const EMPTY_CONFIGURATION = JSON.stringify({ AlertMagic: { Ingests: [] } }, null, 2);

export const IMPORT: Operation = {
	value: 'importAlertMagic',
	name: 'Import From AlertMagic',
	action: 'Import rules from AlertMagic',
	description: 'Turn AlertMagic JSON into a trigger and an AlertMagic node, to paste on the canvas',
	properties: [
		...sourceFields(),
		{
			displayName: 'Rules (JSON)',
			name: 'rulesJson',
			type: 'json',
			typeOptions: { rows: 12 },
			required: true,
			default: EMPTY_CONFIGURATION,
			displayOptions: { show: { rulesSource: ['json'] } },
			description:
				'The whole AlertMagic configuration, its AlertMagic part, or only its Ingests list',
			hint: 'Remove passwords first: what stands here can be read in the workflow',
		},
		triggerField(),
	],
	runLocally: importRules,
};

/** Who imports has the JSON in the clipboard; nodes of version 1 begin with the account. */
function sourceFields(): INodeProperties[] {
	return [
		sourceField('account', { '@version': [1] }),
		sourceField('json', { '@version': [{ _cnd: { gte: 2 } }] }),
	];
}

function sourceField(
	initial: ImportSource,
	show: NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>,
): INodeProperties {
	return {
		displayName: 'Rules',
		name: 'rulesSource',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'AlertMagic Configuration',
				value: 'account',
				description: 'The rules in the AlertMagic Configuration of the account, which stays secret',
			},
			{ name: 'JSON', value: 'json', description: 'Paste AlertMagic JSON or its Ingests list' },
		],
		default: initial,
		displayOptions: { show },
		description: 'Where the AlertMagic JSON comes from',
	};
}

function triggerField(): INodeProperties {
	const choices: ReadonlyArray<readonly [TriggerType, string]> = [
		['imapIngestInstantTrigger', 'Starts the workflow within a second of arrival'],
		['imapIngestTrigger', 'Looks for mail at intervals'],
	];
	return {
		displayName: 'Trigger',
		name: 'trigger',
		type: 'options',
		options: choices.map(([value, description]) => ({
			name: TRIGGER_NAMES[value],
			value,
			description,
		})),
		default: 'imapIngestTrigger',
		description: 'The node that gets the rules',
	};
}

async function importRules(call: LocalCall): Promise<readonly INodeExecutionData[]> {
	const source = readSource(call);
	const configuration = await readConfiguration(call, source);
	const { rules } = configuration;
	if (rules.length === 0) {
		throw new IngestError('configuration', 'There is no rule to import.', {
			field: 'Rules',
			remedy:
				'Paste the JSON of the AlertMagic connection, or write it into the AlertMagic Configuration of the account.',
		});
	}
	const { type, credentials } = call.context.getNode();
	const origin = { type, ...(credentials !== undefined && { credentials }) };
	const workflow = toWorkflowSnippet(rules, origin, readTrigger(call), {
		// The account knows where each of its rules sends to.
		destination: source === 'account' && isEachSent(configuration) ? 'rule' : 'credential',
		newId: randomUUID,
	});
	const notes = describeLeftOut(configuration, source);
	call.context.addExecutionHints({
		message:
			'To use the rules: in the JSON view click "workflow", choose Copy to Clipboard > Copy Selection, and paste it on the canvas.',
		location: 'outputPane',
	});
	return [{ json: { rules: rules.map(({ name }) => name), notes: [...notes], workflow } }];
}

function isEachSent({ rules, destinations }: AlertMagicConfiguration): boolean {
	return rules.every(({ name }) => destinations.has(name));
}

function readSource({ read }: LocalCall): ImportSource {
	return read('rulesSource') === 'json' ? 'json' : 'account';
}

async function readConfiguration(
	{ context, itemIndex, read }: LocalCall,
	source: ImportSource,
): Promise<AlertMagicConfiguration> {
	if (source === 'account') {
		return parseConfiguration(await readAccountConfiguration(context, itemIndex));
	}
	return parseIngests(read('rulesJson'), 'Rules (JSON)');
}

function readTrigger({ read }: LocalCall): TriggerType {
	const value = read('trigger');
	if (value === 'imapIngestTrigger' || value === 'imapIngestInstantTrigger') return value;
	throw wrongSetting(
		'Trigger',
		`is ${showValue(value)}`,
		`Choose ${Object.values(TRIGGER_NAMES).join(' or ')}.`,
	);
}
