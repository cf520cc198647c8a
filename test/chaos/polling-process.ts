import type { IDataObject, INodeType, IPollFunctions } from 'n8n-workflow';

import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { pollTrigger } from '../../nodes/ImapIngest/trigger/poll-trigger';
import type { PublishedWorkflow } from '../support/n8n/n8n-engine';
import { ChaosProcess, type ChaosProcessOptions } from './chaos-process';
import { toChaosWorkflow, TRIGGER } from './chaos-workflow';

/** An n8n whose workflow polls when it is told to. */
export class PollingProcess extends ChaosProcess {
	/** n8n saves static data once more at the end of activation. */
	private activated = false;
	private published: PublishedWorkflow;

	constructor(options: ChaosProcessOptions) {
		super(options);
		this.published = this.publish();
	}

	/** One poll and the executions it starts. */
	override async tick(): Promise<unknown> {
		const { persistence, store } = this.options;
		if (persistence === 'durableCursors') this.published = this.publish();
		try {
			await this.published.tick();
		} catch (error) {
			return error;
		}
		const saves = persistence === 'durableCursors' || !this.activated;
		this.activated = true;
		if (this.isAlive && saves) store.write(this.published.staticData);
		return undefined;
	}

	override async republish(): Promise<void> {
		this.activated = false;
		this.published = this.publish('update');
		await this.tick();
	}

	override dispose(): Promise<void> {
		return Promise.resolve();
	}

	protected override get staticData(): IDataObject {
		return this.published.staticData;
	}

	protected override createTrigger(): INodeType {
		const observed = new WeakMap<IPollFunctions, IPollFunctions>();
		const observe = (context: IPollFunctions): IPollFunctions => {
			const known = observed.get(context);
			if (known !== undefined) return known;
			const emit: IPollFunctions['__emit'] = (...values) => {
				this.emit(() => {
					context.__emit(...values);
				});
			};
			const created = Object.create(context, {
				__emit: { value: emit },
				logger: { value: this.hear(context.logger) },
			}) as IPollFunctions;
			observed.set(context, created);
			return created;
		};
		const poll = (context: IPollFunctions) => pollTrigger(observe(context), this.environment);
		return Object.assign(new ImapIngestTrigger(), {
			async poll(this: IPollFunctions) {
				return await poll(this);
			},
		});
	}

	private publish(activation: 'init' | 'update' = 'init'): PublishedWorkflow {
		const { store, webhookCa } = this.options;
		return this.engine.publish(toChaosWorkflow(webhookCa), TRIGGER, {
			staticData: store.read(),
			activation,
		});
	}
}
