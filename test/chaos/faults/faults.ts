import type { ConnectionFault } from '../gate/imap-gate';
import type { WebhookFault } from '../chaos-webhook';
import type { DeathAtEmit } from '../chaos-process';
import type { MailKind, TriggerKind } from '../chaos-workflow';
import { POISON } from '../chaos-webhook';
import { CLEAN_UP, NOTHING, SCAN } from './fault-kind';
import type { FaultKind } from './fault-kind';
import { SERVER_FAULTS } from './server-faults';

const ANY = /^(?!EXISTS)/;
/** `* 7 EXISTS` during IDLE, which is no command but may be waited for like one. */
const ANNOUNCEMENT = /^EXISTS$/;

/** Kills n8n at a command of a kind, before the server has it or after the server has carried it out. */
function killAt(name: string, at: RegExp, most: number): FaultKind {
	return {
		name,
		weight: 9,
		prepare: async ({ lane, choice, struck }) => {
			const { process, gate } = await lane.ensureAlive();
			const count = choice.between(1, most);
			const when = choice.pick<'before' | 'after'>(['before', 'after']);
			const act = () => {
				process.kill();
			};
			gate.plan({ at, count, when, act }, struck);
			return NOTHING;
		},
	};
}

function connectionFault(
	name: string,
	act: ConnectionFault,
	more: Partial<FaultKind> = {},
): FaultKind {
	return {
		name,
		weight: 8,
		...more,
		prepare: async ({ lane, choice, struck }) => {
			const { gate } = await lane.ensureAlive();
			const count = choice.between(1, 14);
			const when = act === 'half' ? 'after' : choice.pick<'before' | 'after'>(['before', 'after']);
			gate.plan({ at: ANY, count, when, act }, struck);
			return NOTHING;
		},
	};
}

/** The connection breaks as the server tells of mail during IDLE. */
function announcementFault(name: string, act: ConnectionFault): FaultKind {
	return {
		name,
		weight: 6,
		only: 'instant',
		prepare: async ({ lane, choice, struck }) => {
			const { gate } = await lane.ensureAlive();
			gate.plan({ at: ANNOUNCEMENT, count: choice.between(1, 2), when: 'before', act }, struck);
			return NOTHING;
		},
	};
}

const republished: FaultKind = {
	name: 'workflow unpublished and published again',
	weight: 6,
	prepare: async ({ lane, choice, struck }) => {
		const { gate, process } = await lane.ensureAlive();
		let publishing = Promise.resolve();
		const act = () => {
			publishing = process.republish();
		};
		const when = choice.pick<'before' | 'after'>(['before', 'after']);
		gate.plan({ at: ANY, count: choice.between(2, 14), when, act }, struck);
		return { afterPoll: () => publishing };
	},
};

const killAtHandOff: FaultKind = {
	name: 'n8n killed between hand-off and acknowledgement',
	weight: 9,
	prepare: async ({ lane, choice, struck }) => {
		const { process } = await lane.ensureAlive();
		lane.site.webhook.plan(
			choice.between(1, 8),
			choice.pick<'before' | 'after'>(['before', 'after']),
			() => {
				process.kill();
				struck();
			},
		);
		return NOTHING;
	},
};

function killAtEmit(name: string, death: DeathAtEmit): FaultKind {
	return {
		name,
		weight: 4,
		prepare: async ({ lane, choice, struck }) => {
			const { process } = await lane.ensureAlive();
			process.planDeathAtEmit(choice.between(1, 3), death, struck);
			return NOTHING;
		},
	};
}

const rollBack: FaultKind = {
	name: 'n8n killed, its static data rolled back to an older state',
	weight: 4,
	prepare: async ({ lane, choice, struck }) => {
		const { process, gate } = await lane.ensureAlive();
		const age = choice.between(1, 6);
		const act = () => {
			process.kill();
			lane.store.rollBack(age);
		};
		gate.plan({ at: ANY, count: choice.between(2, 14), when: 'before', act }, struck);
		return NOTHING;
	},
};

const dovecotRestart: FaultKind = {
	name: 'Dovecot restarted',
	hitsServer: true,
	weight: 4,
	prepare: async ({ lane, choice, struck }) => {
		const { gate } = await lane.ensureAlive();
		const { dovecot } = lane.site;
		let restart = Promise.resolve();
		const act = () => (restart = dovecot.restart());
		gate.plan({ at: ANY, count: choice.between(1, 14), when: 'before', act }, struck);
		return { afterPoll: () => restart };
	},
};

const webhookDown: FaultKind = {
	name: 'webhook down for 1 to 3 minutes',
	weight: 8,
	holdsMail: true,
	prepare: async ({ lane, choice, struck }) => {
		await lane.ensureAlive();
		const { webhook } = lane.site;
		webhook.fail(choice.pick<WebhookFault>(['unavailable', 'reset', 'half']));
		struck();
		const minutes = choice.between(1, 3);
		return {
			afterPoll: (passed) => {
				if (passed >= minutes) webhook.fail(undefined);
			},
		};
	},
};

const tokenRevoked: FaultKind = {
	name: 'token revoked',
	weight: 4,
	needsTokens: true,
	prepare: async ({ lane, struck }) => {
		const { entra } = lane.site;
		// What is asked for next is no longer good as it is used, though it says that it is good for an hour.
		lane.process?.kill();
		entra.setClaims({ exp: Math.floor(Date.now() / 1000) - 60 });
		await lane.ensureAlive();
		struck();
		return {
			afterPoll: () => {
				entra.setClaims({});
			},
		};
	},
};

const renumbered: FaultKind = {
	name: 'UIDVALIDITY changed',
	hitsServer: true,
	weight: 6,
	prepare: async ({ lane, choice, struck }) => {
		const { gate } = await lane.ensureAlive();
		const keepsKeywords = choice.chance(0.5);
		let renumbering = Promise.resolve();
		const act = () => (renumbering = lane.renumber(keepsKeywords));
		gate.plan({ at: ANY, count: choice.between(1, 14), when: 'before', act }, struck);
		return { afterPoll: () => renumbering };
	},
};

const HOUR_MS = 3_600_000;

function clockJump(name: string, sign: 1 | -1): FaultKind {
	return {
		name,
		weight: 4,
		prepare: async ({ lane, choice, struck }) => {
			const { process, gate } = await lane.ensureAlive();
			const { clock } = lane.site;
			const hours = choice.pick([1, 24, 24 * 30]);
			const dies = choice.chance(0.5);
			const act = () => {
				clock.now += sign * hours * HOUR_MS;
				if (dies) process.kill();
			};
			gate.plan({ at: ANY, count: choice.between(2, 14), when: 'after', act }, struck);
			return NOTHING;
		},
	};
}

function poison(name: string, extraMail: MailKind): FaultKind {
	return {
		name,
		weight: 4,
		extraMail,
		isSlow: true,
		prepare: async ({ lane, struck }) => {
			await lane.ensureAlive();
			struck();
			// A mail fails by itself only while others succeed.
			return { afterPoll: () => lane.keepCompany() };
		},
	};
}

/** Everything that goes wrong in a run. */
export const FAULTS: readonly [FaultKind, ...FaultKind[]] = [
	killAt('n8n killed during scan', SCAN, 5),
	killAtHandOff,
	killAtEmit('n8n killed as it starts an execution: state saved, no execution', 'stateSavedOnly'),
	killAtEmit(
		'n8n killed as it starts an execution: a worker runs it, no state saved',
		'executionStartedOnly',
	),
	killAt('n8n killed during clean-up', CLEAN_UP, 4),
	rollBack,
	dovecotRestart,
	connectionFault('connection reset', 'reset'),
	connectionFault('connection closed', 'close'),
	connectionFault('connection stalled', 'stall'),
	connectionFault('response cut in half', 'half'),
	announcementFault('connection reset at the news of mail', 'reset'),
	announcementFault('connection stalled at the news of mail', 'stall'),
	announcementFault('news of mail cut in half', 'half'),
	republished,
	webhookDown,
	tokenRevoked,
	connectionFault('session ended because its token has expired', 'expire', {
		weight: 4,
		needsTokens: true,
	}),
	renumbered,
	clockJump('clock jumps forward', 1),
	clockJump('clock jumps back', -1),
	poison('mail that the workflow always fails for', POISON),
	poison('mail whose pattern cannot be decided', 'undecidable'),
	...SERVER_FAULTS,
];

/** Those that can happen to a trigger; the tokens are those of a polling one. */
export function faultsFor(trigger: TriggerKind): readonly FaultKind[] {
	return FAULTS.filter(
		({ only, needsTokens }) =>
			(only ?? trigger) === trigger && !(trigger === 'instant' && needsTokens),
	);
}
