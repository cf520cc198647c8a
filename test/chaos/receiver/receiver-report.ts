import { runReceiver, type ReceiverResult } from './receiver-run';

const RATES = [10, 100];
const DOWN_MINUTES = [10, 60, 6 * 60, 3 * 24 * 60];
const FLAKY = [0, 0.02, 0.05, 0.2];
/** Messages in an execution, with Messages per Execution on Automatic. */
const LARGEST = 200;
const BEGIN = '<!-- receiver -->';
const END = '<!-- /receiver -->';

/** One row: what befell the receiver, and what came of it. */
interface Row {
	readonly alertsPerMinute: number;
	readonly downMinutes: number;
	readonly flaky: number;
	readonly result: ReceiverResult;
	/** Executions of the same mail with a receiver that never fails. */
	readonly faultless: number;
}

/**
 * Simulates a receiver that is down, flaky, and refuses one alert in a thousand, in every combination.
 *
 * @param onRow hears of each as it is done
 */
export async function simulateReceivers(
	longestMinutes: number,
	onRow: (row: string) => void,
): Promise<readonly Row[]> {
	const rows: Row[] = [];
	for (const alertsPerMinute of RATES) {
		for (const downMinutes of DOWN_MINUTES.filter((minutes) => minutes <= longestMinutes)) {
			const given = { alertsPerMinute, seed: 7, tailMinutes: 180 };
			const calm = { ...given, downMinutes: 0, flaky: 0, poisonEvery: 0 };
			const tailMinutes = given.tailMinutes + downMinutes;
			const { executions } = await runReceiver({ ...calm, tailMinutes });
			for (const flaky of FLAKY) {
				const result = await runReceiver({ ...given, downMinutes, flaky, poisonEvery: 1_000 });
				const row = { alertsPerMinute, downMinutes, flaky, result, faultless: executions };
				rows.push(row);
				onRow(toRow(row));
			}
		}
	}
	return rows;
}

/** Whether only poison went to quarantine, all of it, and nothing was lost. */
export function isHarmless({ result }: Row): boolean {
	const { lost, differentIds, wronglyQuarantined, poisonsLeft } = result;
	return lost + differentIds + wronglyQuarantined + poisonsLeft === 0;
}

/**
 * Most messages that an execution brings through in the mean, where so large a part of the calls fails and one failing call
 * fails the execution: n messages with a chance of (1 - flaky)^n, at the best n.
 */
export function mostThrough(flaky: number): number {
	const sizes = Array.from({ length: LARGEST }, (_, index) => index + 1);
	return Math.max(...sizes.map((size) => size * (1 - flaky) ** size));
}

/** Puts the table into the document. */
export function putReceiverTable(document: string, rows: readonly Row[]): string {
	const [before = '', rest = ''] = document.split(BEGIN);
	const [, after = ''] = rest.split(END);
	const head = [
		'| Alerts a minute | Down | Calls that fail | Alerts | Waiting when it is back | Through after | Quarantined, no poison | Executions | Never failing | Fewest possible |',
		'| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
	];
	return `${before}${BEGIN}\n\n${[...head, ...rows.map(toRow)].join('\n')}\n\n${END}${after}`;
}

function toRow({ alertsPerMinute, downMinutes, flaky, result, faultless }: Row): string {
	const { alerts, waiting, minutesBehind, wronglyQuarantined, executions } = result;
	const cells = [
		alertsPerMinute,
		downMinutes < 60 ? `${String(downMinutes)} min` : `${String(downMinutes / 60)} h`,
		`${String(flaky * 100)} %`,
		alerts.toLocaleString('en'),
		waiting.toLocaleString('en'),
		`${minutesBehind.toFixed(1)} min`,
		wronglyQuarantined,
		executions.toLocaleString('en'),
		faultless.toLocaleString('en'),
		flaky === 0 ? '' : Math.ceil(alerts / mostThrough(flaky)).toLocaleString('en'),
	];
	return `| ${cells.map(String).join(' | ')} |`;
}
