import type { ICredentialDataDecryptedObject, ILoadOptionsFunctions, INode } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../support/silent-log';
import { searchMailboxes } from '../../nodes/shell/search-mailboxes';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { createStrictContext } from '../support/n8n/strict-context';

const NEO = 'neo@example.com';
let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [NEO]: 'secret-pw' } });
	await dovecot.withClient(NEO, async (client) => {
		await client.mailboxCreate(['Alerts', 'Störungen']);
	});
});
afterAll(async () => {
	await dovecot.stop();
});

const node: INode = {
	id: 'trigger',
	name: 'Trigger',
	type: 'imapIngestTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What the editor has of n8n when it fills a list. */
const editor = (more: ICredentialDataDecryptedObject = {}): ILoadOptionsFunctions =>
	createStrictContext<ILoadOptionsFunctions>({
		getCredentials: (() =>
			Promise.resolve({
				url: `imaps://localhost:${String(dovecot.port)}`,
				authentication: 'password',
				username: NEO,
				password: 'secret-pw',
				caCertificate: dovecot.ca,
				...more,
			})) as ILoadOptionsFunctions['getCredentials'],
		logger: SILENT_LOG,
		getNode: () => node,
		getMode: () => 'internal',
		// An n8n without rules for where it may connect to.
		helpers: {} as ILoadOptionsFunctions['helpers'],
	});

const names = async (filter?: string): Promise<string[]> =>
	(await searchMailboxes.call(editor(), filter)).results.map(({ name }) => name);

describe('the mailbox picker', () => {
	it('lists the mailboxes of the account, other alphabets included', async () => {
		expect(await names()).toEqual(expect.arrayContaining(['INBOX', 'Alerts/Störungen']));
	});

	it('finds by a part of the name, in any case', async () => {
		expect(await names('stör')).toEqual(['Alerts/Störungen']);
	});

	it('shows what is wrong instead of an empty list', async () => {
		const refused = searchMailboxes.call(editor({ password: 'wrong' }));
		await expect(refused).rejects.toMatchObject({
			message: expect.stringMatching(/rejected user name or password/) as unknown,
			description: expect.stringMatching(/Check user name and password/) as unknown,
		});
	});
});
