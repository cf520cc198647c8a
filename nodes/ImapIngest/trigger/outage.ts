import { IngestError } from '../../core/errors';
import { restOfPause } from '../../core/pause';
import type { HealthEvent } from '../../core/delivery/health';
import { noteFailure, recallOutage } from '../../core/delivery/outage';
import type { ToldOutage } from '../../core/delivery/outage';
import type { Clock, Ingest } from '../../ingest/ingest';
import type { OpenTrigger, TriggerContext } from './open-trigger';
import type { AccountState } from './states';

/** A pause that is longer is told of. */
const LONG_PAUSE_MS = 300_000;

/** What can tell the output "Health", and remembers that it did. */
interface Reporting {
	readonly ingest: {
		readonly workflow: Pick<Ingest['workflow'], 'report'>;
		readonly memory: Pick<Ingest['memory'], 'loadReminders' | 'saveReminders'>;
	};
}

export interface FailedPoll {
	/** True while n8n starts or activates a workflow anew: then the error is left to a later poll. */
	readonly starting: boolean;
	/** Milliseconds of an outage that are not worth raising. */
	readonly toleratedMs?: number;
	/** Undefined when its parameters or its credential could not be read. */
	readonly trigger: Reporting | undefined;
	readonly clock: Pick<Clock, 'now' | 'random'>;
	readonly logger: TriggerContext['logger'];
}

/**
 * Notes a failed poll, and tells the output "Health" of it.
 *
 * @returns whether to raise it as a failed execution: once for each outage, and always for what was not foreseen
 */
export function noteOutage(
	state: AccountState,
	error: unknown,
	{ starting, toleratedMs = 0, trigger, clock, logger }: FailedPoll,
): boolean {
	if (!(error instanceof IngestError)) return true;
	const known = state.outage ?? recallOutage(toldOutage(trigger), error, clock.now());
	const { outage, raise } = noteFailure(known, error, {
		now: clock.now(),
		random: clock.random(),
		starting,
		toleratedMs,
	});
	state.outage = outage;
	state.runtime.unreachedSince ??= clock.now();
	tellOfPause(error, restOfPause(outage.retryAt, clock.now()), trigger, logger);
	if (!raise) {
		// One that was raised has been heard of.
		const tell = outage.reported ? logger.debug : logger.warn;
		tell.call(logger, `Poll failed, it will be tried again: ${error.message}`);
		return false;
	}
	const { code, message, remedy = null } = error;
	const since = new Date(outage.since).toISOString();
	// Saved before it is emitted: n8n stores static data together with the execution it starts.
	if (trigger !== undefined) remember(trigger, { code, since: outage.since });
	trigger?.ingest.workflow.report({ event: 'unreachable', code, since, message, remedy });
	return true;
}

/** Notes that a poll succeeded, and tells of the end of an outage that was raised. */
export function endOutage(
	state: AccountState,
	trigger: Reporting & Pick<OpenTrigger, 'state'>,
	logger: TriggerContext['logger'],
): void {
	state.runtime.unreachedSince = undefined;
	// One that was told before a restart is over, too.
	const told = trigger.state === state ? toldOutage(trigger) : undefined;
	const outage = state.outage ?? (told && { ...told, failures: 0, reported: true });
	if (outage === undefined) return;
	state.outage = undefined;
	logger.info('The mailbox can be polled again');
	if (told !== undefined) remember(trigger, undefined);
	if (!outage.reported && told === undefined) return;
	const since = new Date(outage.since).toISOString();
	const { workflow } = trigger.ingest;
	workflow.report({ event: 'recovered', since, failedPolls: outage.failures });
}

function toldOutage(trigger: Reporting | undefined): ToldOutage | undefined {
	return trigger?.ingest.memory.loadReminders().outage;
}

function remember({ ingest: { memory } }: Reporting, told: ToldOutage | undefined): void {
	const { outage: before, ...others } = memory.loadReminders();
	if (told === before) return;
	memory.saveReminders({ ...others, ...(told !== undefined && { outage: told }) });
}

/** A pause that the server asks for, and any long one, is told at once: until then no mail comes. */
function tellOfPause(
	error: IngestError,
	pause: number,
	trigger: Reporting | undefined,
	logger: TriggerContext['logger'],
): void {
	const isLong = pause > LONG_PAUSE_MS;
	if (isLong) {
		const minutes = String(Math.ceil(pause / 60_000));
		logger.warn(`The server is left alone for ${minutes} minutes: ${error.message}`);
	}
	const isAsked = error.retryAfterMs !== undefined && isLong;
	if (error.code === 'throttled' || isAsked) trigger?.ingest.workflow.report(toThrottled(error));
}

function toThrottled({ message, retryAfterMs = 0 }: IngestError): HealthEvent {
	return { event: 'throttled', message, retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
}

/** Where a node lists users, an error says whose mailbox it is about. */
export function nameAccount(error: unknown, trigger: OpenTrigger | undefined): unknown {
	if (trigger?.user === undefined || !(error instanceof IngestError)) return error;
	return error.inWords(`${trigger.user}: ${error.message}`);
}

/** Several errors as one, since a poll can raise only one; the first gives the kind. */
export function joinErrors(errors: readonly unknown[]): unknown {
	const known = errors.filter((error) => error instanceof IngestError);
	const [first, ...others] = known;
	if (first === undefined || others.length === 0) return errors[0];
	const remedies = new Set(known.map(({ remedy }) => remedy ?? ''));
	return new IngestError(first.code, known.map(({ message }) => message).join('; '), {
		remedy: [...remedies].join(' ').trim(),
	});
}
