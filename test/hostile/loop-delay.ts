import { monitorEventLoopDelay } from 'node:perf_hooks';

import { isRecord } from '../../nodes/core/is-record';

/** What work cost everything else in the process. */
export interface Cost {
	/** The longest time in which nothing else could run, in milliseconds. */
	readonly longestMs: number;
	readonly totalMs: number;
	/** The error that it ended with. */
	readonly failure?: string;
}

/** Does `work` and measures how long it kept the event loop busy. */
export async function measureDelay(work: () => Promise<unknown>): Promise<Cost> {
	const delays = monitorEventLoopDelay({ resolution: 1 });
	delays.enable();
	const start = performance.now();
	const failure = await work().then(
		() => undefined,
		(error: unknown) => (isRecord(error) ? String(error['message']) : String(error)),
	);
	const totalMs = performance.now() - start;
	// The last stretch counts once the loop has turned.
	await new Promise((resolve) => setTimeout(resolve, 5));
	delays.disable();
	return { longestMs: delays.max / 1e6, totalMs, ...(failure !== undefined && { failure }) };
}
