import { compileRules } from '../../nodes/core/rules/compile-rules';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import type { DeliveryItem } from '../../nodes/core/delivery/delivery';
import { DELIVERY_RETRY } from '../../nodes/core/delivery/retry';
import { SILENT_LOG } from '../support/silent-log';
import type { Ingest, IngestSettings } from '../../nodes/ingest/ingest';
import { poll } from '../../nodes/ingest/poll';
import { TriggerRuntime } from '../../nodes/ingest/runtime';
import { createMailAccount } from '../../nodes/mail/account';
import type { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { SYSTEM_CLOCK } from '../../nodes/shell/clock';
import { createStaticMemory } from '../../nodes/ImapIngest/trigger/static-memory';
import { MAILBOX, PASSWORD } from './bench-mailbox';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

/** Where the pipeline reads. */
export interface PipelinePlace {
	readonly host: string;
	readonly port: number;
	readonly ca: string;
	readonly user: string;
	/** Shares the connections of this registry; a connection of its own for each poll unless given. */
	readonly registry?: ConnectionRegistry;
}

const BUDGET_MS = 180_000;

/** The pipeline without n8n: executions end in success at once. */
export class BenchPipeline {
	/** Items handed over so far, by execution. */
	readonly executions: number[] = [];
	/** What the last execution got. */
	lastItems: readonly DeliveryItem[] = [];
	private readonly ingest: Ingest;

	constructor(
		place: PipelinePlace,
		rules: readonly unknown[],
		settings: Partial<IngestSettings> = {},
	) {
		this.ingest = {
			settings: {
				accountName: `${place.user}@${place.host}`,
				mailbox: MAILBOX,
				rules: compileRules(parseRules(rules)),
				expectations: [],
				rulesKey: 'bench',
				whenRulesChange: 'newMail',
				acknowledge: 'executionSucceeded',
				replayUnread: false,
				keyword: '$IngestDone_bench000',
				which: 'first',
				unmatched: false,
				startAt: 'everything',
				quarantine: 'Ingest Quarantine',
				batchSize: 50,
				retry: DELIVERY_RETRY,
				waitingExecutions: 'delivered',
				executionLimitMs: 86_400_000,
				auditEveryMs: 3_600_000,
				cannotMove: 'leave',
				oversized: 'match',
				unauthenticated: 'unmatched',
				messageText: false,
				...settings,
			},
			account: toAccount(place),
			memory: createStaticMemory({
				node: {},
				workflow: {},
				nodeId: 'bench',
				account: `${place.user}@${place.host}`,
				isOneOfMany: false,
			}),
			workflow: {
				handOver: (items) => {
					this.executions.push(items.length);
					this.lastItems = items;
					return Promise.resolve({ outcome: 'success' });
				},
				report: () => undefined,
			},
			runtime: new TriggerRuntime(),
			clock: SYSTEM_CLOCK,
			log: SILENT_LOG,
		};
	}

	/** One poll, and the clean-up after it. */
	async poll(): Promise<void> {
		await poll(this.ingest, Date.now() + BUDGET_MS);
		await this.ingest.runtime.exclusively(() => Promise.resolve());
	}
}

function toAccount({ host, port, ca, user, registry }: PipelinePlace): Ingest['account'] {
	return createMailAccount({
		account: { host, port, username: user, caCertificate: ca },
		signIn: () => Promise.resolve({ user, password: PASSWORD }),
		log: SILENT_LOG,
		shared:
			registry === undefined
				? OWN_CONNECTIONS
				: { registry, login: { kind: 'password', password: PASSWORD } },
	});
}
