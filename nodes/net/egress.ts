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
