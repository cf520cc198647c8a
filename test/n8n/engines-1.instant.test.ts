import { describe } from 'vitest';
import { proveInstantTrigger } from '../support/n8n/n8n-instant-proof';

describe('the instant trigger in n8n 1.123', () => {
	// The other engine for expressions, isolated-vm, does not build for Node.js 20.
	const env = { N8N_EXPRESSION_ENGINE: 'legacy' };
	proveInstantTrigger({ release: 1, sign: /Version: 1\.123\./, env });
});
