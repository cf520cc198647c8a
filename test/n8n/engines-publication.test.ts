import { describe } from 'vitest';
import { proveEngine } from '../support/n8n/n8n-engine-proof';

describe('n8n 2 as it comes, with its publication service', () => {
	proveEngine({ release: 2, sign: /Version: 2\./ });
});
