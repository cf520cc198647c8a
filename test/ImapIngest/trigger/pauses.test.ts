import { describe, expect, it, vi } from 'vitest';

import { isPaused } from '../../../nodes/core/delivery/outage';
import { IngestError } from '../../../nodes/core/errors';
import type { Reminders } from '../../../nodes/ingest/ingest';
import { endOutage, noteOutage } from '../../../nodes/ImapIngest/trigger/outage';
import { readN8nMajor } from '../../../nodes/shell/n8n-version';
import { reportReminders } from '../../../nodes/ImapIngest/trigger/reminders';
import { AccountState } from '../../../nodes/ImapIngest/trigger/states';

const NOW = 1e12;
const HOUR = 3_600_000;

/** Memory of what was told. */
function remembering(reminders: Reminders = {}) {
	const memory = {
		loadReminders: () => reminders,
		saveReminders: (kept: Reminders) => {
			reminders = kept;
		},
	};
	return memory;
}

/** What is told of a failed poll, and whether the account is left alone afterwards. */
function note(error: IngestError, state = new AccountState()) {
	const report = vi.fn();
	const warnings: string[] = [];
	const silent = () => undefined;
	const raise = noteOutage(state, error, {
		starting: false,
		trigger: { ingest: { workflow: { report }, memory: remembering() } },
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

describe('an outage that was told, over a restart of n8n', () => {
	const failed = (memory: ReturnType<typeof remembering>, now: number) => {
		const report = vi.fn();
		const state = new AccountState();
		const silent = () => undefined;
		const logger = { debug: silent, info: silent, error: silent, warn: silent };
		const trigger = { ingest: { workflow: { report }, memory }, state };
		const error = new IngestError('connection-refused', 'Nothing answers');
		const clock = { now: () => now, random: () => 0 };
		const poll = () => noteOutage(state, error, { starting: false, trigger, clock, logger });
		const raised = [poll(), poll(), poll()];
		return { raised, report, end: () => void endOutage(state, trigger, logger) };
	};

	it('is not told again for a day, and its end is', () => {
		const memory = remembering();
		expect(failed(memory, NOW).raised).toEqual([false, true, false]);
		expect(failed(memory, NOW + HOUR).raised).toEqual([false, false, false]);
		expect(failed(memory, NOW + 24 * HOUR).raised).toEqual([false, true, false]);
		const { report, end } = failed(memory, NOW + 25 * HOUR);
		end();
		end();
		expect(report.mock.calls).toMatchObject([[{ event: 'recovered' }]]);
		expect(failed(memory, NOW + 26 * HOUR).raised).toEqual([false, true, false]);
	});

	it('is told to be over where the first poll after the restart succeeds', () => {
		const memory = remembering({ outage: { code: 'connection-refused', since: NOW } });
		const report = vi.fn();
		const state = new AccountState();
		const logger = { debug: vi.fn(), info: vi.fn(), error: vi.fn(), warn: vi.fn() };
		endOutage(state, { ingest: { workflow: { report }, memory }, state }, logger);
		expect(report.mock.calls).toMatchObject([[{ event: 'recovered', failedPolls: 0 }]]);
		expect(memory.loadReminders()).toEqual({});
	});
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
	const remind = (environment: NodeJS.ProcessEnv, known: object = {}, n8nMajor = 2) => {
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
		reportReminders(reminders, { expiry: {}, heartbeat: 'never' }, true, {
			environment,
			n8nMajor,
		});
		return { saved, events: report.mock.calls };
	};

	it('is told of once, and not where it is made', () => {
		const { saved, events } = remind({});
		expect(events).toMatchObject([
			[{ event: 'n8nSetting', setting: 'N8N_UNVERIFIED_PACKAGES_ENABLED' }],
		]);
		expect(remind({}, saved[0]).events).toEqual([]);
		expect(remind({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' }).events).toEqual([]);
		expect(remind({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' }).events).toHaveLength(1);
	});

	it('is told of on n8n 2 only', () => {
		expect(remind({}, {}, 1).events).toEqual([]);
		expect(remind({}, {}, 3).events).toEqual([]);
	});

	it('knows the version of n8n', () => {
		expect(readN8nMajor()).toBe(2);
	});
});
