import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

import { readResponse } from './https';
import type { HttpResponse } from './https';

const TIMEOUT_MS = 10_000;

/** An address that was given is not one of this machine. */
export class NotLocalError extends Error {}

/**
 * Asks a service of this machine over plain HTTP: on loopback or link-local addresses only, which no packet leaves, and
 * never through a proxy.
 *
 * @throws NotLocalError for any other address
 */
export async function getLocal(
	address: string,
	headers: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.protocol !== 'http:' || !isLocal(url.hostname)) throw new NotLocalError();
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
		request(url, { headers, signal, agent: false }, resolve).on('error', reject).end();
	});
	return await readResponse(incoming);
}

/** Loopback (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3) or link-local (RFC 3927). */
function isLocal(host: string): boolean {
	if (host === 'localhost' || host === '[::1]') return true;
	return isIPv4(host) && /^(?:127\.|169\.254\.)/.test(host);
}
