import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toErrorItem, toNodeError } from './to-node-error';

/** What becomes of the input items of an execution: each gives output items or one error. */
export class ItemResults {
	private readonly outputs = new Map<number, readonly INodeExecutionData[]>();

	constructor(private readonly context: Pick<IExecuteFunctions, 'continueOnFail' | 'getNode'>) {}

	/** Links the output items to their input item. */
	succeed(itemIndex: number, items: readonly INodeExecutionData[]): void {
		const pairedItem = { item: itemIndex };
		this.outputs.set(
			itemIndex,
			items.map((item) => ({ ...item, pairedItem })),
		);
	}

	/**
	 * Puts an error in the place of the item.
	 *
	 * @throws the error as n8n's, unless the node continues on failure
	 */
	fail(itemIndex: number, thrown: unknown): void {
		const error = toNodeError(this.context.getNode(), thrown, itemIndex);
		if (!this.context.continueOnFail()) throw error;
		this.outputs.set(itemIndex, [toErrorItem(error, itemIndex)]);
	}

	has(itemIndex: number): boolean {
		return this.outputs.has(itemIndex);
	}

	/** The output items in the order of their input items. */
	inOrder(): INodeExecutionData[] {
		return [...this.outputs].sort(([left], [right]) => left - right).flatMap(([, items]) => items);
	}
}
