import { createRequire } from 'node:module';

import { isRecord } from '../core/is-record';

/** The major version of n8n: its library n8n-workflow has the same. Undefined where that cannot be told. */
export function readN8nMajor(): number | undefined {
	try {
		const manifest: unknown = createRequire(__filename)('n8n-workflow/package.json');
		const major = isRecord(manifest)
			? Number.parseInt(String(manifest['version']), 10)
			: Number.NaN;
		return Number.isNaN(major) ? undefined : major;
	} catch {
		// A later n8n may keep it elsewhere.
		return undefined;
	}
}
