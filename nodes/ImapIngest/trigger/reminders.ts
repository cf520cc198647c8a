import { restOfPause } from '../../core/pause';
import { secretReminder } from '../../core/delivery/health';
import type { Ingest } from '../../ingest/ingest';
import type { Heartbeat } from './read-parameters';

const INTERVAL_MS: Readonly<Record<Exclude<Heartbeat, 'never'>, number>> = {
	hourly: 3_600_000,
	daily: 86_400_000,
};

/** Reports what is due whether or not the mailbox can be reached: a client secret about to expire, a sign of life. */
export function reportReminders(
	{ memory, workflow, clock, log }: Pick<Ingest, 'memory' | 'workflow' | 'clock' | 'log'>,
	due: { readonly clientSecretExpiresOn: string | undefined; readonly heartbeat: Heartbeat },
): void {
	const now = clock.now();
	const known = memory.loadReminders();
	const reminder = secretReminder(due.clientSecretExpiresOn, now, known.secret);
	const beats = isHeartbeatDue(due.heartbeat, now, known.heartbeatAt);
	if (reminder === undefined && !beats) return;
	// Saved before it is emitted: n8n stores static data together with the execution it starts.
	memory.saveReminders({
		...known,
		...(reminder !== undefined && { secret: reminder.key }),
		...(beats && { heartbeatAt: now }),
	});
	if (reminder !== undefined) {
		log.warn(`The client secret expires on ${due.clientSecretExpiresOn ?? ''}`);
		workflow.report(reminder.event);
	}
	if (beats)
		workflow.report({ event: 'heartbeat', pending: memory.loadCursor()?.pending.length ?? 0 });
}

function isHeartbeatDue(heartbeat: Heartbeat, now: number, last: number | undefined): boolean {
	if (heartbeat === 'never') return false;
	const interval = INTERVAL_MS[heartbeat];
	return last === undefined || restOfPause(last + interval, now, interval) === 0;
}
