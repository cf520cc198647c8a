import type { ICredentialDataDecryptedObject, INode, IRun } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngest } from '../../nodes/ImapIngest/ImapIngest.node';
import { ImapIngestInstantTrigger } from '../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import type { Dovecot } from '../support/servers/dovecot';
import { GUIDE_MAIL } from '../support/guide-example';
import { createEngine, outputOf, toNode } from '../support/n8n/n8n-engine';
import type { ActiveWorkflow, PublishedWorkflow } from '../support/n8n/n8n-engine';
import { MAIL_PASSWORD, startTenant, TENANT_RULES, type Tenant } from '../support/oauth/tenant';

const NEO = 'neo@example.com';
const TRINITY = 'trinity@example.com';
/** The application has no permission for this one: it belongs to another domain. */
const SMITH = 'smith@elsewhere.example';
const LIMIT = { timeout: 60_000, interval: 50 };

/** How the action node is run. */
interface Operation {
	readonly data?: ICredentialDataDecryptedObject;
	readonly options?: INode['parameters'];
	/** Users of a trigger before the node. */
	readonly users?: string | string[];
}

let dovecot: Dovecot;
let tenant: Tenant;
let ids = 0;
const open: ActiveWorkflow[] = [];

beforeAll(async () => {
	tenant = await startTenant([NEO, TRINITY, SMITH]);
	({ dovecot } = tenant);
});
afterEach(async () => {
	for (const workflow of open.splice(0)) await workflow.close();
});
afterAll(async () => {
	await tenant.stop();
});
beforeEach(() => {
	ids += 1;
});

const application = (): ICredentialDataDecryptedObject => tenant.account(NEO);

const engine = (data = application()) =>
	createEngine({
		nodeTypes: [new ImapIngestTrigger(), new ImapIngestInstantTrigger(), new ImapIngest()],
		credentialTypes: [new ImapIngestApi()],
		credentials: { imapIngestApi: data },
	});

const trigger = (type: string, options: INode['parameters'], mailbox = 'INBOX') => ({
	nodes: [
		toNode(
			type,
			{
				mailbox: { __rl: true, mode: 'list', value: mailbox },
				rulesSource: 'json',
				rulesJson: TENANT_RULES,
				options: { startAt: 'everything', ...options },
			},
			{ id: `users-${String(ids)}`, credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
		),
	],
	connections: {},
});

const publish = (
	options: INode['parameters'],
	staticData = {},
	mailbox?: string,
): PublishedWorkflow =>
	engine().publish(trigger('imapIngestTrigger', options, mailbox), 'imapIngestTrigger', {
		staticData,
		activation: 'init',
	});

const itemsOf = (type: string, runs: readonly IRun[]) =>
	runs.flatMap((run) => outputOf(run, type).map(({ json }) => json));
const accounts = (type: string, runs: readonly IRun[]) =>
	itemsOf(type, runs)
		.map(({ message }) => (message as { account: string }).account)
		.sort();
const owner = (user: string) => `${user}@127.0.0.1`;
const subjects = async (user: string, mailbox?: string) =>
	(await dovecot.list(user, mailbox)).map(({ subject }) => subject);
const copyOf = (data: object) => JSON.parse(JSON.stringify(data)) as Record<string, never>;

describe('the polling trigger with several users', () => {
	it('delivers the mail of each and names its account, though the sign-in of one is refused', async () => {
		const workflow = publish({ users: [NEO, SMITH, TRINITY] });
		for (const user of [NEO, SMITH, TRINITY]) await dovecot.deliver(user, GUIDE_MAIL);
		const runs = await workflow.tick();
		expect(accounts('imapIngestTrigger', runs)).toEqual([owner(NEO), owner(TRINITY)]);
		await workflow.tick();
		expect(await subjects(NEO)).toEqual([]);
		expect(await subjects(TRINITY, 'Done')).toHaveLength(1);
		expect(await subjects(SMITH)).toHaveLength(1);
	});

	it('raises once what fails for one of them, and names the user', async () => {
		await dovecot.deliver(NEO, GUIDE_MAIL, { mailbox: 'Alerts' });
		const workflow = publish({ users: [NEO, TRINITY] }, {}, 'Alerts');
		expect(accounts('imapIngestTrigger', await workflow.tick())).toEqual([owner(NEO)]);
		await expect(workflow.tick()).rejects.toThrow(/^trinity@example\.com: .*Alerts/);
		expect(await workflow.tick()).toEqual([]);
	});

	it('goes on where each of them stopped after a restart', async () => {
		const workflow = publish({ users: [NEO, TRINITY] });
		for (const user of [NEO, TRINITY]) await dovecot.deliver(user, GUIDE_MAIL);
		expect(await workflow.tick()).toHaveLength(2);
		await dovecot.deliver(TRINITY, GUIDE_MAIL);
		ids += 1;
		const again = publish(
			{ users: [NEO, TRINITY], startAt: 'newMail' },
			copyOf(workflow.staticData),
		);
		expect(accounts('imapIngestTrigger', await again.tick())).toEqual([owner(TRINITY)]);
	});

	it('keeps the cursor of a workflow that had no list, and gives it back', async () => {
		const single = publish({});
		await dovecot.deliver(NEO, GUIDE_MAIL);
		expect(await single.tick()).toHaveLength(1);
		await dovecot.deliver(NEO, GUIDE_MAIL);
		ids += 1;
		const options = { startAt: 'newMail' };
		const listed = publish({ ...options, users: [TRINITY, NEO] }, copyOf(single.staticData));
		expect(accounts('imapIngestTrigger', await listed.tick())).toEqual([owner(NEO)]);
		await dovecot.deliver(NEO, GUIDE_MAIL);
		ids += 1;
		const back = publish(options, copyOf(listed.staticData));
		expect(accounts('imapIngestTrigger', await back.tick())).toEqual([owner(NEO)]);
	});

	it('goes on from what version 0.1.0 without a list has saved', async () => {
		const [first, second] = [
			await dovecot.deliver(TRINITY, GUIDE_MAIL, { mailbox: 'Saved' }),
			await dovecot.deliver(TRINITY, GUIDE_MAIL, { mailbox: 'Saved' }),
		];
		const uidValidity = await dovecot.withClient(TRINITY, async (client) => {
			const opened = await client.mailboxOpen('Saved');
			return String(opened.uidValidity);
		});
		const cursor = {
			version: 1,
			account: owner(TRINITY),
			mailbox: 'Saved',
			uidValidity,
			position: first,
			pending: [],
			rescanBelow: 0,
			receivedFrom: 0,
			lastReceived: 0,
			rulesKey: '',
		};
		const workflow = publish(
			{ users: [TRINITY] },
			{ 'node:imapIngestTrigger': { cursor } },
			'Saved',
		);
		const items = itemsOf('imapIngestTrigger', await workflow.tick());
		expect(items).toMatchObject([{ message: { uid: second } }]);
	});

	it('is refused where the account signs in with a password', async () => {
		const password = { ...application(), authentication: 'password', password: MAIL_PASSWORD };
		const source = trigger('imapIngestTrigger', { users: [TRINITY] });
		const workflow = engine(password).publish(source, 'imapIngestTrigger');
		await expect(workflow.tick()).rejects.toThrow(/Users names "trinity@example.com".*password/);
	});
});

describe('the instant trigger with several users', () => {
	const TYPE = 'imapIngestInstantTrigger';

	it('watches the mailboxes of all, though one of them fails, and names it', async () => {
		const source = trigger(TYPE, { users: [NEO, SMITH, TRINITY] });
		const workflow = await engine().activate(source, TYPE);
		open.push(workflow);
		for (const user of [NEO, TRINITY]) await dovecot.deliver(user, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(accounts(TYPE, workflow.runs)).toEqual([owner(NEO), owner(TRINITY)]);
			expect(workflow.failures.map(({ message }) => message)).toEqual([
				expect.stringContaining(SMITH),
			]);
		}, LIMIT);
	});
});

describe('a session whose token ends', () => {
	it('is opened anew with another one, and mail is delivered as before', async () => {
		const brief = await startTenant([NEO], { lifetimeSeconds: 8 });
		const TYPE = 'imapIngestInstantTrigger';
		const workflow = await engine(brief.account(NEO)).activate(trigger(TYPE, {}), TYPE);
		await vi.waitFor(() => {
			expect(brief.entra.tokenRequests.length).toBeGreaterThan(2);
		}, LIMIT);
		await brief.dovecot.deliver(NEO, GUIDE_MAIL);
		await vi.waitFor(() => {
			expect(itemsOf(TYPE, workflow.runs)).toHaveLength(1);
		}, LIMIT);
		expect(workflow.failures).toEqual([]);
		await workflow.close();
		await brief.stop();
	});
});

describe('the action node', () => {
	const account = { credentials: { imapIngestApi: { id: '1', name: 'Account' } } };
	/** Runs the node for one item, behind a trigger of these Users where there are some. */
	const operate = async (
		message: object,
		{ data = application(), options = {}, users }: Operation = {},
	) => {
		const action = toNode(
			'imapIngest',
			{ resource: 'message', operation: 'get', message: '={{ $json.message }}', options },
			account,
		);
		const before = toNode('imapIngestTrigger', { options: { users: users ?? [] } }, account);
		const connections = {
			imapIngestTrigger: {
				main: [[{ node: 'imapIngest', type: NodeConnectionTypes.Main, index: 0 }]],
			},
		};
		const source =
			users === undefined
				? { nodes: [action], connections: {} }
				: { nodes: [before, action], connections };
		const item = JSON.parse(JSON.stringify({ message })) as Record<string, never>;
		return await engine(data).run(source, 'imapIngest', [item]);
	};
	const deliverTo = async (user: string) => {
		const uid = await dovecot.deliver(user, GUIDE_MAIL);
		const uidValidity = await dovecot.withClient(user, async (client) => {
			const { uidValidity: value } = await client.mailboxOpen('INBOX');
			return String(value);
		});
		return { account: owner(user), mailbox: 'INBOX', uidValidity, uid };
	};

	it.each<[string, Operation]>([
		['a trigger before it watches that user', { users: [NEO, TRINITY] }],
		['the user is one of Allowed Users', { options: { allowedUsers: [TRINITY] } }],
		['Allowed Users is an expression', { options: { allowedUsers: `={{ '${TRINITY}' }}` } }],
	])('opens the mailbox of the user whose message the item names, where %s', async (_, how) => {
		const run = await operate(await deliverTo(TRINITY), how);
		expect(outputOf(run, 'imapIngest')).toHaveLength(1);
	});

	it.each<[string, Operation]>([
		['nothing names that user', {}],
		['the trigger before it watches others', { users: [NEO] }],
		[
			'Allowed Users names others, whatever the trigger says',
			{
				users: [TRINITY],
				options: { allowedUsers: [NEO] },
			},
		],
		['Allowed Users is empty', { users: [TRINITY], options: { allowedUsers: [] } }],
		[
			'the Users of the trigger are an expression, which the item could decide',
			{
				users: '={{ [$json.message.account.replace("@127.0.0.1", "")] }}',
			},
		],
	])('refuses the message of another user where %s', async (_, how) => {
		const run = await operate(await deliverTo(TRINITY), how);
		const { error } = run.data.resultData;
		expect(error?.message).toMatch(
			/mailbox of "trinity@example.com", which this node may not open/,
		);
	});

	it('opens the mailbox of the account for any item, also with a list that does not name it', async () => {
		const options = { allowedUsers: [TRINITY] };
		const run = await operate(await deliverTo(NEO), { options });
		expect(outputOf(run, 'imapIngest')).toHaveLength(1);
	});

	it('refuses the message of another user where the account signs in with a password', async () => {
		const data = { ...application(), authentication: 'password', password: MAIL_PASSWORD };
		const run = await operate(await deliverTo(TRINITY), { data, users: [TRINITY] });
		expect(run.data.resultData.error?.message).toMatch(/lies in the account "trinity@/);
	});
});
