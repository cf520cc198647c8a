/** Milliseconds as seconds. */
export function toSeconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Things per second. */
export function toRate(count: number, milliseconds: number): string {
	return (count / (milliseconds / 1000)).toFixed(0);
}

/** Bytes as MB of 2^20. */
export function toMegabytes(bytes: number): string {
	return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** Milliseconds as they are. */
export function toMilliseconds(milliseconds: number): string {
	return `${milliseconds.toFixed(1)} ms`;
}

/** Bytes as KB of 2^10. */
export function toKilobytes(bytes: number): string {
	return `${(bytes / 2 ** 10).toFixed(0)} KB`;
}
