import type { PendingDelivery } from './cursor';

type Crashing = Pick<PendingDelivery, 'crashes'>;

/** A message that was on its way as n8n ended, and again the next time, may be what n8n dies of. */
const SUSPICIOUS = 2;

/** Whether a delivery that is due again is tried alone: n8n ended again and again while it was on its way. */
export function isToTryAlone({ crashes = 0 }: Crashing): boolean {
	return crashes + 1 >= SUSPICIOUS;
}

/** Whether a delivery that was handed over is tried alone. */
export function isTriedAlone({ crashes = 0 }: Crashing): boolean {
	return crashes >= SUSPICIOUS;
}

/** How often n8n has ended while a delivery was on its way, which is due again. */
export function crashCount({ crashes = 0 }: Crashing): number {
	return crashes + 1;
}

/** How often it was tried alone then. */
export function loneCrashCount(delivery: Crashing): number {
	return Math.max(0, crashCount(delivery) - SUSPICIOUS);
}
