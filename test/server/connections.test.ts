import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IngestError } from '../../nodes/core/errors';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import type { MailTimeouts } from '../../nodes/mail/limits';
import type { MailAccount } from '../../nodes/mail/ports';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { FAULT_KINDS, seededRandom, startFaultProxy } from '../support/imap/fault-proxy';
import type { Fault, FaultProxy } from '../support/imap/fault-proxy';
import { openSharedAccount } from '../support/imap/shared-account';

const USER = 'neo@example.com';
const SUBJECT = 'Wake up Neo';
const MAIL = `From: a@x.org\r\nSubject: ${SUBJECT}\r\n\r\nKnock knock\r\n`;
/** Short enough to wait for, long enough for a busy machine. */
const SHORT = { connect: 2_000, greeting: 1_500, silence: 1_500, reuse: 1_000, logout: 200 };

let dovecot: Dovecot;
let proxy: FaultProxy;
let registry: ConnectionRegistry;

beforeAll(async () => {
	dovecot = await startDovecot({ users: { [USER]: 'white-rabbit' } });
});
afterAll(() => dovecot.stop());
beforeEach(async () => {
	proxy = await startFaultProxy({ target: dovecot });
	registry = new ConnectionRegistry();
});
afterEach(async () => {
	await registry.closeIdle();
	await proxy.stop();
});

const open = (timeouts: Partial<MailTimeouts> = {}) =>
	openSharedAccount(
		{ host: proxy.host, port: proxy.port, ca: dovecot.ca },
		{ registry, username: USER, timeouts },
	);
const stateOf = (account: MailAccount, mailbox = 'INBOX') =>
	account.withMailbox(mailbox, ({ state }) => Promise.resolve(state));

describe('a shared connection', () => {
	it('serves a hundred idle polls and sees each new message', async () => {
		const before = await stateOf(open());
		for (let poll = 0; poll < 95; poll += 1) await stateOf(open());
		for (let mail = 1; mail <= 5; mail += 1) {
			const uid = await dovecot.deliver(USER, MAIL);
			const found = await open().withMailbox('INBOX', (mailbox) => mailbox.uidsAfter(uid - 1));
			expect(found).toStrictEqual([uid]);
			expect((await stateOf(open())).uidNext).toBe(before.uidNext + mail);
		}

		expect(proxy.traffic).toHaveLength(1);
	});

	it('sees that a mailbox was deleted and created anew', async () => {
		await dovecot.deliver(USER, MAIL, { mailbox: 'Anew' });
		const before = await stateOf(open(), 'Anew');
		await stateOf(open());
		await dovecot.withClient(USER, async (client) => {
			await client.mailboxDelete('Anew');
			await client.mailboxCreate('Anew');
		});

		const after = await stateOf(open(), 'Anew');

		expect(after.uidValidity).not.toBe(before.uidValidity);
		expect(after.uidNext).toBe(1);
	});

	it('that a restart of the server took is replaced', async () => {
		await stateOf(open());

		await dovecot.restart();

		await expect(stateOf(open())).resolves.toMatchObject({ path: 'INBOX' });
		expect(proxy.traffic).toHaveLength(2);
	});

	it.each(FAULT_KINDS)(
		'that suffers a %s while it lies idle does not fail the next use',
		async (kind) => {
			await stateOf(open(SHORT));

			proxy.strike(kind);

			await expect(stateOf(open(SHORT))).resolves.toMatchObject({ path: 'INBOX' });
			expect(proxy.faultCount).toBe(1);
			expect(proxy.traffic).toHaveLength(kind === 'delay' ? 1 : 2);
		},
	);
});

describe('a use that moves a message', () => {
	const places = ['Fault A', 'Fault B'] as const;
	const countIn = async (mailbox: string) => (await dovecot.list(USER, mailbox)).length;

	beforeEach(async () => {
		for (const place of places) {
			await dovecot.withClient(USER, async (client) => {
				await client.mailboxCreate(place);
				await client.mailboxOpen(place);
				await client.messageDelete('1:*', { uid: true });
			});
		}
		await dovecot.deliver(USER, MAIL, { mailbox: places[0] });
	});

	/** Takes the message from wherever it lies to the other place, and reads it on the way. */
	async function moveOver(account: MailAccount): Promise<string | undefined> {
		const [from, to] = (await countIn(places[0])) === 1 ? places : [places[1], places[0]];
		return await account.withMailbox(from, async (mailbox) => {
			const heads = await mailbox.heads(await mailbox.uidsAfter(0));
			await mailbox.bodies(heads);
			await mailbox.move(
				heads.map(({ summary }) => summary.uid),
				to,
			);
			return heads[0]?.summary.subject;
		});
	}

	async function expectToSurvive(fault: Fault): Promise<void> {
		proxy.inject(fault);
		// A busy machine may take longer: then the use fails, which it may here.
		const outcome = await moveOver(open({ ...SHORT, greeting: 600, silence: 600 })).catch(
			(error: unknown) => error,
		);
		if (outcome !== SUBJECT) {
			expect(outcome, JSON.stringify(fault)).toBeInstanceOf(IngestError);
			expect(outcome, JSON.stringify(fault)).toMatchObject({ kind: 'unavailable' });
		}
		expect((await countIn(places[0])) + (await countIn(places[1]))).toBe(1);
		expect(await moveOver(open()), JSON.stringify(fault)).toBe(SUBJECT);
		await registry.closeIdle();
	}

	/** Answers of the server in a use that nothing happens to. */
	async function countResponses(): Promise<number> {
		await moveOver(open());
		await registry.closeIdle();
		return proxy.traffic[0]?.responses ?? 0;
	}

	it.each(FAULT_KINDS)('survives a %s at every answer of the server', async (kind) => {
		const responses = await countResponses();
		expect(responses).toBeGreaterThan(8);

		for (let response = 1; response <= responses; response += 1) {
			await expectToSurvive({ kind, at: { response } });
		}
		expect(proxy.faultCount).toBe(responses);
	});

	it('survives a connection that breaks after any number of bytes', async () => {
		await countResponses();
		const total = proxy.traffic[0]?.bytes ?? 0;
		const random = seededRandom(2026);
		for (let round = 0; round < 10; round += 1) {
			await expectToSurvive({ kind: 'cut', at: { bytes: Math.floor(random() * total) } });
		}
		expect(proxy.faultCount).toBe(10);
	});
});
