import type { IDataObject } from 'n8n-workflow';

import { groupBy } from '../../../core/group-by';
import { writeRule } from '../../../core/rules/json/rules';
import { suggestRule } from '../../../core/rules/suggest';
import type { SampleMessage } from '../../../core/rules/suggest';
import type { ItemResults } from '../../../shell/item-results';
import { messageField } from '../fields';
import { openMessage } from '../open-message';
import { throwIfUnavailable } from '../operation';
import type { ItemCall, Operation } from '../operation';

export const SUGGEST: Operation = {
	value: 'suggest',
	name: 'Suggest From Message',
	action: 'Suggest a rule from messages',
	description: 'Propose a rule for the messages of each sender, as JSON for the Rules parameter',
	properties: [messageField()],
	run: suggest,
};

/** A message that was read, and the item that asked for it. */
interface Sample {
	readonly itemIndex: number;
	readonly message: SampleMessage;
}

/** One rule for each sender; it goes with the first item of that sender, and the others give none. */
async function suggest(calls: readonly ItemCall[], results: ItemResults): Promise<void> {
	const samples: Sample[] = [];
	for (const call of calls) {
		try {
			samples.push({ itemIndex: call.itemIndex, message: await readSample(call) });
		} catch (error) {
			throwIfUnavailable(error);
			results.fail(call.itemIndex, error);
		}
	}
	const senderOf = ({ message }: Sample) => message.from[0]?.toLowerCase() ?? '';
	for (const [first, ...others] of groupBy(samples, senderOf).values()) {
		const rule = writeRule(suggestRule([first.message, ...others.map(({ message }) => message)]));
		const json: IDataObject = {
			rule: { ...rule },
			rulesJson: JSON.stringify([rule], null, 2),
			messages: others.length + 1,
		};
		results.succeed(first.itemIndex, [{ json }]);
		for (const { itemIndex } of others) results.succeed(itemIndex, []);
	}
}

async function readSample(call: ItemCall): Promise<SampleMessage> {
	const opened = await openMessage(call);
	if (opened === undefined) return { from: [], subject: '', text: '' };
	const { mailbox, message } = opened;
	const { uid, from, subject } = message.summary;
	const body = (await mailbox.bodies([message])).texts.get(uid);
	return {
		from,
		subject,
		text: body?.text ?? '',
		...(body?.cells !== undefined && { cells: body.cells }),
	};
}
