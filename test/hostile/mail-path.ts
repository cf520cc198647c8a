import type { IDataObject } from 'n8n-workflow';

import type { DeliveryItem } from '../../nodes/core/delivery/delivery';
import { EmailCapture } from '../../nodes/EmailCapture/EmailCapture.node';
import { MAILBOX, MailStock, PASSWORD } from '../bench/bench-mailbox';
import { BenchPipeline } from '../bench/bench-pipeline';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import { startDovecot } from '../support/servers/dovecot';
import { createTestCa } from '../support/servers/tls';
import { GREEDY_RULE } from './hostile-mail';

const USER = 'hostile@example.com';

/** The whole way of a mail, from a real mail server to the item. */
export interface MailPath {
	/** Puts these mails into an empty mailbox; `poll` then takes them. */
	put(mails: readonly string[]): Promise<{ poll(): Promise<readonly DeliveryItem[]> }>;
	stop(): Promise<void>;
}

/** Starts a mail server; each `put` begins with a trigger that knows of nothing. */
export async function openMailPath(): Promise<MailPath> {
	const dovecot = await startDovecot({ tls: await createTestCa(), users: { [USER]: PASSWORD } });
	const stock = new MailStock(dovecot, USER);
	return {
		async put(mails) {
			await stock.clear(MAILBOX);
			await dovecot.withClient(USER, async (client) => {
				for (const mail of mails) await client.append(MAILBOX, mail);
			});
			const { host, port, ca } = dovecot;
			const pipeline = new BenchPipeline({ host, port, ca, user: USER }, [GREEDY_RULE], {
				batchSize: 500,
			});
			return {
				async poll() {
					await pipeline.poll();
					return pipeline.lastItems;
				},
			};
		},
		stop: () => dovecot.stop(),
	};
}

const CAPTURE = toNode('emailCapture', {
	rulesSource: 'json',
	rulesJson: JSON.stringify([GREEDY_RULE]),
	emailFields: 'auto',
});
const engine = createEngine({ nodeTypes: [new EmailCapture()] });

/** The whole way of items through the Email Capture node. */
export async function captureItems(items: readonly IDataObject[]): Promise<readonly IDataObject[]> {
	const run = await engine.run({ nodes: [CAPTURE], connections: {} }, 'emailCapture', items);
	return outputOf(run, 'emailCapture').map(({ json }) => json);
}
