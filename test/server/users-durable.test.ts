import type { IDataObject, INodeType, IPollFunctions, IRun } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { pollTrigger } from '../../nodes/ImapIngest/trigger/poll-trigger';
import { GUIDE_MAIL } from '../support/guide-example';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import { startTenant, TENANT_RULES, type Tenant } from '../support/oauth/tenant';

const NEO = 'neo@example.com';
const TRINITY = 'trinity@example.com';
const TRIGGER = 'imapIngestTrigger';
const EVENTUALLY = { timeout: 60_000, interval: 50 };

let tenant: Tenant;

beforeAll(async () => {
	tenant = await startTenant([NEO, TRINITY]);
});
afterAll(() => tenant.stop());

/** The trigger as the durable scheduler polls it: by its budget it tells that nothing is activated. */
const durableTrigger = (): INodeType => {
	const toScheduled = (context: IPollFunctions) =>
		Object.create(context, { getPollBudgetMs: { value: () => 36_000 } }) as IPollFunctions;
	return Object.assign(new ImapIngestTrigger(), {
		async poll(this: IPollFunctions) {
			return await pollTrigger(toScheduled(this));
		},
	});
};

/** Polls as n8n does with durable cursors: what a poll that throws has changed in static data is rolled back. */
function createDurable() {
	const engine = createEngine({
		nodeTypes: [durableTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: { imapIngestApi: tenant.account(NEO) },
	});
	const node = toNode(
		TRIGGER,
		{
			mailbox: { __rl: true, mode: 'list', value: 'Alerts' },
			rulesSource: 'json',
			rulesJson: TENANT_RULES,
			options: { startAt: 'newMail', users: [NEO, TRINITY] },
		},
		{ id: 'durable', credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
	);
	let stored: IDataObject = {};
	return {
		tick: async (): Promise<readonly IRun[]> => {
			const staticData = structuredClone(stored);
			const source = { nodes: [node], connections: {} };
			const workflow = engine.publish(source, TRIGGER, { staticData, activation: 'update' });
			const runs = await workflow.tick();
			stored = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
			return runs;
		},
	};
}

const accountsOf = (runs: readonly IRun[]) =>
	runs
		.flatMap((run) => outputOf(run, TRIGGER).map(({ json }) => json['message'] as IDataObject))
		.map(({ account }) => account)
		.sort();

it('delivers the mail of one user once though the poll that found it was rolled back because of another', async () => {
	const { dovecot } = tenant;
	for (const user of [NEO, TRINITY]) {
		await dovecot.withClient(user, (client) => client.mailboxCreate('Alerts'));
	}
	const { tick } = createDurable();
	expect(await tick()).toEqual([]);

	await dovecot.withClient(TRINITY, (client) => client.mailboxDelete('Alerts'));
	await dovecot.deliver(NEO, GUIDE_MAIL, { mailbox: 'Alerts' });
	await expect(tick()).rejects.toThrow(/^trinity@example\.com: .*Alerts/);
	await vi.waitFor(async () => {
		expect(await dovecot.list(NEO, 'Done')).toHaveLength(1);
	}, EVENTUALLY);
	expect(accountsOf(await tick())).toEqual([]);

	await dovecot.withClient(TRINITY, (client) => client.mailboxCreate('Alerts'));
	expect(accountsOf(await tick())).toEqual([]);
	for (const user of [NEO, TRINITY]) await dovecot.deliver(user, GUIDE_MAIL, { mailbox: 'Alerts' });
	expect(accountsOf(await tick())).toEqual([`${NEO}@127.0.0.1`, `${TRINITY}@127.0.0.1`]);
});
