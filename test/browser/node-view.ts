import type { Locator, Page } from 'playwright-core';

import { CredentialDialog } from './credential-dialog';
import { Fields } from './fields';

const NEW_NAME = '/rest/credentials/new';

/** The open view of one node: parameters in the middle, output at the right. */
export class NodeView {
	readonly root: Locator;
	readonly fields: Fields;
	readonly output: Locator;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('ndv');
		this.fields = new Fields(page, this.root.getByTestId('node-parameters'));
		this.output = this.root.getByTestId('output-panel');
	}

	/** The form of the rules. */
	get rules(): Locator {
		return this.root.getByTestId('fixed-collection-rules');
	}

	/** Parameters and output, side by side. */
	get panes(): Locator {
		return this.root.getByTestId('node-parameters').or(this.output);
	}

	/** The name of the node. */
	async readTitle(): Promise<string> {
		return (await this.root.getByTestId('node-title-container').innerText()).trim();
	}

	/** Begins a new credential, and waits until n8n has named it: one without a name cannot be saved. */
	async createCredential(): Promise<CredentialDialog> {
		await Promise.all([
			this.page.waitForResponse((response) => response.url().includes(NEW_NAME)),
			this.pressCreateCredential(),
		]);
		const dialog = new CredentialDialog(this.page);
		await dialog.root.waitFor();
		return dialog;
	}

	/** The first credential has a button of its own. */
	private async pressCreateCredential(): Promise<void> {
		const slot = this.root.getByTestId('node-credentials-slot');
		const first = slot.getByText(/^Connect to /u);
		const select = slot.getByTestId('node-credentials-select');
		await first.or(select).first().waitFor();
		if (await first.isVisible()) await first.click();
		else {
			await select.click();
			await this.page.getByTestId('node-credentials-select-item-new').click();
		}
	}

	/** Presses Fetch Test Event, or Execute Step. */
	async execute(): Promise<void> {
		await this.root.getByTestId('node-execute-button').first().click();
	}

	/** Has the output panel show items as JSON, once there are any. */
	async showJson(): Promise<void> {
		await this.output.getByTestId('radio-button-json').click();
	}

	/** Copies the value of a key of the first item; JSON has to be shown. */
	async copyValue(key: string): Promise<void> {
		await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		const path = this.output.locator(`[data-path="[0].${key}"]`);
		await path.click();
		await this.output.getByTestId('ndv-data-container').hover();
		await this.output.getByTestId('ndv-json-actions').locator('button').click();
		await this.page.getByText('Copy Selection', { exact: true }).click();
	}

	/** Waits until the output panel shows all of the texts, as data or as an error. */
	async waitForOutput(...texts: readonly string[]): Promise<void> {
		for (const text of texts) {
			await this.output.getByTestId('ndv-data-container').filter({ hasText: text }).waitFor();
		}
	}

	async close(): Promise<void> {
		await this.root.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}
