import type { Display, WhiteSpace } from './html-style';
import { endsBefore } from './html-elements';

interface OpenElement {
	readonly name: string;
	readonly display: Display | undefined;
	/** Holds for what is within, too. */
	readonly whiteSpace: WhiteSpace;
}

/** Elements that are open, the innermost last: what their styles say ends where they do. */
export class OpenElements {
	private readonly open: OpenElement[] = [];
	private readonly counts = new Map<string, number>();

	/** How text is laid out that stands here. */
	get whiteSpace(): WhiteSpace {
		return this.open.at(-1)?.whiteSpace ?? 'normal';
	}

	start(name: string, display: Display | undefined, whiteSpace: WhiteSpace | undefined): void {
		const last = this.open.at(-1);
		if (last !== undefined && endsBefore(last.name, name)) this.pop();
		this.open.push({ name, display, whiteSpace: whiteSpace ?? this.whiteSpace });
		this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
	}

	/** Ends the innermost element of that name, and what is open within it; gives how it is laid out. */
	end(name: string): Display | undefined {
		while ((this.counts.get(name) ?? 0) > 0) {
			const ended = this.pop();
			if (ended?.name === name) return ended.display;
		}
		return undefined;
	}

	private pop(): OpenElement | undefined {
		const last = this.open.pop();
		if (last !== undefined) this.counts.set(last.name, (this.counts.get(last.name) ?? 1) - 1);
		return last;
	}
}
