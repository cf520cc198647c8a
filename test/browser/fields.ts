import type { Locator, Page } from 'playwright-core';

/** Fields by the names of their parameters, in a form of n8n's: a node's parameters, a credential. */
export class Fields {
	constructor(
		private readonly page: Page,
		/** Element that holds the form. */
		readonly root: Locator,
	) {}

	/** Everything that belongs to one parameter, without its label. */
	field(name: string): Locator {
		return this.root.getByTestId(`parameter-input-${name}`);
	}

	/** Writes a text; where a parameter takes several, into the last one. */
	async fill(name: string, text: string): Promise<void> {
		await this.field(name).last().locator('input, textarea').fill(text);
	}

	async fillAll(texts: Readonly<Record<string, string>>): Promise<void> {
		for (const [name, text] of Object.entries(texts)) await this.fill(name, text);
	}

	/** Chooses from a list by what it says. */
	async choose(name: string, option: string): Promise<void> {
		await this.field(name).last().locator('input').click();
		await this.page
			.locator('.el-select-dropdown:visible')
			.getByTestId('parameter-input-item')
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.click();
	}

	/** Makes a parameter that takes several texts hold these. */
	async fillList(name: string, label: string, texts: readonly string[]): Promise<void> {
		// The last one: the lists of a rule lie within the item of all rules.
		const items = this.root.getByTestId('parameter-item');
		const item = items.filter({ has: this.page.getByText(label, { exact: true }) }).last();
		const fields = this.field(name).locator('input, textarea');
		for (const [index, text] of texts.entries()) {
			if ((await fields.count()) <= index) await item.getByText('Add Pattern').click();
			await fields.nth(index).fill(text);
		}
	}
}
