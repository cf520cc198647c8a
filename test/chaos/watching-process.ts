import { setTimeout as delay } from 'node:timers/promises';
import type { IDataObject, INodeType, ITriggerFunctions } from 'n8n-workflow';

import { ImapIngestInstantTrigger } from '../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { watchTrigger } from '../../nodes/ImapIngest/trigger/watch-trigger';
import type { ActiveWorkflow } from '../support/n8n/n8n-engine';
import type { MailboxEnd } from './chaos-mailbox';
import { ChaosProcess, type ChaosProcessOptions } from './chaos-process';
import { toChaosWorkflow, TRIGGER } from './chaos-workflow';

/** The mailbox, as others see it. */
export interface WatchedMailbox {
	/** Undefined where it cannot be told just now. */
	findEnd(): Promise<MailboxEnd | undefined>;
	/** Puts a mail into it that no rule wants: whoever watches looks at the mailbox, and at the clock. */
	nudge(): Promise<void>;
	/** Mail has to be noticed within so many real milliseconds, on an idle machine. */
	readonly patienceMs: number;
}

const LOOK_PAUSE_MS = 100;

/** An n8n whose workflow watches the mailbox by itself. */
export class WatchingProcess extends ChaosProcess {
	private active: ActiveWorkflow | undefined;
	private started = 0;
	private ending: Promise<void> | undefined;
	private missed = 0;

	constructor(
		options: ChaosProcessOptions,
		private readonly mailbox: WatchedMailbox,
	) {
		super(options);
	}

	/** How often mail was not noticed in time without help, since this was asked last. */
	takeMissed(): number {
		const { missed } = this;
		this.missed = 0;
		return missed;
	}

	/**
	 * Waits until all mail was looked at, which has to happen by itself; then makes it look again, since only the clock of
	 * the run says that failed deliveries are due.
	 */
	override async tick(isFirst: boolean): Promise<unknown> {
		if (this.active === undefined) await this.activate('init');
		if (!(await this.catchesUp())) this.missed += 1;
		if (isFirst || !this.isAlive) return undefined;
		await this.mailbox.nudge();
		if (!(await this.catchesUp())) this.missed += 1;
		return undefined;
	}

	/** In n8n the old registration may be closed before the new one is opened, or after that. */
	override async republish(): Promise<void> {
		const { active } = this;
		if (active === undefined) return;
		if (this.options.clock.random() < 0.5) {
			await active.close();
			await this.activate('activate');
			return;
		}
		await this.activate('update');
		await active.close();
	}

	override kill(worker: 'diesToo' | 'goesOn' = 'diesToo'): void {
		super.kill(worker);
		this.ending ??= this.active?.close();
	}

	override async dispose(): Promise<void> {
		await this.ending;
	}

	protected override get staticData(): IDataObject {
		return this.active?.staticData ?? {};
	}

	protected override createTrigger(): INodeType {
		const watch = (context: ITriggerFunctions) => {
			const emit: ITriggerFunctions['emit'] = (...values) => {
				this.emit(() => {
					this.started += 1;
					context.emit(...values);
				});
			};
			const observed = Object.create(context, {
				emit: { value: emit },
				logger: { value: this.hear(context.logger) },
			}) as ITriggerFunctions;
			return watchTrigger(observed, this.environment);
		};
		return Object.assign(new ImapIngestInstantTrigger(), {
			async trigger(this: ITriggerFunctions) {
				return await watch(this);
			},
		});
	}

	/** n8n saves static data at the end of activation. */
	private async activate(activation: 'init' | 'activate' | 'update'): Promise<void> {
		const { store, webhookCa } = this.options;
		const workflow = toChaosWorkflow(webhookCa, 'instant');
		const staticData = store.read();
		const active = await this.engine.activate(workflow, TRIGGER, { staticData, activation });
		this.active = active;
		if (this.isAlive) store.write(active.staticData);
		else await active.close();
	}

	/** Whether it has looked at all mail in time; one that is dead need not. */
	private async catchesUp(): Promise<boolean> {
		// Counted in looks, which take longer where the machine is busy, as everything does.
		for (let left = this.mailbox.patienceMs / LOOK_PAUSE_MS; this.isAlive && left > 0; left -= 1) {
			if (await this.isCaughtUp()) return true;
			await delay(LOOK_PAUSE_MS);
		}
		return !this.isAlive;
	}

	private async isCaughtUp(): Promise<boolean> {
		const { cursor } = this;
		if (cursor === undefined) return false;
		const end = await this.mailbox.findEnd();
		return (
			end !== undefined &&
			end.uidValidity === cursor.uidValidity &&
			cursor.position + 1 >= end.uidNext
		);
	}
}
