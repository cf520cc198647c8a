import type { INodeExecutionData } from 'n8n-workflow';

import {
	assertNoGaps,
	describeGap,
	findGaps,
	toIngest,
} from '../../../core/rules/json/write-alertmagic';
import { rulesProperties } from '../../../shell/rules/rules-description';
import { optionsField } from '../fields';
import type { LocalCall, Operation } from '../operation';
import { readSource } from './read-source';

const LEAVE_OUT = 'Leave Out Unsupported';

export const EXPORT: Operation = {
	value: 'exportAlertMagic',
	name: 'Export to AlertMagic',
	action: 'Export rules to AlertMagic',
	description: 'Turn rules into the JSON of an AlertMagic connection, without secrets',
	properties: [
		...rulesProperties({ account: true, cleanUp: true, copiedNode: true, secondForm: true }),
		optionsField([
			{
				displayName: LEAVE_OUT,
				name: 'leaveOut',
				type: 'boolean',
				default: true,
				description:
					'Whether to leave out what AlertMagic cannot do, and say so in the notes, instead of failing',
			},
		]),
	],
	runLocally: exportRules,
};

async function exportRules(call: LocalCall): Promise<readonly INodeExecutionData[]> {
	const { rules } = await readSource(call);
	const gaps = rules.flatMap(findGaps);
	if (call.option('leaveOut') !== true) assertNoGaps(gaps, `Or add the option ${LEAVE_OUT}.`);
	const configuration = { AlertMagic: { Ingests: rules.map(toIngest) } };
	const notes = [
		'Uri, Username and Password are not exported: write them into the rules in AlertMagic.',
		...gaps.map(describeGap),
	];
	return [{ json: { configuration: JSON.stringify(configuration, null, 2), notes } }];
}
