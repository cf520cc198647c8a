import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { EntraStandIn } from '../support/oauth/entra';
import { guideOAuth } from '../support/guide-example';
import type { TestCa } from '../support/servers/tls';
import type { ChaosClock, ChaosProcess, ChaosProcessOptions, Persistence } from './chaos-process';
import type { ChaosWebhook } from './chaos-webhook';
import { ChaosMailbox } from './chaos-mailbox';
import { toChaosConfiguration, type MailKind, type TriggerKind } from './chaos-workflow';
import type { FaultKind } from './faults/fault-kind';
import { openImapGate, type ImapGate } from './gate/imap-gate';
import { PollingProcess } from './polling-process';
import { StaticDataStore } from './static-data-store';
import type { StoredDovecot } from './stored-dovecot';
import { WatchingProcess } from './watching-process';

/** What all lanes share. */
export interface ChaosSite {
	readonly tls: TestCa;
	readonly dovecot: StoredDovecot;
	readonly entra: EntraStandIn;
	readonly webhook: ChaosWebhook;
	readonly clock: ChaosClock;
}

export interface LaneOptions {
	readonly user: string;
	readonly login: 'password' | 'oauth';
	readonly persistence: Persistence;
	readonly trigger: TriggerKind;
}

export const PASSWORD = 'chaos-mail-pw';
export const CLIENT_SECRET = 'chaos-client-secret';
/** Real milliseconds within which mail has to be noticed; the safety scan would come after five minutes. */
const PATIENCE_MS = { usual: 120_000, held: 1_000 };

/** One mailbox, the workflow that watches it, and the n8n that runs it: killed and started again as often as you like. */
export class Lane extends ChaosMailbox {
	readonly store = new StaticDataStore();
	private lives = 0;
	private nudges = 0;
	/** UIDs of mails that were given up, as the trigger told of them. */
	private readonly told = new Set<number>();
	patienceMs = PATIENCE_MS.usual;
	private current: { readonly process: ChaosProcess; readonly gate: ImapGate } | undefined;

	constructor(
		readonly site: ChaosSite,
		readonly options: LaneOptions,
	) {
		super(site.dovecot, options.user);
	}

	get process(): ChaosProcess | undefined {
		return this.current?.process;
	}

	get gate(): ImapGate | undefined {
		return this.current?.gate;
	}

	/** Starts n8n unless it runs. */
	async ensureAlive(): Promise<{ readonly process: ChaosProcess; readonly gate: ImapGate }> {
		if (this.current?.process.isAlive === true) return this.current;
		await this.end();
		const { tls, dovecot, webhook, clock } = this.site;
		this.lives += 1;
		const { login, persistence, trigger } = this.options;
		const address = `${trigger}-${login}-${persistence}-${String(this.lives)}`;
		const gate = await openImapGate({ port: dovecot.port, tls });
		const options: ChaosProcessOptions = {
			persistence,
			clock,
			store: this.store,
			account: this.toAccount(gate.port, webhook.urlFor(address)),
			webhookCa: tls.ca,
			onTold: (uids) => {
				for (const uid of uids) this.told.add(uid);
			},
			onDeath: (worker) => {
				gate.cut();
				gate.close();
				if (worker === 'diesToo') webhook.silence(address);
			},
		};
		const process =
			trigger === 'poll' ? new PollingProcess(options) : new WatchingProcess(options, this);
		this.current = { process, gate };
		return this.current;
	}

	async stop(): Promise<void> {
		this.process?.kill();
		await this.end();
	}

	/** Mail that no rule wants, which those who watch look at. */
	async nudge(): Promise<void> {
		this.nudges += 1;
		const token = `nudge-${String(this.nudges)}`;
		// The server may be the one that is down just now.
		await this.deliver([{ kind: 'other', token }]).catch(() => undefined);
	}

	/** Mail that succeeds beside one that fails, until that one was given up. */
	async keepCompany(kind: MailKind = 'move'): Promise<void> {
		if (this.toldCount === 0) await this.deliverCompany(kind);
	}

	/** Mail that nothing is wrong with, beside that of a round. */
	async deliverCompany(kind: MailKind = 'move'): Promise<void> {
		this.nudges += 1;
		await this.deliver([{ kind, token: `company-${String(this.nudges)}` }]);
	}

	/** Keeps the mail of the server as it is. */
	async backUp(): Promise<void> {
		await this.inTurn(() => this.site.dovecot.backUp());
	}

	/** Puts back what was kept: UIDVALIDITY stays, UIDNEXT falls. */
	async restore(): Promise<void> {
		await this.inTurn(() => this.site.dovecot.restore());
	}

	/** How many mails were told of as given up. */
	get toldCount(): number {
		return this.told.size;
	}

	/** Begins a round: nothing was told of yet. */
	beginRound({ holdsMail, comesWhileDown }: Pick<FaultKind, 'holdsMail' | 'comesWhileDown'>): void {
		this.told.clear();
		this.patienceMs = holdsMail === true ? PATIENCE_MS.held : PATIENCE_MS.usual;
		if (comesWhileDown) this.process?.kill();
	}

	/** Forgets what was planned to go wrong, and ends what does. */
	async endFaults({ cannotMove }: Pick<FaultKind, 'cannotMove'>): Promise<void> {
		await this.inTurn(() => this.site.dovecot.mend());
		// A connection that lives on still believes that the server cannot move.
		if (cannotMove) this.process?.kill();
		this.gate?.clear();
		this.process?.clearPlans();
		this.site.webhook.clear();
	}

	/** How often mail was not noticed in time, since this was asked last. */
	takeMissed(): number {
		const { process } = this;
		return process instanceof WatchingProcess ? process.takeMissed() : 0;
	}

	private async end(): Promise<void> {
		await this.current?.gate.stop();
		await this.current?.process.dispose();
	}

	private toAccount(port: number, uri: string): ICredentialDataDecryptedObject {
		const { entra, tls } = this.site;
		const isOauth = this.options.login === 'oauth';
		const oauth = guideOAuth(entra);
		return {
			url: `imaps://localhost:${String(port)}`,
			authentication: 'configuration',
			username: this.options.user,
			password: isOauth ? CLIENT_SECRET : PASSWORD,
			configuration: toChaosConfiguration(uri, isOauth ? oauth : {}),
			caCertificate: tls.ca,
		};
	}
}
