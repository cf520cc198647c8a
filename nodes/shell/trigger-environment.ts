import type { Clock } from '../ingest/ingest';
import { SYSTEM_CLOCK } from './clock';
import { PROCESS_SERVICES } from './open-account';
import type { AccountServices } from './open-account';
import { PROCESS_STATES } from './trigger-states';
import type { TriggerStates } from './trigger-states';

/** What a trigger takes from the process it runs in. */
export interface TriggerEnvironment {
	readonly clock: Clock;
	readonly states: TriggerStates;
	readonly services: AccountServices;
}

/** The n8n process with the machine's time. */
export const PROCESS_ENVIRONMENT: TriggerEnvironment = {
	clock: SYSTEM_CLOCK,
	states: PROCESS_STATES,
	services: PROCESS_SERVICES,
};
