import { describe } from 'vitest';
import { proveEngine } from '../support/n8n/n8n-engine-proof';
import { startQueue } from '../support/n8n/queue';

describe('n8n 2 in queue mode, with one main and two workers', () => {
	proveEngine({ release: 2, sign: /Enqueued execution/, workers: 2, startBackend: startQueue });
});
