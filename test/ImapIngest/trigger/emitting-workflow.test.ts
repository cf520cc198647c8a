import type { IRun } from 'n8n-workflow';
import { describe, expect, it, vi } from 'vitest';

import type { HealthEvent } from '../../../nodes/core/delivery/health';
import { createEmittingWorkflow } from '../../../nodes/ImapIngest/trigger/emitting-workflow';
import type { Executions } from '../../../nodes/ImapIngest/trigger/emitting-workflow';
import { checkEngine, isEngine2 } from '../../../nodes/ImapIngest/trigger/engine';

const OUTPUTS = { byRule: new Map(), health: 1 };
const SOURCE = { account: 'neo@localhost', mailbox: 'INBOX', now: () => 0 };

/** A workflow whose executions end as told. */
function workflow(run: Executions['run'], canWait = true) {
	const started: unknown[] = [];
	const onEngine2 = vi.fn();
	const executions: Executions = { canWait, run, start: (outputs) => started.push(outputs) };
	return { started, onEngine2, ...createEmittingWorkflow(executions, OUTPUTS, SOURCE, onEngine2) };
}

/** What n8n tells of an execution, as far as it matters here. */
const ended = (run: object) => workflow(() => Promise.resolve(run as IRun));
const rejected = (error: Error) => workflow(() => Promise.reject(error));

describe('how an execution ended', () => {
	it.each([
		['success', 'success'],
		['waiting', 'waiting'],
		['error', 'failure'],
		['crashed', 'failure'],
		['canceled', 'failure'],
		['running', 'unknown'],
	])('with status %s is %s', async (status, outcome) => {
		const run = ended({ status, data: { resultData: { runData: {} } } });
		expect(await run.handOver([])).toMatchObject({ outcome });
	});

	it('names the node that failed and what it said, in one line', async () => {
		const error = { message: 'The service\n refused', node: { name: 'HTTP Request' } };
		const run = ended({ status: 'error', data: { resultData: { error } } });
		expect(await run.handOver([])).toEqual({
			outcome: 'failure',
			failure: { message: 'The service refused', node: 'HTTP Request' },
		});
	});

	it('names the last node where n8n hands out a part of it only, as in queue mode', async () => {
		const run = ended({ status: 'error', data: { resultData: { lastNodeExecuted: 'Slack' } } });
		expect(await run.handOver([])).toMatchObject({ failure: { node: 'Slack' } });
		expect(await ended({ status: 'error', data: {} }).handOver([])).toMatchObject({
			outcome: 'failure',
		});
	});

	it('is that it was not started, when n8n could not', async () => {
		expect(await rejected(new Error('SQLITE_FULL')).handOver([])).toEqual({
			outcome: 'notStarted',
			failure: { message: 'SQLITE_FULL' },
		});
	});

	it('has the id of the execution where n8n tells it', async () => {
		const error = Object.assign(new Error('The execution was cancelled manually'), {
			extra: { executionId: '77' },
		});
		expect(await rejected(error).handOver([])).toMatchObject({
			outcome: 'failure',
			failure: { executionId: '77' },
		});
	});
});

describe('a Health event', () => {
	it('begins with its name', () => {
		const run = ended({});
		const event: HealthEvent = { event: 'heartbeat', pending: 3 };
		run.report(event);
		const [[, [item]]] = run.started as [[unknown, [{ json: object }]]];
		expect(Object.keys(item.json)[0]).toBe('event');
	});
});

describe('a workflow on Engine 2.0', () => {
	const context = { getWorkflowSettings: () => ({ engineType: 'v2' as const }) };

	it('is recognised', () => {
		expect(isEngine2(context)).toBe(true);
		expect(isEngine2({ getWorkflowSettings: () => ({}) })).toBe(false);
		expect(isEngine2({})).toBe(false);
	});

	it('cannot be acknowledged by the end of executions, and says what to set', () => {
		const [error] = checkEngine({ acknowledge: 'executionSucceeded' }, true);
		expect(error).toMatchObject({
			code: 'configuration',
			field: 'Acknowledge',
			remedy: expect.stringMatching(/By the IMAP Ingest Node or At Hand-Off/) as unknown,
		});
		expect(checkEngine({ acknowledge: 'handOff' }, true)).toEqual([]);
		expect(checkEngine({ acknowledge: 'actionNode' }, true)).toEqual([]);
		expect(checkEngine({ acknowledge: 'executionSucceeded' }, false)).toEqual([]);
	});

	it('is started without waiting for its end, which n8n refuses there', async () => {
		const run = workflow(() => Promise.reject(new Error('refused')), false);
		expect(await run.handOver([])).toEqual({ outcome: 'started' });
		expect(run.started).toHaveLength(1);
	});

	it('is found out by the number of an execution that was started, where n8n did not tell', async () => {
		const executionId = '01999999-9999-7999-8999-999999999999';
		class ExecutionNotFoundError extends Error {
			readonly extra = { executionId };
		}
		const run = rejected(new ExecutionNotFoundError('No active execution found'));
		expect(await run.handOver([])).toEqual({ outcome: 'started' });
		expect(run.onEngine2).toHaveBeenCalledOnce();
	});

	it('says what to set where n8n refuses a trigger that waits', async () => {
		const refusal = 'Engine 2.0 cannot run a trigger that waits for its execution to finish yet.';
		expect(await rejected(new Error(refusal)).handOver([])).toMatchObject({
			outcome: 'notStarted',
			failure: { message: expect.stringMatching(/^This workflow.*Set Acknowledge to/) as unknown },
		});
	});
});
