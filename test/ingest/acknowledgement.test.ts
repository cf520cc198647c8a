import { describe, expect, it } from 'vitest';

import { DELIVERED_KEYWORD } from '../../nodes/core/delivery/acknowledgement';
import { IngestBench } from '../support/imap/ingest-bench';

const MOVE = {
	Name: 'Alerts',
	Filter: { Subject: '^alert' },
	Payload: { SubjectCaptures: ['^alert (?<number>.+)$'] },
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};

describe('acknowledgement at hand-off', () => {
	it('tidies up with the next poll, however the execution ends', async () => {
		const bench = new IngestBench([MOVE], { acknowledge: 'handOff' });
		bench.account.deliver('alert 1');
		await bench.poll();
		expect(bench.account.subjects()).toEqual(['alert 1']);
		await bench.endAll('failure');
		await bench.poll();
		expect(bench.account.subjects('Done')).toEqual(['alert 1']);
	});
});

describe('acknowledgement by the action node', () => {
	const bench = (): IngestBench => new IngestBench([MOVE], { acknowledge: 'actionNode' });

	it('leaves the mailbox alone when the execution has succeeded, or sleeps', async () => {
		const waiting = bench();
		waiting.account.deliver('alert 1');
		await waiting.poll();
		await waiting.endAll('success');
		await waiting.poll(60);
		expect(waiting.account.subjects()).toEqual(['alert 1']);
		expect(waiting.running).toEqual([]);
	});

	it('is seen by the keyword of the node, or because the message is gone', async () => {
		const acknowledged = bench();
		const [first, second] = [
			acknowledged.account.deliver('alert 1'),
			acknowledged.account.deliver('alert 2'),
		];
		await acknowledged.poll();
		await acknowledged.endAll('success');
		await acknowledged.account.withMailbox('INBOX', async (mailbox) => {
			await mailbox.addKeyword([first], DELIVERED_KEYWORD);
			await mailbox.delete([second]);
		});
		await acknowledged.poll();
		expect(acknowledged.cursor?.pending).toEqual([]);
	});

	it('counts though the execution fails afterwards: only the others are delivered again', async () => {
		const failed = bench();
		const first = failed.account.deliver('alert 1');
		for (const number of [2, 3, 4]) failed.account.deliver(`alert ${String(number)}`);
		await failed.poll();
		await failed.account.withMailbox('INBOX', async (mailbox) => {
			await mailbox.addKeyword([first], DELIVERED_KEYWORD);
		});
		await failed.endAll('failure');
		await failed.poll();
		await failed.poll();
		expect(failed.subjects.slice(4).sort()).toEqual(['alert 2', 'alert 3', 'alert 4']);
	});

	it('isolates the one message that makes executions fail', async () => {
		const poisoned = bench();
		for (let number = 1; number <= 50; number += 1)
			poisoned.account.deliver(`alert ${String(number)}`);
		for (let minute = 0; minute < 240; minute += 1) {
			await poisoned.poll();
			while (poisoned.started.length > 0) {
				for (const { items, end } of poisoned.started.splice(0)) {
					const isBad = items.some(({ message }) => message.subject === 'alert 7');
					const uids = items.map(({ message }) => message.uid);
					if (!isBad) {
						await poisoned.account.withMailbox('INBOX', async (mailbox) => {
							await mailbox.addKeyword(uids, DELIVERED_KEYWORD);
						});
					}
					end(isBad ? 'failure' : 'success');
				}
				await poisoned.settled();
			}
			if (minute % 10 === 0) poisoned.account.deliver(`alert later ${String(minute)}`);
			if (minute === 20) {
				expect(poisoned.cursor?.pending.length).toBeLessThanOrEqual(2);
			}
		}
		expect(poisoned.account.subjects('Ingest Quarantine')).toEqual(['alert 7']);
	});

	it('that does not come within a day leads to another attempt', async () => {
		const forgotten = bench();
		forgotten.account.deliver('alert 1');
		await forgotten.poll();
		await forgotten.endAll('success');
		await forgotten.poll(24 * 60);
		expect(forgotten.started[0]?.items[0]).toMatchObject({ attempt: 2 });
	});
});
