import type { NodeEgressFilter } from 'n8n-workflow';
import { IngestError } from '../core/errors';
import type { EgressRules } from '../net/egress';

/** The part of n8n's contexts that knows the egress rules of the instance; n8n before 2.28 has none. */
export interface EgressContext {
	readonly helpers?: { getSecureEgressFilter?: () => NodeEgressFilter };
}

/** The egress rules of the instance (n8n's SSRF protection) for mail servers, token endpoints and webhooks. */
export function readEgressRules({ helpers }: EgressContext): EgressRules | undefined {
	const filter = helpers?.getSecureEgressFilter?.();
	if (filter === undefined) return undefined;
	return {
		check: async (url) => {
			const verdict = await filter.validateUrl(url);
			// A name that cannot be resolved is told by the connection, as everywhere.
			if (verdict.ok || isUnresolved(verdict.error)) return;
			throw new IngestError('configuration', `The egress rules of n8n do not allow ${url.host}.`, {
				remedy: 'Ask the administrator of n8n to allow this host.',
			});
		},
		lookup: filter.createSecureLookup(),
	};
}

function isUnresolved(error: Error): boolean {
	return 'code' in error && typeof error.code === 'string' && /^E[A-Z_]+$/u.test(error.code);
}
