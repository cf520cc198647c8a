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
		// A control that n8n calls `parameter-input-field` is no parameter of the name "field".
		const lists = this.field(name).filter({ has: this.page.locator('input') });
		await lists.last().locator('input').click();
		await this.page
			.locator('.el-select-dropdown:visible')
			.getByTestId('parameter-input-item')
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.click();
	}

	/** The rows of a list; what is written into them goes into the last one that has such a field. */
	rows(name: string): Fields {
		return new Fields(this.page, this.root.getByTestId(`fixed-collection-${name}`));
	}

	/** Adds a row to these rows. */
	async addRow(button: string): Promise<void> {
		await this.root.getByText(button, { exact: true }).click();
	}

	/** The text that the field of a row holds, counted from 0 among those rows that have it. */
	async readRow(name: string, index: number): Promise<string> {
		return await this.field(name).nth(index).locator('input, textarea').first().inputValue();
	}
}
