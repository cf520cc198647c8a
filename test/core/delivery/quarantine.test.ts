import { describe, expect, it } from 'vitest';

import {
	QUARANTINE_REASONS,
	quarantineKeyword,
	quarantineReason,
	readQuarantineReason,
} from '../../../nodes/core/delivery/quarantine';

describe('why a message is in quarantine', () => {
	it.each(QUARANTINE_REASONS)('is read back from its keyword, in any case (%s)', (reason) => {
		const keyword = quarantineKeyword(reason);
		expect(keyword).toMatch(/^\$[A-Za-z_]{1,49}$/);
		expect(readQuarantineReason(new Set(['\\Seen', keyword]))).toBe(reason);
		expect(readQuarantineReason(new Set([keyword.toLowerCase()]))).toBe(reason);
	});

	it('is that executions failed where it was delivered, and else what kept it from being judged', () => {
		const failed = { uid: 1, attempt: 5, reason: 'Bad request' };
		const delivery = { uid: 1, attempt: 5, items: [], cleanUp: { action: 'none' } } as const;
		expect(quarantineReason({ ...failed, delivery })).toBe('executionFailed');
		expect(quarantineReason({ ...failed, final: 'undecided' })).toBe('undecided');
		expect(quarantineReason(failed)).toBe('unreadable');
	});

	it('is unknown where the server keeps no keywords', () => {
		expect(readQuarantineReason(new Set(['\\Seen', '$IngestDone']))).toBeNull();
	});
});
