/** So many messages tell as much as all that came before. */
const MEMORY = 20;

/**
 * How much of the mail that came last was delivered, and so what is worth reading together with the heads: fewer commands
 * where most of it is wanted, fewer bytes where it is not.
 */
export class Appetite {
	private delivered = 0;
	private shortTexts = 0;

	/** Whether more than half is wanted, so that structures had better be read with the heads. */
	get wantsStructure(): boolean {
		return this.delivered > 0.5;
	}

	/** Whether nearly all are short texts that are wanted, so that these had better be read with the heads, too. */
	get wantsShortText(): boolean {
		return this.shortTexts >= 0.9;
	}

	/** Counts messages: those that were looked at, the delivered ones, and those wanted for a short text. */
	note(looked: number, delivered: number, shortTexts: number): void {
		if (looked === 0) return;
		const weight = Math.min(1, looked / MEMORY);
		this.delivered += (delivered / looked - this.delivered) * weight;
		this.shortTexts += (shortTexts / looked - this.shortTexts) * weight;
	}
}
