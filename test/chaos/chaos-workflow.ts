import { toChain, toNode, type WorkflowSource } from '../support/n8n/n8n-engine';
import { POISON } from './chaos-webhook';

/** Names of the nodes. */
export const TRIGGER = 'imapIngestTrigger';
/** The triggers that take part, by how they hear of mail. */
export const TRIGGERS = { poll: 'imapIngestTrigger', instant: 'imapIngestInstantTrigger' } as const;
export type TriggerKind = keyof typeof TRIGGERS;
const ALERT_MAGIC = 'alertMagic';

/** The watched mailbox, where messages are put by clean-up, and where the last attempt leaves them. */
export const MAILBOXES = {
	watched: 'Alerts',
	moved: 'Processed',
	quarantine: 'Quarantine',
} as const;

/** Mails of a run by what shall become of them. */
export const KINDS = [
	'move',
	'read',
	'flag',
	'stay',
	'delete',
	POISON,
	'undecidable',
	'unreadable',
	'other',
] as const;
export type MailKind = (typeof KINDS)[number];

const CLEAN_UPS: ReadonlyArray<readonly [MailKind, object]> = [
	['move', { Action: 'MoveToFolder', Folder: MAILBOXES.moved }],
	['read', { Action: 'MarkAsRead' }],
	['flag', { Action: 'Flag' }],
	['stay', { Action: 'None' }],
	['delete', { Action: 'Delete' }],
	[POISON, { Action: 'Delete' }],
	['undecidable', { Action: 'Delete' }],
	['unreadable', { Action: 'Delete' }],
];

/** A pattern that only backtracking can run and that no budget is enough for. */
const UNDECIDABLE = '(a+)\\1+$';

/** An AlertMagic configuration with a rule for each kind of mail, but for those that no rule wants. */
export function toChaosConfiguration(uri: string, oauth: object = {}): string {
	const ingests = CLEAN_UPS.map(([kind, cleanUp]) => ({
		Name: kind,
		Uri: uri,
		Username: 'chaos',
		Password: 'chaos-pw',
		Filter: {
			Subject: `^${kind} `,
			...(kind === 'undecidable' && { Body: UNDECIDABLE }),
		},
		Payload: { BodyCaptures: ['Token: (?<token>\\S+)'] },
		CleanUp: cleanUp,
	}));
	return JSON.stringify({ ...oauth, AlertMagic: { Ingests: ingests } });
}

/** A mail that carries its token. */
export function toChaosMail(kind: MailKind, token: string): string {
	const body = kind === 'undecidable' ? `${'a'.repeat(20_000)}!` : 'Something has happened.';
	return [
		'From: monitor@example.com',
		'To: alerts@example.com',
		`Subject: ${kind} ${token}`,
		`Message-ID: <${token}@example.com>`,
		'Date: Mon, 23 Nov 2026 03:00:00 +0000',
		'Content-Type: text/plain; charset=utf-8',
		'',
		`Token: ${token}`,
		body,
		'',
	].join('\r\n');
}

/** One attempt: what fails is for the trigger to try again. */
const ALERT_OPTIONS = { attempts: 1, timeout: 5, deliveryIdKey: 'deliveryId' };

/** Trigger and AlertMagic node, as in examples/alertmagic.json. */
export function toChaosWorkflow(webhookCa: string, trigger: TriggerKind = 'poll'): WorkflowSource {
	const credentials = { imapIngestApi: { id: '1', name: 'Account' } };
	return {
		nodes: [
			toNode(
				TRIGGERS[trigger],
				{
					mailbox: { __rl: true, mode: 'list', value: MAILBOXES.watched },
					rulesSource: 'account',
					options: { startAt: 'everything', quarantine: MAILBOXES.quarantine, batchSize: 4 },
				},
				{ credentials, name: TRIGGER },
			),
			toNode(
				ALERT_MAGIC,
				{
					destination: 'rule',
					rule: '={{ $json.rule }}',
					payload: '={{ $json.payload }}',
					options: { ...ALERT_OPTIONS, caCertificate: webhookCa },
				},
				{ credentials },
			),
		],
		connections: toChain(TRIGGER, ALERT_MAGIC),
	};
}
