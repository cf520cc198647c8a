import { describe, expect, it } from 'vitest';

import { IngestError } from '../../../nodes/core/errors';
import type { IngestErrorCode } from '../../../nodes/core/errors';
import { noteFailure } from '../../../nodes/core/delivery/outage';
import type { Outage } from '../../../nodes/core/delivery/outage';

const at = { now: 1_000_000, random: 0, starting: false };
const error = (code: IngestErrorCode, retryAfterMs?: number): IngestError =>
	new IngestError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs });

/** Notes the same failure several times and tells which of them were raised. */
function raised(
	code: IngestErrorCode,
	polls: ReadonlyArray<{ readonly starting?: boolean }>,
): boolean[] {
	let outage: Outage | undefined;
	return polls.map((poll) => {
		const noted = noteFailure(outage, error(code), { ...at, ...poll });
		outage = noted.outage;
		return noted.raise;
	});
}

describe('an outage', () => {
	it('is raised once, at the second failed poll when the server is out of reach', () => {
		expect(raised('connection-lost', [{}, {}, {}, {}])).toEqual([false, true, false, false]);
	});

	it.each<IngestErrorCode>(['password-rejected', 'mailbox-missing', 'configuration'])(
		'is raised at once and once for %s, which waiting does not mend',
		(code) => {
			expect(raised(code, [{}, {}, {}])).toEqual([true, false, false]);
		},
	);

	it('is not raised while n8n starts, but by the poll after', () => {
		expect(raised('password-rejected', [{ starting: true }, {}, {}])).toEqual([false, true, false]);
	});

	it('of another kind is raised anew', () => {
		const { outage } = noteFailure(undefined, error('password-rejected'), at);
		expect(noteFailure(outage, error('mailbox-missing'), at).raise).toBe(true);
	});
});

describe('the pause before the next poll', () => {
	it('is none when the server is out of reach', () => {
		expect(noteFailure(undefined, error('connection-lost'), at).outage.retryAt).toBe(at.now);
	});

	it('is what a throttling server asks for', () => {
		expect(noteFailure(undefined, error('throttled', 299_961), at).outage.retryAt).toBe(
			at.now + 299_961,
		);
	});

	it('grows while sign-in is refused, up to half an hour', () => {
		let outage: Outage | undefined;
		const pauses = Array.from({ length: 12 }, () => {
			outage = noteFailure(outage, error('password-rejected'), at).outage;
			return outage.retryAt - at.now;
		});
		expect(pauses.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
		expect(pauses.at(-1)).toBe(900_000);
	});
});
