import { describe } from 'vitest';
import { proveEngine } from '../support/n8n-engine-proof';

describe('n8n 1.123', () => {
	proveEngine({ release: 1 });
});
