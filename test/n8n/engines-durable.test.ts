import { describe } from 'vitest';
import { proveEngine } from '../support/n8n/n8n-engine-proof';

describe('n8n 2 with its durable scheduler and durable cursors', () => {
	proveEngine({
		release: 2,
		sign: /Provisioned scheduler jobs for poll trigger node/,
		env: {
			N8N_LOG_LEVEL: 'debug',
			N8N_SCHEDULER_ENABLED: 'true',
			N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
			N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
		},
	});
});
