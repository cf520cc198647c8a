/** A delivery as far as it is known how often n8n has ended with it on its way. */
interface Crashing {
	/** See `PendingDelivery`. */
	readonly crashes?: number;
}

/** So few messages are tried one by one. */
const FEW = 5;
/** Most messages of an execution by how often n8n has ended with them on their way: what it dies of is isolated in a few steps. */
const SIZES: readonly number[] = [Infinity, Infinity, 30, FEW];
/** So many ends of n8n, and a message is tried alone. */
const ALONE = SIZES.length;
/** What was on its way two times in a row as n8n ended may be what it dies of; after once it was restarted, most likely. */
const SUSPICIOUS = 2;

/** Whether a delivery that is due again may be what n8n dies of. */
export function isToTryApart({ crashes = 0 }: Crashing): boolean {
	return crashes + 1 >= SUSPICIOUS;
}

/** Whether a delivery that was handed over may be what n8n dies of. */
export function isTriedApart({ crashes = 0 }: Crashing): boolean {
	return crashes >= SUSPICIOUS;
}

/** The first of such deliveries that are due again, as many as are tried together: one by one where they are few. */
export function nextApart<Due extends Crashing>(due: readonly Due[]): readonly Due[] {
	const least = Math.min(...due.map(countOf));
	const alike = due.filter((delivery) => countOf(delivery) === least);
	const size = alike.length > FEW ? (SIZES[least + 1] ?? 1) : 1;
	if (size > 1) return alike.slice(0, size);
	return alike.slice(0, 1).map((delivery) => ({
		...delivery,
		crashes: Math.max(least, ALONE - 1),
	}));
}

/** How often n8n has ended with a delivery alone on its way, which is due again. */
export function loneCrashes(delivery: Crashing): number {
	return Math.max(0, countOf(delivery) + 1 - ALONE);
}

function countOf({ crashes = 0 }: Crashing): number {
	return crashes;
}
