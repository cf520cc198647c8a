import type { Locator, Page } from 'playwright-core';

import { CredentialDialog } from './credential-dialog';
import { Hand } from './hand';
import { NodeView } from './node-view';
import type { Session } from './session';
import { NEO, PASSWORD, type Stage } from './stage';

/** What a walk has cost. */
export interface Effort {
	readonly clicks: number;
	readonly keys: number;
}

/** Walks from an empty canvas as a person does, who pastes what is written elsewhere: addresses of servers, passwords, JSON. */
export class Walk {
	private readonly hand: Hand;
	private readonly page: Page;

	constructor(
		private readonly session: Session,
		private readonly stage: Stage,
	) {
		this.page = session.page;
		this.hand = new Hand(this.page);
	}

	get effort(): Effort {
		const { clicks, keys } = this.hand;
		return { clicks, keys };
	}

	/** Opens the search panel on the empty canvas and adds the first node by one of its actions. */
	async begin(action: string): Promise<NodeView> {
		await this.session.editor.openNew();
		await this.hand.click(this.page.getByTestId('canvas-plus-button').first());
		return await this.add('imap', 'IMAP Ingest', action);
	}

	/** Adds the AlertMagic node behind a node that is open. */
	async goOnToAlertMagic(after: string): Promise<NodeView> {
		await this.leave();
		const { editor } = this.session;
		await this.hand.click(editor.node(after).getByTestId('canvas-handle-plus').first());
		return await this.add('alert', 'AlertMagic', 'Add to workflow');
	}

	private async add(words: string, name: string, action: string): Promise<NodeView> {
		const { panel } = this.session.editor;
		await panel.getByTestId('node-creator-search-bar').waitFor();
		await this.hand.type(words);
		const exactly = { has: this.page.getByText(name, { exact: true }) };
		await this.hand.click(panel.getByTestId('item-iterator-item').filter(exactly).first());
		await panel.getByText('Node details').waitFor();
		const shown = panel.getByText(action, { exact: true });
		const folded = panel.getByText(/^Actions \(\d+\)$/u);
		await shown.or(folded).first().waitFor();
		if (!(await shown.isVisible())) await this.hand.click(folded);
		await this.hand.click(shown);
		return await this.look();
	}

	/** Opens a node on the canvas. */
	async open(name: string): Promise<NodeView> {
		await this.hand.doubleClick(this.session.editor.node(name));
		return await this.look();
	}

	private async look(): Promise<NodeView> {
		const view = new NodeView(this.page);
		await view.root.waitFor();
		return view;
	}

	/** Closes the open node. */
	async leave(): Promise<void> {
		await this.hand.press('Escape');
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** The account that a node has by itself, or one that is made. */
	async connectMailbox({ root }: NodeView, isThere: boolean): Promise<void> {
		if (isThere) return await this.waitForAccount(root);
		await this.connect(root, {
			url: () => this.hand.paste(`imaps://localhost:${String(this.stage.dovecot.port)}`),
			username: () => this.hand.type(NEO),
			password: () => this.hand.paste(PASSWORD),
		});
	}

	/** The same for the webhook. */
	async connectWebhook({ root }: NodeView, isThere: boolean): Promise<void> {
		if (isThere) return await this.waitForAccount(root);
		await this.connect(root, {
			url: () => this.hand.paste(this.stage.webhook.url),
			username: () => this.hand.type('alerts'),
			password: () => this.hand.paste('secret of the webhook'),
		});
	}

	private async waitForAccount(root: Locator): Promise<void> {
		await root.getByTestId('node-credentials-select').waitFor();
	}

	private async connect(root: Locator, fields: Record<string, () => Promise<void>>): Promise<void> {
		const named = this.page.waitForResponse((answer) => answer.url().includes('/credentials/new'));
		await this.hand.click(root.getByTestId('node-credentials-slot').getByText(/^Connect to /u));
		await named;
		const dialog = new CredentialDialog(this.page);
		for (const [name, write] of Object.entries(fields)) {
			await this.hand.click(dialog.fields.field(name).locator('input'));
			await write();
		}
		await this.hand.click(dialog.root.getByTestId('credential-save-button'));
		await dialog.root.waitFor({ state: 'hidden' });
	}

	/** Has the rule made of a message. */
	async pickMessage({ fields }: NodeView, subject: string): Promise<void> {
		await this.hand.click(fields.field('rulesSource').locator('input'));
		const sources = this.page.locator('.el-select-dropdown:visible');
		await this.hand.click(sources.getByText('From a Message', { exact: true }));
		await this.hand.click(fields.rows('messages').root.getByTestId('rlc-input'));
		await this.hand.click(this.page.getByTestId('rlc-item').filter({ hasText: subject }));
	}

	/** Runs the open node, and waits until it shows a text. */
	async execute(view: NodeView, text: string): Promise<void> {
		await this.hand.click(view.root.getByTestId('node-execute-button').first());
		await view.waitForOutput(text);
	}

	/** Pastes over what stands in a field for JSON. */
	async pasteJson({ fields }: NodeView, name: string, json: string): Promise<void> {
		await this.hand.click(fields.field(name).locator('.cm-content'));
		await this.hand.press('Control+a');
		await this.hand.paste(json);
	}

	/** Copies a value of the first item that the open node shows, and pastes it on the canvas. */
	async carryToCanvas({ output, root }: NodeView, key: string): Promise<void> {
		await this.hand.click(output.getByTestId('radio-button-json'));
		await this.hand.click(output.locator(`[data-path="[0].${key}"]`));
		await output.getByTestId('ndv-data-container').hover();
		await this.hand.click(output.getByTestId('ndv-json-actions').locator('button'));
		await this.hand.click(this.page.getByText('Copy Selection', { exact: true }));
		await this.leave();
		await root.waitFor({ state: 'hidden' });
		await this.hand.press('Control+v');
	}
}
