import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { ALERT_RULE } from './bench-mail';
import { BenchPipeline } from './bench-pipeline';
import type { PipelinePlace } from './bench-pipeline';
import { readProbeInput } from './probe-process';

export interface AccountsProbeInput {
	readonly place: Omit<PipelinePlace, 'user'>;
	readonly users: readonly string[];
	readonly minutes: number;
	/** Milliseconds between two polls of an account. */
	readonly interval: number;
}

export interface AccountsProbeResult {
	/** Share of one core, by minute. */
	readonly shares: readonly number[];
	readonly polls: number;
	/** Milliseconds from when a poll was due until it was over: the longest. */
	readonly longest: number;
	/** Polls that were not over when the next one of the same account was due. */
	readonly late: number;
	readonly mails: number;
}

/** Polls many accounts, each at its own moment of the interval, and prints what that costs. */
async function main(): Promise<void> {
	const { place, users, minutes, interval } = readProbeInput() as AccountsProbeInput;
	const registry = new ConnectionRegistry();
	const pipelines = users.map(
		(user) => new BenchPipeline({ ...place, user, registry }, [ALERT_RULE]),
	);
	for (const pipeline of pipelines) await pipeline.poll();
	const polls = { count: 0, late: 0, longest: 0 };
	const shares: number[] = [];
	for (let minute = 0; minute < minutes; minute += 1) {
		const start = performance.now();
		const before = process.cpuUsage();
		await Promise.all(
			pipelines.map(async (pipeline, index) => {
				const due = start + (index * interval) / pipelines.length;
				await delay(due - performance.now());
				await pipeline.poll();
				const took = performance.now() - due;
				polls.count += 1;
				polls.longest = Math.max(polls.longest, took);
				if (took > interval) polls.late += 1;
			}),
		);
		await delay(Math.max(0, start + interval - performance.now()));
		const { user, system } = process.cpuUsage(before);
		shares.push((user + system) / 1000 / (performance.now() - start));
	}
	const items = pipelines.flatMap(({ executions }) => executions);
	const mails = items.reduce((sum, count) => sum + count, 0);
	await registry.closeIdle();
	const { count, late, longest } = polls;
	console.log(JSON.stringify({ shares, polls: count, late, longest, mails }));
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
