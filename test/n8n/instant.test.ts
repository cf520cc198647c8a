import { describe } from 'vitest';
import { proveInstantTrigger } from '../support/n8n/n8n-instant-proof';

describe('the instant trigger in n8n 2', () => {
	proveInstantTrigger({ release: 2, sign: /Version: 2\./ });
});
