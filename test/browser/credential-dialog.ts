import type { Locator, Page } from 'playwright-core';

import { toRecord, toText, type CredentialTestResult } from '../support/n8n/n8n-answers';
import { Fields } from './fields';

const TEST = '/rest/credentials/test';

/** The dialog in which a credential is made and changed. */
export class CredentialDialog {
	readonly root: Locator;
	readonly fields: Fields;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('editCredential-modal');
		this.fields = new Fields(page, this.root);
	}

	/** Saves, and waits for what the test of the credential says. The dialog closes when it is content. */
	async save(): Promise<CredentialTestResult> {
		const tested = this.page.waitForResponse((response) => response.url().endsWith(TEST));
		await this.root.getByTestId('credential-save-button').click();
		const { data } = toRecord(await (await tested).json());
		const { status, message } = toRecord(data);
		if (status === 'OK') await this.root.waitFor({ state: 'hidden' });
		return { status: toText(status), message: toText(message) };
	}

	/** What the dialog says of a test that failed, under "More details". */
	async readFailure(): Promise<string> {
		const banner = this.root.getByTestId('node-credentials-config-container');
		await banner.getByText('Couldn’t connect with these settings').waitFor();
		const more = banner.getByText('More details');
		if (await more.isVisible()) await more.click();
		await more.waitFor({ state: 'hidden' });
		return await banner.innerText();
	}

	/** Closes the dialog; does nothing where it is closed. */
	async close(): Promise<void> {
		if (!(await this.root.isVisible())) return;
		await this.root.getByLabel('Close this dialog').click();
		await this.root.waitFor({ state: 'hidden' });
	}
}
