import { describe, expect, it } from 'vitest';

import { IngestError } from '../../nodes/core/errors';
import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	Payload: { SubjectCaptures: ['^alert (?<number>.+)$'] },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
const READ_ONLY = { ...MOVE, CleanUp: null };

describe('a poll', () => {
	it('hands over what matches and leaves the mailbox alone until the execution has succeeded', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		bench.account.deliver('newsletter');
		bench.account.deliver('alert 2');
		await bench.poll();
		expect(bench.running).toEqual([['alert 1', 'alert 2']]);
		expect(bench.started[0]?.items.map(({ payload }) => payload)).toEqual([
			{ number: '1' },
			{ number: '2' },
		]);
		expect(bench.account.subjects()).toEqual(['alert 1', 'newsletter', 'alert 2']);
		await bench.endAll('success');
		expect(bench.account.subjects()).toEqual(['newsletter']);
		expect(bench.account.subjects('Done')).toEqual(['alert 1', 'alert 2']);
	});

	it('does not hand over again what is still on its way, or has succeeded', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.poll(10);
		expect(bench.running).toEqual([['alert 1']]);
		await bench.endAll('success');
		await bench.poll(10);
		expect(bench.running).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});

	it('asks for nothing but the state of the mailbox when nothing is new', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		await bench.poll();
		bench.account.calls.splice(0);
		await bench.poll();
		expect(bench.account.calls).toEqual(['open INBOX', 'uidsAfter 1']);
	});

	it('reads bodies only of messages that From and Subject let through', async () => {
		const bench = new IngestBench([
			{ ...READ_ONLY, Filter: { Subject: '^alert', Body: 'rabbit' } },
		]);
		bench.account.deliver('newsletter', { body: 'rabbit' });
		const wanted = bench.account.deliver('alert 1', { body: 'white rabbit' });
		await bench.poll();
		expect(bench.account.calls.filter((call) => call.startsWith('bodies'))).toEqual([
			`bodies ${String(wanted)}`,
		]);
		expect(bench.running).toEqual([['alert 1']]);
	});

	it('begins with new mail only unless told otherwise', async () => {
		const bench = new IngestBench([READ_ONLY], { startAt: 'newMail' });
		bench.account.deliver('alert old');
		await bench.poll();
		bench.account.deliver('alert new');
		await bench.poll();
		expect(bench.running).toEqual([['alert new']]);
	});

	it('splits a page into executions of the chosen size', async () => {
		const bench = new IngestBench([READ_ONLY], { batchSize: 2 });
		for (const number of [1, 2, 3, 4, 5]) bench.account.deliver(`alert ${String(number)}`);
		await bench.poll();
		expect(bench.running.map((subjects) => subjects.length)).toEqual([2, 2, 1]);
	});

	it('stops handing over when too much is on its way, and goes on later', async () => {
		const bench = new IngestBench([READ_ONLY], { batchSize: 500 });
		for (let number = 1; number <= 1500; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		await bench.poll();
		expect(bench.running.flat()).toHaveLength(1000);
		await bench.endAll('success');
		await bench.poll();
		expect(bench.running.flat()).toHaveLength(500);
	});

	it('goes on as executions end, and tidies up after those that end meanwhile at once', async () => {
		const bench = new IngestBench([MOVE], { batchSize: 500 });
		for (let number = 1; number <= 3000; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		bench.endAtOnce = true;
		await bench.poll();
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.account.subjects('Done')).toHaveLength(3000);
		expect(bench.cursor?.pending).toEqual([]);
		const moves = bench.account.calls.filter((call) => call.startsWith('move'));
		expect(moves.length).toBeLessThanOrEqual(4);
	});

	it('fills executions over several pages', async () => {
		const bench = new IngestBench([READ_ONLY], { batchSize: 300 });
		for (let number = 1; number <= 700; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		await bench.poll();
		expect(bench.running.map((subjects) => subjects.length)).toEqual([300, 300, 100]);
	});

	it('hands over what it has read when the connection breaks', async () => {
		const bench = new IngestBench([READ_ONLY], { batchSize: 500 });
		for (let number = 1; number <= 300; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		const error = new IngestError('connection-lost', 'gone');
		bench.account.refuseLater.set('heads', { after: 1, error });
		await expect(bench.poll()).rejects.toThrow('gone');
		expect(bench.running.map((subjects) => subjects.length)).toEqual([200]);
		await bench.poll();
		expect(bench.running.map((subjects) => subjects.length)).toEqual([200, 100]);
	});

	it('does not wait for executions that failed, nor read more mail than a failing workflow is tried with', async () => {
		const bench = new IngestBench([READ_ONLY], { batchSize: 500 });
		for (let number = 1; number <= 1500; number += 1)
			bench.account.deliver(`alert ${String(number)}`);
		bench.endAtOnce = 'failure';
		await bench.poll();
		expect(bench.cursor?.position).toBeLessThan(1500);
		expect(bench.cursor?.pending).toHaveLength(bench.cursor?.position ?? 0);
		expect(bench.account.subjects()).toHaveLength(1500);
	});

	it('does nothing while another poll of the trigger runs', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert 1');
		expect(await Promise.all([bench.poll(), bench.poll(0)])).toEqual([true, false]);
		expect(bench.running).toEqual([['alert 1']]);
		expect(bench.account.calls.filter((call) => call === 'open INBOX')).toHaveLength(1);
	});
});

describe('a delivery that failed', () => {
	it('comes again with the same id and the next attempt: halves of what failed together at once', async () => {
		const bench = new IngestBench([MOVE]);
		for (const number of [1, 2, 3]) bench.account.deliver(`alert ${String(number)}`);
		await bench.poll();
		const ids = bench.started[0]?.items.map(({ id }) => id);
		await bench.endAll('failure');
		expect(bench.running).toEqual([['alert 1', 'alert 2'], ['alert 3']]);
		const items = bench.started.flatMap((execution) => execution.items);
		expect(items.map(({ id }) => id)).toEqual(ids);
		expect(items.map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
	});

	it('is left alone for a while where it failed alone', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('failure');
		await bench.poll(0);
		expect(bench.running).toEqual([]);
		await bench.poll();
		expect(bench.running).toEqual([['alert 1']]);
		expect(bench.started[0]?.items[0]).toMatchObject({ attempt: 2 });
	});

	it('goes to quarantine after it has failed alone five times while others succeeded', async () => {
		const bench = new IngestBench([{ ...MOVE, CleanUp: { Action: 'Delete' } }]);
		bench.account.deliver('alert poison');
		for (let round = 1; round <= 5; round += 1) {
			expect(bench.account.subjects()).toEqual(['alert poison']);
			bench.account.deliver(`alert ${String(round)}`);
			await bench.poll(120);
			await bench.endPoisoned(['alert poison']);
			await bench.poll(0);
		}
		expect(bench.account.subjects('Ingest Quarantine')).toEqual(['alert poison']);
		expect(bench.account.subjects()).toEqual([]);
		expect(bench.reported.at(-1)).toMatchObject({
			event: 'quarantined',
			uids: [1],
			reason: 'Bad request',
			node: 'HTTP Request',
			messages: [{ subject: 'alert poison', rule: 'Alerts', from: ['trinity@zion.com'] }],
		});
		expect(bench.logged.join('\n')).toMatch(
			/Moved 1 message\(s\) from "INBOX" to "Ingest Quarantine"/,
		);
	});

	it('is dropped when its message is gone, or no rule wants it any more', async () => {
		const bench = new IngestBench([MOVE]);
		const gone = bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('failure');
		await bench.account.withMailbox('INBOX', (mailbox) => mailbox.delete([gone]));
		await bench.poll();
		await bench.poll();
		expect(bench.running).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});
});

describe('what the log tells of second deliveries', () => {
	it('is which messages have to wait after a restart, and until when', async () => {
		const bench = new IngestBench([MOVE]);
		bench.deliver('alert 1');
		await bench.poll();
		bench.crash();
		await bench.poll();
		await bench.poll();
		const told = bench.logged.filter((line) => line.includes('as n8n ended'));
		expect(told).toEqual([expect.stringMatching(/^1 message\(s\) .* from 2026-11-23T03:06:00/)]);
	});

	it('is that n8n has not told how an execution ended', async () => {
		const bench = new IngestBench([MOVE]);
		bench.deliver('alert 1');
		await bench.poll();
		await bench.endAll('unknown');
		await bench.poll();
		await bench.poll();
		const told = bench.logged.filter((line) => line.includes('n8n has not told'));
		expect(told).toEqual([expect.stringMatching(/^1 message\(s\) will be delivered again/)]);
	});
});

describe('after a crash', () => {
	it('what was handed over and not acknowledged comes again, with the same id, when its lease is over', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		const id = bench.started[0]?.items[0]?.id;
		bench.crash();
		await bench.poll();
		expect(bench.running).toEqual([]);
		await bench.poll(5);
		expect(bench.running).toEqual([['alert 1']]);
		expect(bench.started[0]?.items[0]).toMatchObject({ id, attempt: 2 });
	});

	it('what was tidied up before is not delivered again', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		await bench.endAll('success');
		bench.crash();
		await bench.poll(10);
		expect(bench.running).toEqual([]);
		expect(bench.cursor?.pending).toEqual([]);
	});

	it('an unreadable cursor means a first start, not an error', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		bench.crash({ version: 1, position: 'nonsense' });
		await bench.poll();
		expect(bench.running).toEqual([['alert 1']]);
	});
});

describe('a quarantine mailbox that cannot be written', () => {
	it('is raised, and holds back neither new mail nor the message for good', async () => {
		const bench = new IngestBench([READ_ONLY]);
		bench.account.deliver('alert poison');
		bench.account.refuse.set('move', new IngestError('refused-by-server', 'No quota left'));
		for (let round = 1; round <= 4; round += 1) {
			bench.account.deliver(`alert ${String(round)}`);
			await bench.poll(120);
			await bench.endPoisoned(['alert poison']);
			await bench.poll(0);
		}
		bench.account.deliver('alert 5');
		await bench.poll(120);
		await bench.endPoisoned(['alert poison']);
		bench.account.deliver('alert good');
		await expect(bench.poll(0)).rejects.toThrow('No quota left');
		expect(bench.running).toEqual([['alert good']]);
		expect(bench.account.subjects()).toContain('alert poison');
	});
});

describe('a clean-up the server refuses', () => {
	const refusal = new IngestError('refused-by-server', 'Permission denied');

	it('is raised, tried again, and holds back neither new mail nor its delivery', async () => {
		const bench = new IngestBench([MOVE]);
		bench.account.deliver('alert 1');
		await bench.poll();
		bench.account.refuse.set('move', refusal);
		await bench.endAll('success');
		bench.account.deliver('alert 2');
		await expect(bench.poll()).rejects.toThrow('Permission denied');
		expect(bench.running).toEqual([['alert 2']]);
		bench.account.refuse.clear();
		await bench.poll(5);
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});
});

describe('retention', () => {
	const KEEP_30 = { ...MOVE, CleanUp: { ...MOVE.CleanUp, DeleteAfterDays: 30 } };
	const DAY = 24 * 60;

	it('deletes what was put into the folder more than the days ago, and nothing younger', async () => {
		const bench = new IngestBench([KEEP_30]);
		bench.account.deliver('alert old', {}, 'Done');
		await bench.poll();
		await bench.poll(20 * DAY);
		bench.account.deliver('alert younger', {}, 'Done');
		for (let day = 21; day <= 33; day += 1) await bench.poll(DAY);
		expect(bench.account.subjects('Done')).toEqual(['alert younger']);
	});

	it('is looked at once an hour at most', async () => {
		const bench = new IngestBench([KEEP_30]);
		for (let minute = 0; minute < 59; minute += 1) await bench.poll();
		expect(bench.account.calls.filter((call) => call.startsWith('status'))).toHaveLength(1);
	});

	it('refuses a special-use mailbox without stopping delivery', async () => {
		const bench = new IngestBench([
			{ ...KEEP_30, CleanUp: { ...KEEP_30.CleanUp, Folder: 'Sent' } },
		]);
		bench.account.deliver('alert 1');
		await bench.poll();
		expect(bench.running).toEqual([['alert 1']]);
		expect(bench.logged.join('\n')).toMatch(
			/Retention of "Sent" failed: "Sent" is a mailbox that retention never empties/,
		);
	});
});

describe('a storm of short alerts', () => {
	const RULE = { Name: 'Alerts', Payload: { BodyCaptures: ['Ticket: (?<ticket>\\d+)'] } };

	async function storm(endings: { readonly refuse?: string } = {}) {
		const bench = new IngestBench([RULE]);
		bench.endAtOnce = true;
		const fill = (count: number) => {
			for (let n = 0; n < count; n += 1) bench.deliver(`alert ${String(n)}`, { body: 'Ticket: 7' });
		};
		// What came lately tells that the next will be wanted as well.
		fill(20);
		await bench.poll();
		await bench.settled();
		fill(500);
		bench.account.calls.splice(0);
		if (endings.refuse !== undefined) {
			const error = new IngestError('connection-lost', endings.refuse);
			bench.account.refuseLater.set('heads', { after: 1, error });
		}
		return bench;
	}

	it('has the server read the next page while one is judged', async () => {
		const bench = await storm();
		await bench.poll();
		const names = bench.account.calls.map((call) => call.split(' ', 1)[0]);
		const wanted = names.filter((name) => name === 'heads' || name === 'bodies');
		expect(wanted).toEqual(['heads', 'heads', 'bodies', 'heads', 'bodies', 'bodies']);
		expect(bench.subjects).toHaveLength(520);
	});

	it('is delivered as far as it was read where the next page cannot be', async () => {
		const bench = await storm({ refuse: 'gone' });
		await expect(bench.poll()).rejects.toThrow('gone');
		expect(bench.subjects).toHaveLength(220);
		await bench.poll();
		expect(bench.subjects).toHaveLength(520);
	});
});
