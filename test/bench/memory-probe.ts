import { readFile } from 'node:fs/promises';
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
	const mails = pipeline.executions.reduce((sum, items) => sum + items, 0);
	console.log(JSON.stringify({ idle, peak: Math.max(peak, await readKernelPeak()), mails }));
}

/**
 * The kernel's own peak since this program runs, which no sample can miss. `resourceUsage` is of no use: it begins with
 * the memory of the process that has started this one (getrusage(2), execve(2)).
 */
async function readKernelPeak(): Promise<number> {
	const status = await readFile('/proc/self/status', 'utf8');
	const [, kilobytes = '0'] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
	return Number(kilobytes) * 1024;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
