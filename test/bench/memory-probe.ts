import { setImmediate as turn } from 'node:timers/promises';
import { ALERT_RULE } from './bench-mail';
import { BenchPipeline } from './bench-pipeline';
import type { PipelinePlace } from './bench-pipeline';
import { readProbeInput } from './probe-process';

/** What the probe reads, one after the other; each is a mailbox. */
export interface MemoryProbeInput {
	readonly place: PipelinePlace;
	/** Read first, so that all code is loaded and compiled. */
	readonly warmUp: string;
	readonly mailbox: string;
}

/** Bytes. */
export interface MemoryProbeResult {
	readonly idle: number;
	readonly peak: number;
	readonly mails: number;
}

const SAMPLE_MS = 5;

/** Prints how much memory (RSS) a poll takes above what the process has when it is idle. */
async function main(): Promise<void> {
	const { place, warmUp, mailbox } = readProbeInput() as MemoryProbeInput;
	const warm = new BenchPipeline(place, [ALERT_RULE], { mailbox: warmUp });
	await warm.poll();
	globalThis.gc?.();
	await turn();
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const timer = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, SAMPLE_MS);
	const pipeline = new BenchPipeline(place, [ALERT_RULE], { mailbox });
	await pipeline.poll();
	clearInterval(timer);
	// The kernel's own peak is above the samples when it was reached after the beginning.
	const kernelPeak = process.resourceUsage().maxRSS * 1024;
	const mails = pipeline.executions.reduce((sum, items) => sum + items, 0);
	console.log(JSON.stringify({ idle, peak: Math.max(peak, kernelPeak), mails }));
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
