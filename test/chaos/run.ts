import { startStoredDovecot } from './stored-dovecot';
import { startEntra } from '../support/oauth/entra';
import { createTestCa } from '../support/servers/tls';
import { startChaosWebhook } from './chaos-webhook';
import type { FaultKind } from './faults/fault-kind';
import { FAULTS, faultsFor } from './faults/faults';
import { Journal } from './journal';
import type { TriggerKind } from './chaos-workflow';
import { CLIENT_SECRET, Lane, PASSWORD, type LaneOptions } from './lane';
import { runRound, type RoundResult } from './round';
import { SeededChoice } from './seeded-choice';

export interface RunOptions {
	readonly seed: number;
	readonly rounds: number;
	/** Further rounds with the instant trigger. */
	readonly instantRounds: number;
	/** Hears of each round as it ends. */
	readonly onRound?: (result: RoundResult, round: number) => void;
}

const LANES: readonly [LaneOptions, ...LaneOptions[]] = [
	{
		user: 'memory@example.com',
		login: 'password',
		persistence: 'withExecutions',
		trigger: 'poll',
	},
	{
		user: 'durable@example.com',
		login: 'password',
		persistence: 'durableCursors',
		trigger: 'poll',
	},
	{ user: 'tokens@example.com', login: 'oauth', persistence: 'withExecutions', trigger: 'poll' },
	{
		user: 'instant@example.com',
		login: 'password',
		persistence: 'withExecutions',
		trigger: 'instant',
	},
];

/**
 * Runs rounds of mail and faults against a real Dovecot, with n8n's own engine and lives of n8n that end at any moment.
 * The same seed gives the same faults; how the parts interleave is up to the machine.
 */
export async function runChaos({
	seed,
	rounds,
	instantRounds,
	onRound,
}: RunOptions): Promise<readonly RoundResult[]> {
	const choice = new SeededChoice(seed);
	const clock = { now: Date.now(), random: () => choice.next() };
	const tls = await createTestCa();
	const entra = await startEntra({ tls, secret: CLIENT_SECRET });
	const dovecot = await startStoredDovecot({
		tls,
		users: Object.fromEntries(LANES.map(({ user }) => [user, PASSWORD])),
		oauth: { issuer: entra.issuer, publicKeyPem: entra.publicKeyPem },
	});
	const webhook = await startChaosWebhook(tls, () => clock.now);
	const site = { tls, dovecot, entra, webhook, clock };
	const lanes = LANES.map((options) => new Lane(site, options));
	const journal = new Journal(webhook.arrivals);
	const results: RoundResult[] = [];
	try {
		for (let round = 0; round < rounds + instantRounds; round += 1) {
			const trigger = round < rounds ? 'poll' : 'instant';
			const first = trigger === 'poll' ? round : round - rounds;
			const fault = nextFault(first, choice, trigger);
			const able = lanes.filter(
				({ options }) =>
					options.trigger === trigger && (options.login === 'oauth' || !fault.needsTokens),
			);
			const lane = able[choice.between(0, able.length - 1)];
			if (lane === undefined) throw new Error(`No lane for ${fault.name}`);
			const result = await runRound(lane, fault, { choice, journal, name: `r${String(round)}` });
			results.push(result);
			onRound?.(result, round);
		}
		return results;
	} finally {
		for (const lane of lanes) await lane.stop();
		await dovecot.stop();
		await entra.stop();
		await webhook.close();
	}
}

/** Each fault once, then by weight. */
function nextFault(round: number, choice: SeededChoice, trigger: TriggerKind): FaultKind {
	const faults = faultsFor(trigger);
	const first = faults[round];
	if (first !== undefined) return first;
	let left = choice.next() * faults.reduce((sum, { weight }) => sum + weight, 0);
	const found = faults.find(({ weight }) => (left -= weight) < 0);
	return found ?? FAULTS[0];
}
