import type { Locator, Page } from 'playwright-core';

/** Mouse and keyboard as a person uses them, counted: what is pasted costs the two keys of Ctrl+V. */
export class Hand {
	clicks = 0;
	keys = 0;

	constructor(private readonly page: Page) {}

	async click(target: Locator): Promise<void> {
		this.clicks += 1;
		await target.click();
	}

	async doubleClick(target: Locator): Promise<void> {
		this.clicks += 2;
		await target.dblclick();
	}

	/** Types into what has the focus; at once, since the form of n8n drops letters that come faster than a person types. */
	async type(text: string): Promise<void> {
		this.keys += text.length;
		await this.page.keyboard.insertText(text);
	}

	/** Presses a key, or keys together such as `Control+a`. */
	async press(keys: string): Promise<void> {
		this.keys += keys.split('+').length;
		await this.page.keyboard.press(keys);
	}

	/** Pastes what was copied elsewhere into what has the focus. */
	async paste(text: string): Promise<void> {
		await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
		await this.press('Control+v');
	}
}
