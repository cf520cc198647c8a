import { afterEach, expect, it, vi } from 'vitest';

import { ImapIngestApi } from '../../../credentials/ImapIngestApi.credentials';
import { ImapIngestInstantTrigger } from '../../../nodes/ImapIngest/ImapIngestInstantTrigger.node';
import { startFakeImapServer } from '../../support/imap/fake-imap-server';
import type { FakeImapServer } from '../../support/imap/fake-imap-server';
import { ScriptedStore } from '../../support/imap/scripted-store';
import { createEngine, outputOf, toNode } from '../../support/n8n/n8n-engine';
import type { ActiveWorkflow } from '../../support/n8n/n8n-engine';

const TRIGGER = 'imapIngestInstantTrigger';
const PUSHING = 'IMAP4rev1 SASL-IR IDLE MOVE UIDPLUS';
const LIMIT = { timeout: 60_000, interval: 20 };

const ends: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

async function watch(store: ScriptedStore): Promise<[FakeImapServer, ActiveWorkflow]> {
	const server = await startFakeImapServer({ answers: store.answers, capability: PUSHING });
	ends.push(() => server.stop());
	const rules = { Ingests: [{ Name: 'Alerts', Filter: { Subject: '^alert' } }] };
	const node = toNode(
		TRIGGER,
		{
			mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
			rulesSource: 'json',
			rulesJson: JSON.stringify({ AlertMagic: rules }),
			options: { health: true },
		},
		{ id: String(server.port), credentials: { imapIngestApi: { id: '1', name: 'Account' } } },
	);
	const workflow = await createEngine({
		nodeTypes: [new ImapIngestInstantTrigger()],
		credentialTypes: [new ImapIngestApi()],
		credentials: {
			imapIngestApi: {
				url: `imaps://127.0.0.1:${String(server.port)}`,
				authentication: 'password',
				username: 'neo',
				password: 'white-rabbit',
				caCertificate: server.ca,
			},
		},
	}).activate({ nodes: [node], connections: {} }, TRIGGER);
	ends.push(() => workflow.close());
	return [server, workflow];
}

const events = ({ runs }: ActiveWorkflow) =>
	runs.flatMap((run) => outputOf(run, TRIGGER, 1).map(({ json }) => json['event']));
const looks = ({ commands }: FakeImapServer) =>
	commands.filter((command) => command.startsWith('SELECT')).length;

it.each([
	['by STATUS only (Courier)', 7],
	['nowhere (163.com)', null],
])(
	'a server that tells UIDNEXT %s is watched with IDLE, and delivers',
	async (_, statusUidNext) => {
		const store = new ScriptedStore();
		for (let n = 1; n <= 6; n += 1) store.deliver(`old ${String(n)}`);
		store.lies = { uidNext: null, statusUidNext, hidden: 'all' };
		const [server, workflow] = await watch(store);
		await vi.waitFor(() => {
			expect(server.commands).toContain('IDLE');
		}, LIMIT);
		expect(looks(server)).toBe(1);
		store.deliver('alert one');
		if (statusUidNext !== null) store.lies.statusUidNext = 8;
		server.say('* 7 EXISTS');
		await vi.waitFor(() => {
			const items = workflow.runs.flatMap((run) => outputOf(run, TRIGGER).map(({ json }) => json));
			expect(items).toMatchObject([{ message: { subject: 'alert one' } }]);
		}, LIMIT);
	},
);

it('a server that announces mail all the time is looked at once a second at most, and that is told', async () => {
	const store = new ScriptedStore();
	let announced = 0;
	store.lies.instead = (command) => {
		if (command !== 'IDLE') return undefined;
		announced += 1;
		return ['+ idling', `* ${String(announced)} EXISTS`];
	};
	const [server, workflow] = await watch(store);
	await vi.waitFor(() => {
		expect(events(workflow)).toContain('falseNews');
	}, LIMIT);
	// The first, three that were believed, and those that were held up until it was told.
	expect(looks(server)).toBeLessThanOrEqual(1 + 3 + 5 + 1);
});
