import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startDovecot } from '../servers/dovecot';
import type { Dovecot } from '../servers/dovecot';
import { startFaultProxy } from '../imap/fault-proxy';
import type { FaultProxy } from '../imap/fault-proxy';
import { createCase, PASSWORD, type Case, type CaseOptions } from './n8n-engine-mail';
import { installPackage, packPackage, readManifest } from './n8n-package';
import { startN8n, type N8nServer } from './n8n-server';
import { createTestCa } from '../servers/tls';

/** One way in which n8n runs polls and executions. */
export interface EngineUnderTest {
	readonly release: 1 | 2;
	/** What only this engine writes to n8n's log. */
	readonly sign: RegExp;
	readonly env?: Readonly<Record<string, string>>;
	readonly workers?: number;
	/** What n8n needs beside itself, as its environment. */
	readonly startBackend?: () => Promise<{
		env: Record<string, string>;
		stop: () => Promise<void>;
	}>;
}

/** With its cursor lost, a trigger would not deliver what came while it was stopped. */
const PASSES_OVER_OLD_MAIL = { startAt: 'newMail' };

/** The cases by what they show. */
export const CASES = {
	guide: { user: 'neo@example.com' },
	retried: { user: 'trinity@example.com' },
	marked: {
		user: 'oracle@example.com',
		cleanUp: { Action: 'MarkAsRead' },
		options: PASSES_OVER_OLD_MAIL,
	},
	healthy: {
		user: 'tank@example.com',
		options: { health: true, heartbeat: 'hourly' },
	},
	renamed: {
		user: 'dozer@example.com',
		cleanUp: { Action: 'None' },
		options: PASSES_OVER_OLD_MAIL,
	},
	broken: { user: 'smith@example.com', subject: 'alert (' },
} satisfies Record<string, CaseOptions>;

/** Everything one engine is tried with. */
export interface Bench<CaseName extends string = keyof typeof CASES> {
	readonly n8n: N8nServer;
	readonly dovecot: Dovecot;
	/** What n8n's connections to the mail server go through. */
	readonly proxy: FaultProxy;
	readonly cases: Readonly<Record<CaseName, Case>>;
	stop(): Promise<void>;
}

/** Installs the packed package once; the function returned copies it into a user folder. */
async function installOnce(folder: string): Promise<(userFolder: string) => Promise<void>> {
	const [tarball, { name }] = [await packPackage(folder), await readManifest()];
	await installPackage(tarball, folder, name);
	return (userFolder) =>
		cp(path.join(folder, '.n8n'), path.join(userFolder, '.n8n'), { recursive: true });
}

/** Starts an engine with the packed package and its cases, none of them published; all of it is stopped when that fails. */
export async function startBench<CaseName extends string = keyof typeof CASES>(
	engine: EngineUnderTest,
	given: Readonly<Record<CaseName, CaseOptions>>,
): Promise<Bench<CaseName>> {
	const stops: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		const folder = await mkdtemp(path.join(tmpdir(), 'packed-'));
		stops.push(() => rm(folder, { recursive: true, force: true }));
		const prepare = await installOnce(folder);
		const tls = await createTestCa();
		const passwords = Object.values<CaseOptions>(given).map(({ user }) => [user, PASSWORD]);
		const users = Object.fromEntries(passwords) as Record<string, string>;
		const dovecot = await startDovecot({ tls, users });
		stops.push(() => dovecot.stop());
		const proxy = await startFaultProxy({ target: dovecot });
		stops.push(() => proxy.stop());
		const backend = await engine.startBackend?.();
		if (backend !== undefined) stops.push(() => backend.stop());
		const { release, workers = 0 } = engine;
		const env = { ...engine.env, ...backend?.env };
		const n8n = await startN8n({ release, workers, prepare, env });
		stops.push(() => n8n.stop());
		const behindProxy = { ...dovecot, port: proxy.port };
		const cases = new Map<string, Case>();
		for (const [name, options] of Object.entries<CaseOptions>(given)) {
			const made = await createCase({ api: n8n.api, dovecot: behindProxy, tls }, options);
			stops.push(() => made.webhook.close());
			cases.set(name, made);
		}
		return {
			n8n,
			dovecot,
			proxy,
			stop,
			cases: Object.fromEntries(cases) as Record<CaseName, Case>,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
