import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeGenuineMail, makeHostileMails } from './hostile-mail';
import { openMailPath } from './mail-path';
import type { MailPath } from './mail-path';

const HOSTILE = 40;
const GENUINE = 5;
/** What n8n keeps of one item; most of it is the captured text, of which 256 KiB are read. */
const MAX_ITEM_LENGTH = 3 * 1024 * 1024;
const MAX_ADDRESSES = 200;
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;

let path: MailPath;
beforeAll(async () => {
	path = await openMailPath();
});
afterAll(() => path.stop());

describe('a batch of hostile mail with genuine mail among it', () => {
	it('delivers the genuine mail in the first poll, in items of a bounded size, with bounded memory', async () => {
		const genuine = Array.from({ length: GENUINE }, (_, index) => makeGenuineMail(index));
		const hostile = makeHostileMails(HOSTILE).map(({ raw }) => raw);
		const mails = [...hostile, ...genuine, ...hostile];
		const { poll } = await path.put(mails);
		const before = process.memoryUsage.rss();
		const items = await poll();
		expect(process.memoryUsage.rss() - before).toBeLessThan(MAX_MEMORY_BYTES);
		const ids = items.map(({ message }) => message.messageId ?? '');
		expect(ids.filter((id) => id.includes('genuine'))).toHaveLength(GENUINE);
		for (const item of items) {
			expect(JSON.stringify(item).length).toBeLessThan(MAX_ITEM_LENGTH);
			expect(item.message.to.length).toBeLessThanOrEqual(MAX_ADDRESSES);
		}
	});

	it('delivers what can be read of it, too', async () => {
		const { poll } = await path.put(makeHostileMails(HOSTILE).map(({ raw }) => raw));
		expect((await poll()).length).toBeGreaterThan(HOSTILE / 2);
	});
});
