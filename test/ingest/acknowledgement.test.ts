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

	it('that does not come within a day leads to another attempt', async () => {
		const forgotten = bench();
		forgotten.account.deliver('alert 1');
		await forgotten.poll();
		await forgotten.endAll('success');
		await forgotten.poll(24 * 60);
		expect(forgotten.started[0]?.items[0]).toMatchObject({ attempt: 2 });
	});
});
