import { runChaos } from './run';
import { toTable } from './report';

async function main(): Promise<void> {
	const [rounds = '540', seed = '20261123'] = process.argv.slice(2);
	const started = Date.now();
	const results = await runChaos({
		seed: Number(seed),
		rounds: Number(rounds),
		onRound: (result, round) => {
			const { fault, struck, recovery, duplicates, lost, differentIds, misplaced } = result;
			console.log(
				`${String(round)} ${fault}${struck ? '' : ' (did not strike)'}: ${String(recovery)} min, ${String(duplicates)} duplicates`,
				...[
					...lost.map((token) => `LOST ${token}`),
					...differentIds.map((token) => `IDS ${token}`),
				],
				...misplaced,
			);
		},
	});
	console.log(`\n${toTable(results)}\n`);
	console.log(`Took ${String(Math.round((Date.now() - started) / 1000))} s`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
