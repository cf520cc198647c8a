import type { Locator, Page } from 'playwright-core';

import { NodeView } from './node-view';

/** A node as the search panel shows it. */
export interface FoundNode {
	readonly name: string;
	readonly description: string;
}

/** An icon on the canvas. */
export interface ShownIcon {
	readonly source: string;
	/** In pixels; 0 where it could not be loaded. */
	readonly width: number;
}

/** An execution as the list of executions shows it. */
export interface ShownExecution {
	readonly outcome: string;
	/** How many nodes wear the mark of success. */
	readonly succeededNodes: number;
}

/** The canvas of one workflow and what is around it. */
export class WorkflowEditor {
	/** The search panel at the right. */
	readonly panel: Locator;

	constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		this.panel = page.getByTestId('node-creator');
	}

	async openNew(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	async open(workflowId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
		await this.nodes.first().waitFor();
	}

	get nodes(): Locator {
		return this.page.getByTestId('canvas-node');
	}

	/** The node of this name. */
	node(name: string): Locator {
		return this.nodes.and(this.page.locator(`[data-node-name="${name}"]`));
	}

	/** Opens the search panel: for the first node, or for what follows the output of a node. */
	async openPanel(after?: string): Promise<void> {
		const plus =
			after === undefined
				? this.page.getByTestId('canvas-plus-button')
				: this.node(after).getByTestId('canvas-handle-plus');
		await plus.first().click();
		await this.panel.getByTestId('node-creator-search-bar').waitFor();
	}

	/** What the panel finds first for some words. */
	async search(words: string, name: string): Promise<FoundNode> {
		await this.panel.getByTestId('node-creator-search-bar').fill(words);
		const item = this.panel.getByTestId('item-iterator-item').filter({
			has: this.page.getByText(name, { exact: true }),
		});
		await item.waitFor();
		return {
			name,
			description: await item.getByTestId('node-creator-item-description').innerText(),
		};
	}

	/** The icons on the canvas, once they have been loaded. */
	async readIcons(): Promise<ShownIcon[]> {
		await this.nodes.first().waitFor();
		await this.page.waitForFunction('Array.from(document.images).every((image) => image.complete)');
		const icons: ShownIcon[] = [];
		for (const image of await this.nodes.locator('img').all()) {
			const source = (await image.getAttribute('src')) ?? '';
			const width = await image.evaluate((shown: { naturalWidth: number }) => shown.naturalWidth);
			icons.push({ source, width });
		}
		return icons;
	}

	/** Pastes what is in the clipboard on the canvas, and opens the node of this name that comes with it. */
	async paste(name: string): Promise<NodeView> {
		await this.page.keyboard.press('Control+v');
		return await this.openNode(name);
	}

	/** Opens a node that is on the canvas. */
	async openNode(name: string): Promise<NodeView> {
		await this.node(name).dblclick();
		const view = new NodeView(this.page);
		await view.root.waitFor();
		return view;
	}

	/** What is written at the outputs of a node, from the top. */
	async readOutputs(name: string): Promise<string[]> {
		const outputs = this.node(name).getByTestId('canvas-node-output-handle');
		await outputs.first().waitFor();
		return (await outputs.allInnerTexts()).map((text) => text.trim());
	}

	/** Opens what the panel tells of a node that `search` has found: what it is, and its triggers and actions. */
	async openDetails(name: string): Promise<void> {
		await this.panel.getByText(name, { exact: true }).first().click();
		await this.panel.getByText('Node details').waitFor();
	}

	/**
	 * Adds the node of the details, and opens it.
	 * @param action One of its triggers and actions; left out for a node that has none to choose.
	 */
	async pick(action = 'Add to workflow'): Promise<NodeView> {
		await this.panel.getByText(action, { exact: true }).click();
		const view = new NodeView(this.page);
		await view.root.waitFor();
		return view;
	}

	/** Searches, and adds what is found. */
	async add(words: string, name: string, action?: string): Promise<NodeView> {
		await this.search(words, name);
		await this.openDetails(name);
		return await this.pick(action);
	}

	/** Publishes, and waits until n8n says whether the triggers have started: `Published`, or what is wrong. */
	async publish(): Promise<string> {
		const button = this.page.getByTestId('workflow-open-publish-modal-button');
		await button.click();
		await this.page.getByTestId('workflow-publish-button').click();
		const done = button.filter({ hasText: 'Published' });
		const failed = this.page.getByRole('alert').filter({ hasText: 'could not be published' });
		const outcome = done.or(failed).first();
		await outcome.waitFor();
		return (await outcome.innerText()).trim();
	}

	/** The executions of this workflow; waits until the newest one has ended, and is shown. */
	async openExecutions(): Promise<ShownExecution> {
		await this.page.getByTestId('radio-button-executions').click();
		const details = this.page.locator('[data-test-id^=execution-preview-details-]');
		const label = details.getByText(/Succeeded|Error/u).first();
		await label.waitFor();
		await this.nodes.first().waitFor();
		return {
			outcome: await label.innerText(),
			succeededNodes: await this.page.getByTestId('canvas-node-status-success').count(),
		};
	}
}
