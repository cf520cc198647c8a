import { makeHostileItems, USUAL_ITEM } from './hostile-items';
import { makeGenuineMail, makeHostileMails } from './hostile-mail';
import { measureDelay } from './loop-delay';
import type { Cost } from './loop-delay';
import { captureItems, openMailPath } from './mail-path';

/** Longest that nothing else in n8n may run because of one mail, on an idle machine. */
const LIMIT_MS = 300;
const MEMORY_LIMIT_BYTES = 1024 ** 3;
const SHOWN = 15;

interface Result extends Cost {
	readonly name: string;
}

function readOption(name: string, fallback: number): number {
	const place = process.argv.indexOf(`--${name}`);
	const value = place < 0 ? fallback : Number(process.argv[place + 1]);
	if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} wants a number`);
	return value;
}

/** Each mail by itself through FETCH, rules and delivery. */
async function runMails(count: number, seed: number): Promise<readonly Result[]> {
	const path = await openMailPath();
	const results: Result[] = [];
	try {
		await (await path.put([makeGenuineMail(0)])).poll();
		for (const { name, raw } of makeHostileMails(count, seed)) {
			const { poll } = await path.put([raw]);
			const cost = await measureDelay(poll);
			// One message never fails a poll.
			if (cost.failure !== undefined) throw new Error(`${name}: ${cost.failure}`);
			results.push({ name, ...cost });
		}
	} finally {
		await path.stop();
	}
	return results;
}

async function runItems(): Promise<readonly Result[]> {
	const results: Result[] = [];
	await captureItems([USUAL_ITEM]);
	for (const { name, item } of makeHostileItems()) {
		const cost = await measureDelay(() => captureItems([item]));
		results.push({ name: `Email Capture: ${name}`, ...cost });
	}
	return results;
}

/** Shows the longest delays; those beyond the limit are bad. An error is a fair end. */
function report(results: readonly Result[]): readonly Result[] {
	const sorted = [...results].sort((left, right) => right.longestMs - left.longestMs);
	const bad = sorted.filter(({ longestMs }) => longestMs > LIMIT_MS);
	for (const { name, longestMs, totalMs, failure } of sorted.slice(
		0,
		Math.max(bad.length, SHOWN),
	)) {
		const end = failure === undefined ? '' : `: ${failure.slice(0, 80)}`;
		console.log(`${longestMs.toFixed(0).padStart(6)} ms of ${totalMs.toFixed(0)}  ${name}${end}`);
	}
	return bad;
}

async function main(): Promise<void> {
	const count = readOption('count', 200);
	const seed = readOption('seed', 1);
	const bad = [...report(await runMails(count, seed)), ...report(await runItems())];
	const { maxRSS } = process.resourceUsage();
	const memory = maxRSS * 1024;
	const isTooLarge = memory > MEMORY_LIMIT_BYTES;
	console.log(
		`${String(bad.length)} beyond ${String(LIMIT_MS)} ms; at most ${(memory / 1024 ** 2).toFixed(0)} MiB of memory`,
	);
	process.exitCode = bad.length > 0 || isTooLarge ? 1 : 0;
}

void main();
