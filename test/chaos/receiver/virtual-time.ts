/** Time that passes only from one event to the next, however long that is. */
export class VirtualTime {
	private readonly events: Array<{ readonly at: number; readonly run: () => void }> = [];

	/** @param now epoch milliseconds */
	constructor(public now: number) {}

	/** Runs `event` in `ms` milliseconds. */
	after(ms: number, event: () => void): void {
		const at = this.now + ms;
		let index = this.events.length;
		while (index > 0 && (this.events[index - 1]?.at ?? 0) <= at) index -= 1;
		this.events.splice(index, 0, { at, run: event });
	}

	/** Resolves in `ms` milliseconds, or at once when the signal is aborted. */
	async sleep(ms: number, signal: AbortSignal): Promise<void> {
		await new Promise<void>((resolve) => {
			signal.addEventListener('abort', () => {
				resolve();
			});
			this.after(ms, resolve);
		});
	}

	/** Lets events happen, one after the other, until `isOver`. */
	async run(isOver: () => boolean): Promise<void> {
		while (!isOver()) {
			const event = this.events.pop();
			if (event === undefined) throw new Error('Nothing will ever happen any more');
			this.now = Math.max(this.now, event.at);
			event.run();
			// What follows from it is done before the next one.
			await new Promise(setImmediate);
		}
	}
}
