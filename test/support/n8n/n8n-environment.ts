import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../servers/free-port';
import type { N8nProgram } from './n8n-process';

/** No look-ups of n8n's own services: the tests talk to this machine only. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_SECURE_COOKIE: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
};

/** Modules that n8n 2 has, and that look for services of their own. */
const QUIET_MODULES = { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,chat-hub' };

export interface N8nServerOptions {
	/** Puts a package into the user folder before the start, see `installPackage`. */
	prepare?: (userFolder: string) => Promise<unknown>;
	/** Authorities (PEM) that n8n trusts beside the usual ones. */
	ca?: string;
	/** Further environment variables. */
	env?: Record<string, string>;
	/** A free one when left out. */
	port?: number;
	/** The major version of n8n; 2 when left out. */
	release?: 1 | 2;
	/** Workers beside the main; `env` has to set up queue mode for both, see `startQueue`. */
	workers?: number;
}

/** Finds n8n of a major version. */
export async function findN8n(release: 1 | 2): Promise<N8nProgram> {
	const { ensureN8n, ensureN8n1 } = await import('../../../scripts/toolchain.mjs');
	const tool = await (release === 1 ? ensureN8n1() : ensureN8n());
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	return tool;
}

/** Environment of one n8n process over a user folder. */
export async function toEnvironment(userFolder: string, port: number, options: N8nServerOptions) {
	const authorities = path.join(userFolder, 'authorities.pem');
	if (options.ca !== undefined) await writeFile(authorities, options.ca);
	return {
		PATH: process.env.PATH,
		HOME: userFolder,
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		// Two servers on one machine must not share the port of the task runners' broker.
		N8N_RUNNERS_BROKER_PORT: String(await findFreePort()),
		...QUIET,
		...(options.release !== 1 && QUIET_MODULES),
		...(options.ca !== undefined && { NODE_EXTRA_CA_CERTS: authorities }),
		...options.env,
	};
}

/** Makes a user folder, and acts over it; what fails there leaves none behind. */
export async function withUserFolder<T>(
	options: N8nServerOptions,
	act: (userFolder: string, removeData: () => Promise<void>) => Promise<T>,
): Promise<T> {
	const userFolder = await mkdtemp(path.join(tmpdir(), 'n8n-'));
	const removeData = () => rm(userFolder, { recursive: true, force: true });
	try {
		await mkdir(path.join(userFolder, '.n8n'));
		await options.prepare?.(userFolder);
		return await act(userFolder, removeData);
	} catch (error) {
		await removeData();
		throw error;
	}
}
