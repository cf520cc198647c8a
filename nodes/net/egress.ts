import type { LookupFunction } from 'node:net';

/** Which hosts may be reached, as the administrator of n8n has set it. */
export interface EgressRules {
	/** @throws IngestError `configuration` where the host, or an address it has, is not allowed */
	check(url: URL): Promise<void>;
	/** A look-up of names that gives no address which is not allowed. */
	readonly lookup: LookupFunction;
}

/** A server without a scheme of its own, as an address whose host every URL parser knows. */
export function serverUrl({ host, port }: { readonly host: string; readonly port: number }): URL {
	return new URL(`https://${host.includes(':') ? `[${host}]` : host}:${String(port)}`);
}

/**
 * Checks the server and the proxy before it, whose name the driver resolves by itself.
 *
 * @throws IngestError `configuration`
 */
export async function checkWay(
	egress: EgressRules | undefined,
	{ host, port, proxy }: { readonly host: string; readonly port: number; readonly proxy?: string },
): Promise<void> {
	await egress?.check(serverUrl({ host, port }));
	if (proxy === undefined) return;
	const url = new URL(proxy);
	const name = url.hostname.replaceAll(/[[\]]/gu, '');
	await egress?.check(serverUrl({ host: name, port: Number(url.port) }));
}
