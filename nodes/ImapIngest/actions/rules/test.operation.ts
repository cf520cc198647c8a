import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { wrongSetting } from '../../../core/errors';
import { parseRules } from '../../../core/rules/json/alertmagic';
import { compileRulesInSlices } from '../../../core/rules/compile-rules';
import type { CompiledRule } from '../../../core/rules/compile-rules';
import { readMailboxName } from '../../../core/message/mailbox-name';
import { readWholeNumber } from '../../../core/whole-number';
import { tryRules } from '../../../ingest/try-rules';
import type { TrialOutcome } from '../../../ingest/try-rules';
import type { ActionMailbox } from '../../../mail/action-ports';
import type { ScannedMessage } from '../../../mail/ports';
import { SYSTEM_CLOCK } from '../../../shell/clock';
import { rulesProperties } from '../../../shell/rules/rules-description';
import { mailboxField, optionsField } from '../fields';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readSource } from './read-source';

const COMPARE = 'Compare With';
/** Not `rulesSource`: where that is no account, the node shows no credential. */
const SOURCE = 'testedRules';
const MOST_MESSAGES = 5000;
const MOST_DAYS = 3650;
const DAY_MS = 86_400_000;

export const TEST: Operation = {
	value: 'testOnMailbox',
	name: 'Test on Mailbox',
	action: 'Test rules on a mailbox',
	description: 'Show what rules make of the mail of the past, without changing anything',
	properties: [
		mailboxField(
			'Mailbox',
			'mailbox',
			'INBOX',
			'The mailbox whose messages the rules are tried on',
		),
		...rulesProperties({
			account: true,
			cleanUp: false,
			copiedNode: true,
			secondForm: true,
			sourceName: SOURCE,
		}),
		countField('Messages', 'messages', 200, [1, MOST_MESSAGES], {
			description: 'How many messages are looked at, the newest first',
		}),
		countField('Days', 'days', 0, [0, MOST_DAYS], {
			description: 'Look only at messages that arrived in so many days; 0 for any',
		}),
		optionsField([
			{
				displayName: COMPARE,
				name: 'compareWith',
				type: 'json',
				typeOptions: { rows: 12 },
				default: '[]',
				description:
					'Other rules, as AlertMagic JSON or its Ingests list, to see which messages they treat differently',
			},
		]),
	],
	run: forEachItem(testOnMailbox),
};

function countField(
	displayName: string,
	name: string,
	initial: number,
	[minValue, maxValue]: readonly [number, number],
	about: Pick<INodeProperties, 'description'>,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue, maxValue, numberPrecision: 0 },
		default: initial,
		...about,
	};
}

async function testOnMailbox(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const { rules, words } = await readSource(call, SOURCE);
	const compiled = await compileRulesInSlices(rules, words, () => SYSTEM_CLOCK.pause());
	const compareWith = await readOthers(call);
	const limit = readWholeNumber(call.read('messages'), 'Messages', { min: 1, max: MOST_MESSAGES });
	const days = readWholeNumber(call.read('days'), 'Days', { min: 0, max: MOST_DAYS });
	const since = days === 0 ? undefined : new Date(SYSTEM_CLOCK.now() - days * DAY_MS);
	const path = readMailboxName(call.read('mailbox'), 'Mailbox');
	const mailbox = await call.connection.open(path, { readOnly: true });
	const uids = await findUids(mailbox, since, limit);
	const order = {
		rules: compiled,
		compareWith,
		uids,
		limit,
		isWanted: ({ summary, flags }: ScannedMessage) =>
			!flags.has('\\Deleted') &&
			(since === undefined || Date.parse(summary.receivedAt) >= since.getTime()),
		goOn: reportTo(call, path, Math.min(limit, uids.length)),
	};
	const outcome = await tryRules(mailbox, order, SYSTEM_CLOCK);
	const note = describe(outcome, path, compareWith !== undefined);
	call.context.addExecutionHints({ message: note, location: 'outputPane' });
	return outcome.trial.rows.map(({ changes, ...row }, index) => {
		const json: IDataObject = { ...row, ...(compareWith !== undefined && { changes }) };
		return { json: index === 0 ? { note, ...json } : json };
	});
}

async function readOthers({ option }: ItemCall): Promise<readonly CompiledRule[] | undefined> {
	const value = option('compareWith');
	if (value === undefined) return undefined;
	const rules = parseRules(value, COMPARE);
	if (rules.length === 0) {
		throw wrongSetting(COMPARE, 'has no rule', 'Paste the other rules, or remove the option.');
	}
	return await compileRulesInSlices(
		rules,
		({ name, place }) => `${COMPARE}, rule "${name}", ${place.join('.')}`,
		() => SYSTEM_CLOCK.pause(),
	);
}

/** Newest first. A server compares days only, and in its own time zone, so the heads are asked again. */
async function findUids(
	mailbox: ActionMailbox,
	since: Date | undefined,
	limit: number,
): Promise<readonly number[]> {
	const uids =
		since === undefined ? await mailbox.newestUids(limit) : await mailbox.search({ since });
	return [...uids].reverse();
}

/** Tells the editor, and the log, how far it is; false once the execution is stopped. */
function reportTo({ context }: ItemCall, path: string, total: number) {
	const stop = context.getExecutionCancelSignal();
	return (lookedAt: number): boolean => {
		const progress = `Test on Mailbox: ${String(lookedAt)} of ${String(total)} messages in ${path}`;
		context.sendMessageToUI(progress);
		context.logger.debug(progress);
		return stop?.aborted !== true;
	};
}

const ENDS = {
	bytes: ' It stopped there, since so much text was read.',
	stop: ' The execution was stopped there.',
};

function describe({ trial, lookedAt, endedBy }: TrialOutcome, path: string, isCompared: boolean) {
	const messages = lookedAt === 1 ? '1 message' : `${String(lookedAt)} messages`;
	const change = ` ${COMPARE} treats ${String(trial.changes)} of them differently.`;
	return [
		`Looked at ${messages} in ${path}, the newest first.`,
		endedBy === undefined ? '' : ENDS[endedBy],
		isCompared ? change : '',
	].join('');
}
