import type { ICredentialDataDecryptedObject, IDataObject, IRun } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { ImapIngest } from '../../nodes/ImapIngest/ImapIngest.node';
import { ImapIngestTrigger } from '../../nodes/ImapIngest/ImapIngestTrigger.node';
import { parseStored } from '../../nodes/core/delivery/stored-cursor';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { createEngine, outputOf, toChain, toNode } from '../support/n8n/n8n-engine';
import type { PublishedWorkflow } from '../support/n8n/n8n-engine';
import { PASSWORD, picked, toCredential, toMail } from './imap-ingest-run';

const USERS = ['stays', 'leaves', 'files', 'waits', 'visual', 'json'].map(
	(name) => `${name}@example.com`,
);

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({
		users: Object.fromEntries(USERS.map((name) => [name, PASSWORD])),
	});
});
afterAll(() => dovecot.stop());

/** A workflow of a trigger that leaves acknowledging to the action nodes behind it. */
function publish(
	user: string,
	cleanUp: IDataObject,
	actions: readonly IDataObject[],
	rules: IDataObject = { rulesSource: 'account' },
) {
	const credential: ICredentialDataDecryptedObject = {
		...toCredential(dovecot, user),
		configuration: JSON.stringify({
			AlertMagic: { Ingests: [{ Name: 'Everything', CleanUp: cleanUp }] },
		}),
	};
	const engine = createEngine({
		nodeTypes: [new ImapIngestTrigger(), new ImapIngest()],
		credentialTypes: [new ImapIngestApi()],
		credentials: { imapIngestApi: credential },
	});
	const credentials = { imapIngestApi: { id: '1', name: 'Account' } };
	const trigger = toNode(
		'imapIngestTrigger',
		{
			mailbox: picked('INBOX'),
			...rules,
			options: { startAt: 'everything', acknowledge: 'actionNode' },
		} as never,
		{ id: user, credentials },
	);
	const nodes = actions.map((parameters, index) =>
		toNode('imapIngest', { resource: 'message', ...parameters } as never, {
			id: `${user}-${String(index)}`,
			name: `Action ${String(index)}`,
			credentials,
		}),
	);
	const names = [trigger, ...nodes].map(({ name }) => name);
	return engine.publish(
		{ nodes: [trigger, ...nodes], connections: toChain(...names) },
		'imapIngestTrigger',
	);
}

const outputsOf = (run: IRun | undefined, node: string): IDataObject[] =>
	run === undefined ? [] : outputOf(run, node).map(({ json }) => json);

/** UIDs that the trigger still waits for. */
function pendingOf({ staticData }: PublishedWorkflow): readonly unknown[] {
	const stored = JSON.parse(JSON.stringify(staticData['node:imapIngestTrigger'])) as {
		cursor: unknown;
	};
	return (parseStored(stored.cursor)?.pending ?? []).map(({ uid }) => uid);
}

describe('a workflow that ends with the action node', () => {
	it.each([
		['stays', { Action: 'MarkAsRead' }, ['one', 'two'], []],
		['leaves', { Action: 'MoveToFolder', Folder: 'Processed' }, [], ['one', 'two']],
	])(
		'acknowledges what %s: nothing is delivered again',
		async (name, cleanUp, inbox, processed) => {
			const user = `${name}@example.com`;
			await dovecot.deliver(user, toMail('one'));
			await dovecot.deliver(user, toMail('two'));
			const workflow = publish(user, cleanUp, [{ operation: 'acknowledge' }]);
			const [run] = await workflow.tick();
			expect(outputsOf(run, 'Action 0')).toMatchObject([
				{ rule: 'Everything', action: { operation: 'acknowledge', done: true } },
				{ rule: 'Everything', action: { operation: 'acknowledge', done: true } },
			]);
			expect(await workflow.tick()).toEqual([]);
			expect((await dovecot.list(user)).map(({ subject }) => subject)).toEqual(inbox);
			expect((await dovecot.list(user, 'Processed')).map(({ subject }) => subject)).toEqual(
				processed,
			);
			expect(pendingOf(workflow)).toEqual([]);
		},
	);

	it.each(['visual', 'json'])(
		'acknowledges as the rule says where rules are %s',
		async (source) => {
			const user = `${source}@example.com`;
			await dovecot.deliver(user, toMail('one'));
			const workflow = publish(
				user,
				{ Action: 'None' },
				[{ operation: 'acknowledge' }],
				source === 'json'
					? {
							rulesSource: 'json',
							rulesJson: JSON.stringify([{ Name: 'Own', CleanUp: { Action: 'Delete' } }]),
						}
					: { rulesSource: 'visual', rules: { rule: [{ name: 'Own', cleanUpAction: 'delete' }] } },
			);
			const [run] = await workflow.tick();
			expect(outputsOf(run, 'Action 0')).toMatchObject([
				{ rule: 'Own', cleanUp: { action: 'delete' }, action: { done: true } },
			]);
			expect(await dovecot.list(user)).toEqual([]);
			expect(await workflow.tick()).toEqual([]);
			expect(pendingOf(workflow)).toEqual([]);
		},
	);

	it('goes on waiting while nothing has acknowledged', async () => {
		const user = 'waits@example.com';
		await dovecot.deliver(user, toMail('one'));
		const workflow = publish(user, { Action: 'MarkAsRead' }, [{ operation: 'markRead' }]);
		await workflow.tick();
		expect(await workflow.tick()).toEqual([]);
		expect(pendingOf(workflow)).toEqual([1]);
	});

	it('hands the payload, the rule and the files from one operation to the next', async () => {
		const [, , user = ''] = USERS;
		await dovecot.deliver(
			user,
			toMail(
				'files',
				'Content-Type: text/csv; name=a.csv',
				'Content-Disposition: attachment',
				'',
				'a',
			),
		);
		const workflow = publish(user, { Action: 'None' }, [
			{ operation: 'get' },
			{ operation: 'downloadAttachments' },
			{ operation: 'cleanUp' },
		]);
		const [run] = await workflow.tick();
		if (run === undefined) throw new Error('Nothing was delivered');
		const [item] = outputOf(run, 'Action 2');
		expect(item?.json).toMatchObject({
			rule: 'Everything',
			message: { subject: 'files' },
			content: { source: 'none' },
			files: [{ fileName: 'a.csv' }],
			action: { operation: 'cleanUp', done: true },
		});
		expect(Object.keys(item?.binary ?? {})).toEqual(['attachment_0']);
	});
});
