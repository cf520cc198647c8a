import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

import type { Delivery } from '../../nodes/core/delivery/delivery';
import { handOver } from '../../nodes/ingest/hand-over';
import { IngestBench } from '../support/imap/ingest-bench';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const turn = () => new Promise(setImmediate);

describe('an execution that has ended while a poll goes on', () => {
	it('leaves its messages to the garbage, though its clean-up waits for the end of the poll', async () => {
		const bench = new IngestBench([{ Name: 'Alerts' }]);
		bench.endAtOnce = true;
		await bench.poll();
		const ingest = bench.ingest();
		const { cursor } = bench;
		if (cursor === undefined) throw new Error('The poll has saved no cursor.');
		let end: () => void = () => undefined;
		const poll = ingest.runtime.exclusively(
			() =>
				new Promise<void>((resolve) => {
					end = resolve;
				}),
		);
		const start = (uid: number): WeakRef<Delivery> => {
			const delivery: Delivery = { uid, attempt: 1, items: [], cleanUp: { action: 'markAsRead' } };
			handOver(ingest, cursor, [delivery]);
			return new WeakRef(delivery);
		};
		const known = [1, 2, 3].map(start);
		await turn();
		expect(ingest.runtime.endedCount).toBe(3);
		// As the poll does once it has tidied up after them itself.
		ingest.runtime.forget(new Set([1, 2, 3]));
		await turn();
		collectGarbage();
		expect(known.map((delivery) => delivery.deref())).toEqual([undefined, undefined, undefined]);
		end();
		await poll;
	});
});
