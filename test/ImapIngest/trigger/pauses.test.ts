import { describe, expect, it, vi } from 'vitest';

import { isPaused } from '../../../nodes/core/delivery/outage';
import { IngestError } from '../../../nodes/core/errors';
import { noteOutage } from '../../../nodes/ImapIngest/trigger/outage';
import { reportReminders } from '../../../nodes/ImapIngest/trigger/reminders';
import { AccountState } from '../../../nodes/ImapIngest/trigger/states';

const NOW = 1e12;
const HOUR = 3_600_000;

/** What is told of a failed poll, and whether the account is left alone afterwards. */
function note(error: IngestError, state = new AccountState()) {
	const report = vi.fn();
	const warnings: string[] = [];
	const silent = () => undefined;
	const raise = noteOutage(state, error, {
		starting: false,
		trigger: { ingest: { workflow: { report } } },
		clock: { now: () => NOW, random: () => 0 },
		logger: { debug: silent, info: silent, error: silent, warn: (text) => warnings.push(text) },
	});
	const events = report.mock.calls.map(([event]: unknown[]) => event);
	return { raise, events, warnings, state };
}

describe('a pause that a server asks for', () => {
	it.each(['throttled', 'token-endpoint-failed'] as const)(
		'is an hour at most, and told at once (%s)',
		(code) => {
			const error = new IngestError(code, 'Later', { retryAfterMs: 99_999_999_000 });
			const { events, warnings, state } = note(error);
			expect(state.outage?.retryAt).toBe(NOW + HOUR);
			expect(isPaused(state.outage, NOW + HOUR - 1)).toBe(true);
			expect(isPaused(state.outage, NOW + HOUR)).toBe(false);
			expect(warnings.join()).toContain('left alone for 60 minutes: Later');
			expect(events).toContainEqual({
				event: 'throttled',
				message: 'Later',
				retryAfterSeconds: 3600,
			});
		},
	);

	it('of five minutes or less is no news unless the server throttles', () => {
		const error = new IngestError('token-endpoint-failed', 'Later', { retryAfterMs: 300_000 });
		const { events, warnings } = note(error);
		expect(events).toEqual([]);
		expect(warnings.join()).not.toContain('left alone');
	});
});

it('a long pause after refused sign-ins is in the log', () => {
	const state = new AccountState();
	const error = new IngestError('password-rejected', 'Wrong password');
	for (let times = 1; times < 6; times += 1) note(error, state);
	expect(note(error, state).warnings.join()).toMatch(/left alone for \d+ minutes: Wrong password/);
});

describe('a heartbeat', () => {
	const beat = (alive: boolean) => {
		const report = vi.fn();
		const reminders = {
			memory: {
				loadReminders: () => ({}),
				saveReminders: () => undefined,
				loadCursor: () => undefined,
			},
			workflow: { report },
			clock: { now: () => NOW },
			log: { warn: () => undefined },
		};
		reportReminders(reminders, { expiry: {}, heartbeat: 'hourly' }, alive);
		return report.mock.calls.length;
	};

	it('comes only after a poll that succeeded', () => {
		expect([beat(true), beat(false)]).toEqual([1, 0]);
	});
});

describe('a setting that has to be made before n8n 3', () => {
	const remind = (environment: NodeJS.ProcessEnv, known: object = {}) => {
		const saved: object[] = [];
		const report = vi.fn();
		const reminders = {
			memory: {
				loadReminders: () => known,
				saveReminders: (kept: object) => saved.push(kept),
				loadCursor: () => undefined,
			},
			workflow: { report },
			clock: { now: () => NOW },
			log: { warn: () => undefined },
		};
		reportReminders(reminders, { expiry: {}, heartbeat: 'never' }, true, environment);
		return { saved, events: report.mock.calls };
	};

	it('is told of once, and not where it is made', () => {
		const { saved, events } = remind({});
		expect(events).toMatchObject([
			[{ event: 'n8nSetting', setting: 'N8N_UNVERIFIED_PACKAGES_ENABLED' }],
		]);
		expect(remind({}, saved[0]).events).toEqual([]);
		expect(remind({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' }).events).toEqual([]);
	});
});
