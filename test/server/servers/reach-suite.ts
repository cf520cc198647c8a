import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { describe, expect, it, vi } from 'vitest';

import { SILENT_LOG } from '../../support/silent-log';
import { searchMailboxes } from '../../../nodes/shell/search-mailboxes';
import { createStrictContext } from '../../support/n8n/strict-context';
import { toCredential } from '../imap-ingest-run';
import { LIMIT, NEO, toMail, toRule } from './site';
import type { ServerSite } from './site';

const DAY_MS = 86_400_000;

/** The features of mailboxes beyond INBOX, of searches and of waiting for news; part of the suite for every server. */
export function describeReach(site: ServerSite): void {
	const pick = async (filter?: string): Promise<readonly string[]> => {
		const editor = createStrictContext<ILoadOptionsFunctions>({
			getCredentials: (() =>
				Promise.resolve(toCredential(site.server, NEO))) as ILoadOptionsFunctions['getCredentials'],
			logger: SILENT_LOG,
			getNode: () => site.trigger('imapIngestTrigger', toRule(), {}),
			getMode: () => 'internal',
			helpers: {} as ILoadOptionsFunctions['helpers'],
		});
		const { results } = await searchMailboxes.call(editor, filter);
		return results.map(({ value }) => String(value));
	};

	describe('mailboxes', () => {
		it('are in the picker, and what is picked is watched', async () => {
			const name = `Wächter ${String(site.count)} & 日本`;
			await site.server.withClient(NEO, (client) => client.mailboxCreate(name));
			const [picked = '', ...others] = await pick('wächter');
			expect(picked.endsWith(name)).toBe(true);
			expect(others).toEqual([]);
			await site.server.deliver(NEO, toMail('alert one'), { mailbox: picked });
			expect(site.names(await site.publish(toRule(), { mailbox: picked }).tick())).toEqual(['one']);
		});

		it('that others share are in the picker, are watched by both triggers, and are moved into', async () => {
			const { path, deliver } = await site.server.share('Shared');
			const { path: done } = await site.server.share('Done');
			expect(await pick()).toEqual(expect.arrayContaining(['INBOX', path, done]));
			const before = await site.server.listMailboxes(NEO);
			await deliver(toMail('alert one'));
			const rule = toRule({ Action: 'MoveToFolder', Folder: done });
			const polling = site.publish(rule, { mailbox: path });
			expect(site.names(await polling.tick())).toEqual(['one']);
			const watching = await site.watch(rule, path);
			await deliver(toMail('alert two'));
			await vi.waitFor(() => {
				expect(site.watched(watching)).toContain('two');
			}, LIMIT);
			await vi.waitFor(async () => {
				const moved = await site.find(done);
				expect(JSON.stringify(moved)).toContain('alert two');
			}, LIMIT);
			expect(await site.server.listMailboxes(NEO)).toEqual(before);
		});
	});

	it('searches for words with umlauts, in subjects and in texts', async () => {
		await site.server.deliver(NEO, toMail('=?utf-8?Q?St=C3=B6rung?= eins', 'Die Tür ist zu.'));
		await site.server.deliver(NEO, toMail('alert zwei', 'knock knock'));
		const search = async (criteria: object) =>
			(await site.find('INBOX', { ...criteria })).map((json) => JSON.stringify(json));
		for (const criteria of [{ subject: 'störung' }, { body: 'Tür' }]) {
			const found = await search(criteria);
			expect(found).toHaveLength(1);
			expect(found[0]).toContain('Störung eins');
		}
		expect(await search({ body: 'knock' })).toHaveLength(1);
		expect(await search({ subject: 'nothing of the sort' })).toEqual([]);
	});

	it('deletes what lies in a clean-up folder for longer than it is to be kept', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const folder = `Kept ${String(site.count)}`;
		const rule = toRule({ Action: 'MoveToFolder', Folder: folder, DeleteAfterDays: 2 });
		const workflow = site.publish(rule);
		await site.server.deliver(NEO, toMail('alert one'));
		await workflow.tick();
		await workflow.tick();
		expect(await site.subjects(folder)).toEqual(['alert one']);
		for (let day = 1; day <= 5; day += 1) {
			vi.setSystemTime(Date.now() + DAY_MS);
			await workflow.tick();
			if (day === 1) expect(await site.subjects(folder)).toEqual(['alert one']);
		}
		expect(await site.subjects(folder)).toEqual([]);
	});

	describe('the instant trigger', () => {
		it('is told of each mail by the server while it waits', async () => {
			const workflow = await site.watch(toRule());
			const told: string[] = [];
			for (const name of ['one', 'two', 'three']) {
				await site.server.deliver(NEO, toMail(`alert ${name}`));
				told.push(name);
				// The safety scan comes after minutes only.
				await vi.waitFor(() => {
					expect(site.watched(workflow)).toEqual(told);
				}, LIMIT);
			}
		});

		it('goes on where the server was restored from a backup while it watched', async () => {
			const workflow = await site.watch(toRule());
			await site.server.deliver(NEO, toMail('alert one'));
			await vi.waitFor(() => {
				expect(site.watched(workflow)).toEqual(['one']);
			}, LIMIT);
			await site.server.pause();
			await site.server.backUp();
			await site.server.resume();
			for (const name of ['two', 'three']) await site.server.deliver(NEO, toMail(`alert ${name}`));
			await vi.waitFor(() => {
				expect(site.watched(workflow)).toEqual(['one', 'two', 'three']);
			}, LIMIT);
			await site.server.pause();
			await site.server.restore();
			await site.server.resume();
			await site.server.deliver(NEO, toMail('alert four'));
			await vi.waitFor(() => {
				expect(site.watched(workflow)).toContain('four');
			}, LIMIT);
		});
	});
}
