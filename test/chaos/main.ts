import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runN8nReceiver } from './receiver/n8n-receiver-run';
import { isHarmless, putReceiverTable, simulateReceivers } from './receiver/receiver-report';
import { isThrough, putN8nReceiver } from './receiver/n8n-receiver-report';
import { isClean, putTable, toTable } from './report';
import type { RoundResult } from './round';
import { runQueueChaos } from './queue-run';
import { runChaos } from './run';
import { runServerChaos, type ServerRunOptions } from './server-run';

const REPORT = path.join(__dirname, '..', '..', 'docs', 'reliability.md');
const RECEIVER_MINUTES = 3 * 24 * 60;
/** Alerts for each trigger, and how long after the faults they may take. */
const N8N_ALERTS = 3_000;
const N8N_LIMIT_MS = 1_800_000;
const DEFAULTS = {
	rounds: 480,
	instant: 260,
	kills: 12,
	instantKills: 8,
	workers: 3,
	seed: 20_261_123,
};

/** Reads `--rounds 60 --instant 20 --kills 0 --instantKills 0 --workers 0 --seed 7`. */
function readOptions(args: readonly string[]): typeof DEFAULTS {
	const options = { ...DEFAULTS };
	for (const name of ['rounds', 'instant', 'kills', 'instantKills', 'workers', 'seed'] as const) {
		const place = args.indexOf(`--${name}`);
		if (place < 0) continue;
		const value = Number(args[place + 1]);
		if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} wants a number`);
		options[name] = value;
	}
	return options;
}

function tell(result: RoundResult, round: number): void {
	const { fault, struck, recovery, duplicates, lost, differentIds, misplaced, silent } = result;
	const happened = struck ? `${String(recovery)} min` : 'did not strike';
	console.log(`${String(round)} ${fault}: ${happened}, ${String(duplicates)} duplicates`);
	for (const token of lost) console.log(`  LOST ${token}`);
	for (const token of differentIds) console.log(`  DIFFERENT IDS ${token}`);
	if (silent > 0) console.log(`  IN SILENCE ${String(silent)}`);
	for (const place of misplaced) console.log(`  WRONG PLACE ${place}`);
}

/** One after the other: a real n8n takes a good part of a machine. */
async function runServers(
	runs: ReadonlyArray<{
		readonly run: (options: ServerRunOptions) => Promise<readonly RoundResult[]>;
		readonly options: ServerRunOptions;
	}>,
): Promise<readonly RoundResult[]> {
	const results: RoundResult[] = [];
	for (const { run, options } of runs) {
		if (options.kills > 0) results.push(...(await run(options)));
	}
	return results;
}

/** `--receiver`, with the longest time that it is down in minutes, three days unless given. */
async function simulate(longest: number): Promise<void> {
	const minutes = Number.isSafeInteger(longest) ? longest : RECEIVER_MINUTES;
	const rows = await simulateReceivers(minutes, (row) => {
		console.log(row);
	});
	if (minutes >= RECEIVER_MINUTES) {
		await writeFile(REPORT, putReceiverTable(await readFile(REPORT, 'utf8'), rows));
	}
	if (!rows.every(isHarmless)) process.exitCode = 1;
}

/** `--receiver --n8n`, with the number of alerts for each trigger, 3,000 unless given. */
async function runRealReceiver(alerts: number): Promise<void> {
	const wanted = Number.isSafeInteger(alerts) ? alerts : N8N_ALERTS;
	const results = await runN8nReceiver({ alerts: wanted, kills: 3, limitMs: N8N_LIMIT_MS });
	console.log(results);
	if (wanted >= N8N_ALERTS) {
		await writeFile(REPORT, putN8nReceiver(await readFile(REPORT, 'utf8'), results));
	}
	if (!results.every(isThrough)) process.exitCode = 1;
}

/** The long form of the chaos run; see docs/reliability.md. */
async function main(): Promise<void> {
	const receiver = process.argv.indexOf('--receiver');
	const real = process.argv.indexOf('--n8n');
	if (receiver >= 0 && real >= 0) {
		await runRealReceiver(Number(process.argv[real + 1]));
		return;
	}
	if (receiver >= 0) {
		await simulate(Number(process.argv[receiver + 1]));
		return;
	}
	const options = readOptions(process.argv.slice(2));
	const { rounds, instant: instantRounds, kills, instantKills, workers, seed } = options;
	const onKill = (kill: number, fault: string) => {
		console.log(`${fault} (${String(kill)})`);
	};
	const [killed, polled, watched] = await Promise.all([
		runServers([
			{ run: runQueueChaos, options: { seed, kills: workers, onKill } },
			{ run: runServerChaos, options: { seed, kills, onKill } },
			{ run: runServerChaos, options: { seed, kills: instantKills, trigger: 'instant', onKill } },
		]),
		runChaos({ seed, rounds, instantRounds: 0, onRound: tell }),
		runChaos({ seed, rounds: 0, instantRounds, onRound: tell }),
	]);
	const results = [...killed, ...polled, ...watched];
	for (const [round, result] of killed.entries()) tell(result, round);
	console.log(`\n${toTable(results)}\n`);
	const isWhole = (['rounds', 'instant', 'kills', 'instantKills', 'workers'] as const).every(
		(name) => options[name] >= DEFAULTS[name],
	);
	if (isWhole) await writeFile(REPORT, putTable(await readFile(REPORT, 'utf8'), results));
	if (!isClean(results)) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
