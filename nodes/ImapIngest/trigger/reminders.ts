import type { Account } from '../../core/account/account';
import { restOfPause } from '../../core/pause';
import { expiryReminder } from '../../core/delivery/health';
import type { Ingest } from '../../ingest/ingest';
import { readN8nMajor } from '../../shell/n8n-version';
import type { Heartbeat } from './read-parameters';

const INTERVAL_MS: Readonly<Record<Exclude<Heartbeat, 'never'>, number>> = {
	hourly: 3_600_000,
	daily: 86_400_000,
};

/** n8n 3 loads packages that it has not verified only where this says so (n8n-docs, v30-breaking-changes). */
const UNVERIFIED = 'N8N_UNVERIFIED_PACKAGES_ENABLED';
const UNVERIFIED_SUMMARY = `Set ${UNVERIFIED}=true before the upgrade to n8n 3: without it n8n stops loading this package, and mail waits in its mailbox`;

/** The n8n that the trigger runs in. */
interface Host {
	readonly environment: NodeJS.ProcessEnv;
	readonly n8nMajor: number | undefined;
}

/** Whether the upgrade to n8n 3 comes next, and would leave this package out. */
function isUpgradeAhead({ environment, n8nMajor = 2 }: Host): boolean {
	return n8nMajor === 2 && !/^(?:true|1)$/i.test(environment[UNVERIFIED] ?? '');
}

/** When what an account proves itself with expires, as ISO dates. */
export type Expiry = Pick<Account, 'clientSecretExpiresOn' | 'certificateExpiresOn'>;

interface Reminding {
	readonly memory: Pick<Ingest['memory'], 'loadReminders' | 'saveReminders' | 'loadCursor'>;
	readonly workflow: Pick<Ingest['workflow'], 'report'>;
	readonly clock: Pick<Ingest['clock'], 'now'>;
	readonly log: Pick<Ingest['log'], 'warn'>;
}

/**
 * Reports what is due: a client secret or certificate about to expire, whether or not the mailbox can be reached, and a sign of life
 * where it can.
 *
 * @param alive whether the mailbox has just been looked at with success
 */
export function reportReminders(
	{ memory, workflow, clock, log }: Reminding,
	due: { readonly expiry: Expiry; readonly heartbeat: Heartbeat },
	alive: boolean,
	host: Host = { environment: process.env, n8nMajor: readN8nMajor() },
): void {
	const known = memory.loadReminders();
	if (known.setting === undefined && isUpgradeAhead(host)) {
		memory.saveReminders({ ...known, setting: UNVERIFIED });
		log.warn(UNVERIFIED_SUMMARY);
		workflow.report({ event: 'n8nSetting', summary: UNVERIFIED_SUMMARY, setting: UNVERIFIED });
	}
	remindOfTime({ memory, workflow, clock, log }, due, alive);
}

function remindOfTime(
	{ memory, workflow, clock, log }: Reminding,
	due: { readonly expiry: Expiry; readonly heartbeat: Heartbeat },
	alive: boolean,
): void {
	const now = clock.now();
	const known = memory.loadReminders();
	const { what, on } = toExpiring(due.expiry);
	const reminder = expiryReminder(on, now, known.secret, `${what}Expires`);
	const beats = alive && isHeartbeatDue(due.heartbeat, now, known.heartbeatAt);
	if (reminder === undefined && !beats) return;
	// Saved before it is emitted: n8n stores static data together with the execution it starts.
	memory.saveReminders({
		...known,
		...(reminder !== undefined && { secret: reminder.key }),
		...(beats && { heartbeatAt: now }),
	});
	if (reminder !== undefined) {
		log.warn(`The client ${what} expires on ${on ?? ''}`);
		workflow.report(reminder.event);
	}
	if (beats)
		workflow.report({ event: 'heartbeat', pending: memory.loadCursor()?.pending.length ?? 0 });
}

/** An application has a secret or a certificate. */
function toExpiring({ clientSecretExpiresOn, certificateExpiresOn }: Expiry) {
	return certificateExpiresOn === undefined
		? ({ what: 'secret', on: clientSecretExpiresOn } as const)
		: ({ what: 'certificate', on: certificateExpiresOn } as const);
}

function isHeartbeatDue(heartbeat: Heartbeat, now: number, last: number | undefined): boolean {
	if (heartbeat === 'never') return false;
	const interval = INTERVAL_MS[heartbeat];
	return last === undefined || restOfPause(last + interval, now, interval) === 0;
}
