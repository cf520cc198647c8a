import { describe } from 'vitest';
import { proveEngine } from '../support/n8n/n8n-engine-proof';

describe('n8n 1.123', () => {
	// The other engine for expressions, isolated-vm, does not build for Node.js 20.
	proveEngine({ release: 1, sign: /Version: 1\.123\./, env: { N8N_EXPRESSION_ENGINE: 'legacy' } });
});
