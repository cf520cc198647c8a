import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionRegistry } from '../../nodes/mail/connections/connection-registry';
import { ALERT_RULE, toAlert, toReport } from '../bench/bench-mail';
import { MAILBOX, MailStock, PASSWORD } from '../bench/bench-mailbox';
import { BenchPipeline } from '../bench/bench-pipeline';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { openImapMeter } from '../support/imap/imap-meter';
import type { ImapMeter } from '../support/imap/imap-meter';
import { createTestCa } from '../support/servers/tls';

const USER = 'cost@example.com';
const RETAINED = {
	...ALERT_RULE,
	CleanUp: { ...ALERT_RULE.CleanUp, DeleteAfterDays: 30 },
};

let dovecot: Dovecot;
let meter: ImapMeter;
let alerts: MailStock;
let registry: ConnectionRegistry;

beforeAll(async () => {
	const tls = await createTestCa();
	dovecot = await startDovecot({ tls, users: { [USER]: PASSWORD } });
	meter = await openImapMeter({ port: dovecot.port, tls });
	alerts = new MailStock(dovecot, USER);
	await alerts.fill(Array.from({ length: 50 }, (_, n) => toAlert(n)));
});
afterAll(async () => {
	await meter.stop();
	await dovecot.stop();
});
beforeEach(async () => {
	registry = new ConnectionRegistry();
	await alerts.clear(MAILBOX, 'Done');
	meter.reset();
});
afterEach(() => registry.closeIdle());

const place = (shared: boolean) => ({
	host: meter.host,
	port: meter.port,
	ca: dovecot.ca,
	user: USER,
	...(shared && { registry }),
});
const pollAnew = async (pipeline: BenchPipeline) => {
	meter.reset();
	await pipeline.poll();
	return meter.traffic;
};

describe('a poll that finds nothing new', () => {
	it('is one command on a shared connection', async () => {
		const pipeline = new BenchPipeline(place(true), [ALERT_RULE]);
		await pipeline.poll();

		expect((await pollAnew(pipeline)).commands).toStrictEqual(['SELECT']);
	});

	it('does what it takes to log in and out on a connection of its own', async () => {
		const pipeline = new BenchPipeline(place(false), [ALERT_RULE]);
		await pipeline.poll();

		expect((await pollAnew(pipeline)).commands).toStrictEqual([
			'ID',
			'AUTHENTICATE',
			'ID',
			'NAMESPACE',
			'SELECT',
			'LOGOUT',
		]);
	});

	it('looks at no mail that is there already, whatever the rules said of it', async () => {
		const unwanted = { ...ALERT_RULE, Filter: { Body: 'nobody says this' } };
		const pipeline = new BenchPipeline(place(true), [unwanted]);
		await alerts.put(MAILBOX, 50);
		await pipeline.poll();

		expect((await pollAnew(pipeline)).commands).toStrictEqual(['SELECT']);
	});
});

describe('a poll that finds new mail', () => {
	it.each([
		['five commands', { ...ALERT_RULE, Filter: { Body: 'Ticket' } }, 2],
		['six where From or Subject refuse some, which saves their structure', ALERT_RULE, 3],
	])('is %s, however many mails and executions', async (_name, rule, fetches) => {
		const pipeline = new BenchPipeline(place(true), [rule], { batchSize: 20 });
		await pipeline.poll();
		await alerts.put(MAILBOX, 50);

		const { commands } = await pollAnew(pipeline);

		expect(commands).toStrictEqual([
			'SELECT',
			'UID SEARCH',
			...Array.from({ length: fetches }, () => 'UID FETCH'),
			'UID MOVE',
		]);
		expect(pipeline.executions).toStrictEqual([20, 20, 10]);
	});

	it('reads only heads when From and Subject refuse all of it', async () => {
		const unwanted = { ...ALERT_RULE, Filter: { Subject: 'nobody says this' } };
		const pipeline = new BenchPipeline(place(true), [unwanted]);
		await pipeline.poll();
		await alerts.put(MAILBOX, 50);

		expect((await pollAnew(pipeline)).commands).toStrictEqual([
			'SELECT',
			'UID SEARCH',
			'UID FETCH',
		]);
	});

	it('is read whole at once after a page of short texts of which nearly all were wanted', async () => {
		await alerts.put(MAILBOX, 450);
		const pipeline = new BenchPipeline(place(true), [ALERT_RULE]);

		const { commands } = await pollAnew(pipeline);

		expect(commands.filter((command) => command === 'UID FETCH')).toHaveLength(3 + 1 + 1);
	});

	it('is one FETCH for the next alert, too', async () => {
		const pipeline = new BenchPipeline(place(true), [ALERT_RULE]);
		await alerts.put(MAILBOX, 50);
		await pipeline.poll();
		await alerts.add(MAILBOX, 1);

		const { commands } = await pollAnew(pipeline);

		expect(commands).toStrictEqual(['SELECT', 'UID SEARCH', 'UID FETCH', 'UID MOVE']);
	});

	it('costs the same commands among many messages as among few', async () => {
		const costs = [];
		for (const others of [10, 1_000]) {
			await alerts.clear(MAILBOX);
			await alerts.add(MAILBOX, others);
			const pipeline = new BenchPipeline(place(true), [ALERT_RULE], { startAt: 'newMail' });
			await pipeline.poll();
			await alerts.add(MAILBOX, 10);
			costs.push((await pollAnew(pipeline)).commands);
		}

		expect(costs[1]).toStrictEqual(costs[0]);
	});

	it('reads heads, and the texts of what From and Subject let through, and no attachment', async () => {
		const reports = new MailStock(dovecot, USER, 'Reports');
		const attached = 200_000;
		await reports.fill(Array.from({ length: 10 }, (_, n) => toReport(n, attached)));
		await reports.put(MAILBOX, 10);
		const pipeline = new BenchPipeline(place(true), [ALERT_RULE]);

		const { received, commands } = await pollAnew(pipeline);

		expect(commands.filter((command) => command === 'UID FETCH')).toHaveLength(3);
		expect(pipeline.executions).toStrictEqual([1]);
		expect(received).toBeLessThan(20_000);
	});

	it('reads at most 1.2 times the headers and texts of what it delivers', async () => {
		const mails = Array.from({ length: 50 }, (_, n) => toReport(n, 50_000));
		const reports = new MailStock(dovecot, USER, 'Sized');
		await reports.fill(mails);
		await reports.put(MAILBOX, mails.length);
		const pipeline = new BenchPipeline(place(true), [
			{ ...ALERT_RULE, Filter: { Body: 'Ticket' } },
		]);

		const { received, commands } = await pollAnew(pipeline);

		const sizes = mails.map((mail) => mail.indexOf('--part\r\nContent-Type: application/pdf'));
		expect(commands.filter((command) => command === 'UID FETCH')).toHaveLength(2);
		expect(received).toBeLessThan(1.2 * sizes.reduce((sum, size) => sum + size, 0));
	});

	it('moves thousands of scattered messages with commands below 8 KB', async () => {
		await alerts.put(MAILBOX, 4_000);
		// Every other one is gone, so that the numbers do not make ranges.
		await dovecot.withClient(USER, async (client) => {
			await client.mailboxOpen(MAILBOX);
			const odd = Array.from({ length: 2_000 }, (_, n) => n * 2 + 1);
			await client.messageDelete(odd, { uid: true });
		});
		const pipeline = new BenchPipeline(place(true), [ALERT_RULE], { batchSize: 500 });

		const { commands, longestCommand } = await pollAnew(pipeline);

		expect(await alerts.count('Done')).toBe(2_000);
		expect(commands.filter((command) => command === 'UID MOVE').length).toBeLessThanOrEqual(5);
		expect(longestCommand).toBeLessThan(8_192);
	});
});

describe('retention', () => {
	it('is not among the commands of a poll within the hour', async () => {
		const pipeline = new BenchPipeline(place(true), [RETAINED]);
		await pipeline.poll();

		expect((await pollAnew(pipeline)).commands).toStrictEqual(['SELECT']);
	});

	it('asks a folder whether it keeps dates, and once for what is old', async () => {
		await alerts.add('Done', 5);
		const pipeline = new BenchPipeline(place(true), [RETAINED]);

		const { commands } = await pollAnew(pipeline);

		expect(commands.filter((command) => command === 'UID SEARCH')).toHaveLength(2);
	});
});
