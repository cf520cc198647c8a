import { readFile } from 'node:fs/promises';

import type { Account, ClientCredentials } from '../core/account/account';
import { IngestError } from '../core/errors';
import { getLocal } from '../net/local-http';

/** What signing in takes from the machine that n8n runs on. */
export interface HostServices {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly readText: (path: string) => Promise<string>;
	readonly getLocal: typeof getLocal;
}

export const PROCESS_HOST: HostServices = {
	environment: process.env,
	readText: (path) => readFile(path, 'utf8'),
	getLocal,
};

/**
 * Names the mail servers, with commas between them, to which accounts may sign in as the machine itself. It is for the
 * administrator of n8n to allow: whoever may create a credential would else act with an identity that is not theirs, and
 * could have its token sent to a server of their own.
 */
export const PERMIT = 'IMAP_INGEST_HOST_IDENTITY';
/** Written by the workload identity webhook of AKS (Microsoft Learn "Use Microsoft Entra Workload ID with AKS"). */
const TOKEN_FILE = 'AZURE_FEDERATED_TOKEN_FILE';
/** A JWT of some KiB. */
const MAX_TOKEN_LENGTH = 65_536;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Refuses to sign in as the machine where its administrator has not allowed it.
 *
 * @throws IngestError `sign-in-refused`
 */
export function assertHostIdentityAllowed(
	{ proof }: ClientCredentials,
	{ host }: Pick<Account, 'host'>,
	{ environment }: HostServices,
): void {
	if (proof.kind !== 'tokenFile' && proof.kind !== 'host') return;
	const servers = (environment[PERMIT] ?? '').toLowerCase().split(/[\s,;]+/);
	if (servers.includes(host)) return;
	throw new IngestError(
		'sign-in-refused',
		`The administrator of this n8n has not allowed accounts to sign in to ${host} with the identity of the machine.`,
		{
			field: 'Authentication',
			remedy: `Have the environment variable ${PERMIT} of n8n set to the mail servers that it is allowed for: ${PERMIT}=${host}.`,
		},
	);
}

/**
 * Reads the token that the platform gives n8n, anew each time: the platform renews it.
 *
 * @throws IngestError `sign-in-refused`
 */
export async function readFederatedToken(host: HostServices): Promise<string> {
	const path = host.environment[TOKEN_FILE] ?? '';
	if (path === '') {
		throw refuse(
			`n8n has no environment variable ${TOKEN_FILE}.`,
			'Let the platform provide it: in AKS by the label azure.workload.identity/use on the pod and a service account with the client ID.',
		);
	}
	const token = (await readToken(path, host)).trim();
	if (token.length <= MAX_TOKEN_LENGTH && JWT.test(token)) return token;
	throw refuse(
		`The file that ${TOKEN_FILE} names holds no token.`,
		'Look at the file and at what the platform says about it.',
	);
}

async function readToken(path: string, { readText }: HostServices): Promise<string> {
	try {
		return await readText(path);
	} catch (cause) {
		const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
		throw refuse(
			`The file that ${TOKEN_FILE} names cannot be read (${code}).`,
			'See that the platform has put it there, and that n8n may read it.',
		);
	}
}

function refuse(message: string, remedy: string): IngestError {
	return new IngestError('sign-in-refused', message, { remedy });
}
