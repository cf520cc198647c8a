import { afterEach, describe, expect, it } from 'vitest';

import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapOptions, FakeImapServer, Reply } from '../../support/imap/fake-imap-server';
import { ScriptedStore } from '../../support/imap/scripted-store';
import { publishOn, subjectsOf, watchOn } from '../../support/imap/scripted-trigger';

const ends: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

/** A server that answers one command otherwise until `mended` is set. */
async function start(command: string, reply: Reply, script: FakeImapOptions = {}) {
	const store = new ScriptedStore();
	const trouble = { mended: false };
	store.deliver('alert of before', { received: new Date(Date.now() - 3_600_000) });
	store.lies.instead = (asked) => (asked === command && !trouble.mended ? reply : undefined);
	const signIn: FakeImapOptions['answers'] =
		command === 'LOGIN' ? { LOGIN: () => (trouble.mended ? ['TAG OK welcome'] : reply) } : {};
	const server: FakeImapServer = await startFakeImapServer({
		...script,
		answers: { ...store.answers, ...signIn },
	});
	ends.push(() => server.stop());
	return { store, server, trouble };
}

const OUTAGES: ReadonlyArray<[string, string, Reply]> = [
	[
		'is told that the server is unavailable at SELECT (Exchange)',
		'SELECT',
		['TAG NO Server Unavailable. 15'],
	],
	['is told so at LOGIN', 'LOGIN', ['TAG NO Server Unavailable. 15']],
	['is told to try again later', 'LOGIN', ['TAG NO LOGIN failed, try again later']],
	[
		'is told of too many connections',
		'LOGIN',
		['TAG NO [ALERT] Too many simultaneous connections. (Failure)'],
	],
	['is hung up on', 'SELECT', 'end'],
	['is reset', 'LOGIN', 'reset'],
	['meets an index that is locked', 'UID SEARCH', 'end'],
];

describe('whoever publishes while a server cannot serve', () => {
	it.each(OUTAGES)('and %s has published all the same', async (_, command, reply) => {
		const { server, store, trouble } = await start(command, reply);
		store.deliver('alert of now');
		const workflow = publishOn(server);
		expect(await workflow.tick()).toEqual([]);
		trouble.mended = true;
		store.deliver('alert of later');
		const delivered = [...subjectsOf(await workflow.tick()), ...subjectsOf(await workflow.tick())];
		expect(delivered).toEqual(['alert of now', 'alert of later'].slice(-delivered.length));
		expect(delivered).toContain('alert of later');
	});

	it('gets the mail that came meanwhile, and not what was there before', async () => {
		const { server, store, trouble } = await start('SELECT', ['TAG NO Server Unavailable. 15']);
		const workflow = publishOn(server);
		expect(await workflow.tick()).toEqual([]);
		store.deliver('alert of the outage');
		trouble.mended = true;
		expect(subjectsOf(await workflow.tick())).toEqual(['alert of the outage']);
		store.deliver('alert of later');
		expect(subjectsOf(await workflow.tick())).toEqual(['alert of later']);
	});

	it('hears of it when it lasts', async () => {
		const { server } = await start('SELECT', ['TAG NO Server Unavailable. 15']);
		const workflow = publishOn(server);
		expect(await workflow.tick()).toEqual([]);
		await expect(workflow.tick()).rejects.toThrow(/cannot do this at the moment/);
	});

	it.each<[string, string, Reply]>([
		['a wrong password', 'LOGIN', ['TAG NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)']],
		['a mailbox that is not there', 'SELECT', ['TAG NO [NONEXISTENT] Unknown Mailbox']],
		['a mailbox it may not read', 'SELECT', ['TAG NO [NOPERM] Permission denied']],
	])('hears at once of %s', async (_, command, reply) => {
		const { server } = await start(command, reply);
		await expect(publishOn(server).tick()).rejects.toMatchObject({
			description: expect.stringMatching(/\S/) as unknown,
		});
		await expect(watchOn(server)).rejects.toMatchObject({
			description: expect.stringMatching(/\S/) as unknown,
		});
	});

	it('with the instant trigger has published as well', async () => {
		const { server } = await start('SELECT', ['TAG NO Server Unavailable. 15']);
		const workflow = await watchOn(server);
		await workflow.close();
	});
});
