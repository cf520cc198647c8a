import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import {
	EXAMPLES,
	publishExample,
	startExamplesBench,
	type ExampleName,
	type ExamplesBench,
} from '../support/n8n/examples-bench';
import { toRecord, type Json } from '../support/n8n/n8n-answers';
import { readExecutions, readHanded } from '../support/n8n/n8n-engine-mail';
import { PROJECT_FOLDER } from '../support/n8n/n8n-package';

const START_LIMIT_MS = 600_000;
const EVENTUALLY = { timeout: 280_000, interval: 1_000 };
const DAY_MS = 86_400_000;
const CSV = 'host;ok\r\nweb1;äöü\r\n';
/** Not text in any encoding, to be sure that nothing decodes it on its way. */
const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x80]);

const toMail = (from: string, subject: string, body: string, id = subject) =>
	[
		`From: ${from}`,
		'To: alerts@example.com',
		`Subject: ${subject}`,
		`Message-ID: <${id.replace(/\W+/g, '-')}@example.com>`,
		'Date: Mon, 23 Nov 2026 03:00:00 +0000',
		'',
		body,
		'',
	].join('\r\n');

const toAttachment = (name: string, type: string, content: Buffer) =>
	[
		'--b',
		`Content-Type: ${type}; name="${name}"`,
		`Content-Disposition: attachment; filename="${name}"`,
		'Content-Transfer-Encoding: base64',
		'',
		content.toString('base64'),
	].join('\r\n');

const REPORT = [
	'From: reports@example.com',
	'Subject: Daily report 2026-11-23',
	'Message-ID: <report-1@example.com>',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b\r\n\r\nSee the files.',
	toAttachment('hosts.csv', 'text/csv', Buffer.from(CSV)),
	toAttachment('load.pdf', 'application/pdf', PDF),
	toAttachment('logo.gif', 'image/gif', Buffer.from('GIF89a')),
	'--b--\r\n',
].join('\r\n');

const FAILED_BACKUP = toMail(
	'backup@example.com',
	'[Failed] Night <run> (3 objects)',
	'Error: The volume & its mirror are full.',
);
const toMonitoring = (state: string) =>
	toMail(
		'nagios@example.com',
		`db1 is ${state}`,
		`Notification Type: x\n\nService: Disk /var\nHost: db1\nState: ${state}\n`,
	);
const NEWS = toMail('newsletter@example.org', 'This week', 'x');
const ALERT = 'Alert: on battery';
const OLD = new Date(Date.now() - 100 * DAY_MS);
const OK = { status: 200 };
const SLACK_REFUSAL = '{"ok":false,"error":"channel_not_found"}';
const REFUSED_BACKUP = toMail('backup@example.com', '[Warning] Weekly (1 object)', 'Error: slow');

let bench: ExamplesBench;
let stop: ExamplesBench['stop'] | undefined;

const executionsOf = (name: ExampleName) =>
	readExecutions(bench.n8n.api, { id: bench.idOf(name), versionId: '' });
const isMoved = (name: ExampleName, folder: string, subject: string) =>
	vi.waitFor(async () => {
		expect(await bench.subjects(name, folder)).toEqual([subject]);
	}, EVENTUALLY);
const bodiesAt = (service: keyof ExamplesBench['services']): Json[] =>
	bench.services[service].requests.map(({ body }) => toRecord(JSON.parse(body)));

describe('the files in examples/', () => {
	const files = readdirSync(path.join(PROJECT_FOLDER, 'examples')).filter((file) =>
		file.endsWith('.json'),
	);

	it('are all run: alertmagic.json by the guide, the one for Outlook beside Email Capture, the others here', () => {
		const run = ['alertmagic', 'outlook-without-imap', ...Object.keys(EXAMPLES)].map(
			(name) => `${name}.json`,
		);
		expect(files.sort()).toEqual(run.sort());
	});

	it.each(files)('%s names no credential and explains itself with a note', (file) => {
		const text = readFileSync(path.join(PROJECT_FOLDER, 'examples', file), 'utf8');
		expect(text).not.toContain('"credentials"');
		expect(text).toContain('n8n-nodes-base.stickyNote');
	});
});

describe('the examples, imported into a real n8n', () => {
	beforeAll(async () => {
		bench = await startExamplesBench();
		({ stop } = bench);
		const { alertMagic, s3 } = bench.services;
		alertMagic.answerWith({ status: 403 });
		// The bucket's place is asked for before each file; the second file is refused at first.
		s3.answerWith(...[OK, OK], ...[OK, { status: 503 }]);
		await publishExample(bench, 'slack-and-ticket');
		await publishExample(bench, 'attachments-to-s3');
		await publishExample(bench, 'archive-and-retention');
		await publishExample(bench, 'health-and-errors', {
			authentication: 'configuration',
			configuration: '{}',
			clientSecretExpiresOn: new Date(Date.now() + 2.5 * DAY_MS).toISOString(),
		});
		await bench.deliver('slack-and-ticket', FAILED_BACKUP);
		await bench.deliver('attachments-to-s3', REPORT);
		await bench.deliver('health-and-errors', toMail('ups@example.com', ALERT, 'x'));
		await bench.deliver('archive-and-retention', toMail('a@example.org', 'Old', 'x'), OLD);
		await bench.deliver('archive-and-retention', toMail('a@example.org', 'Recent', 'x'));
		await bench.deliver('archive-and-retention', NEWS);
	}, START_LIMIT_MS);
	afterAll(async () => {
		await stop?.();
	}, START_LIMIT_MS);

	it('are there under their titles', () => {
		const names = Object.keys(EXAMPLES) as ExampleName[];
		for (const name of names) expect(bench.idOf(name)).not.toBe('');
	});

	describe('slack-and-ticket.json', () => {
		beforeAll(async () => {
			await isMoved('slack-and-ticket', 'Processed/Backup', '[Failed] Night <run> (3 objects)');
			bench.services.slack.answerWith({ ...OK, body: SLACK_REFUSAL }, { status: 503 });
			await bench.deliver('slack-and-ticket', REFUSED_BACKUP);
		}, START_LIMIT_MS);

		it('posts the payload to the channel, escaped as Slack asks for', () => {
			const [request] = bench.services.slack.requests;
			expect(request).toMatchObject({
				path: '/api/chat.postMessage',
				headers: { authorization: 'Bearer xoxb-token' },
			});
			expect(bodiesAt('slack')[0]).toMatchObject({
				channel: '#backup-alerts',
				text: 'Backup Failed: Night &lt;run&gt;\nThe volume &amp; its mirror are full.',
			});
		});
	});

	describe('attachments-to-s3.json', () => {
		beforeAll(
			() => isMoved('attachments-to-s3', 'Processed/Reports', 'Daily report 2026-11-23'),
			START_LIMIT_MS,
		);

		const puts = () => bench.services.s3.requests.filter(({ method }) => method === 'PUT');

		it('puts the files that are wanted into the bucket, byte for byte', () => {
			const [csv, pdf] = puts().slice(2);
			expect(csv?.bytes).toEqual(Buffer.from(CSV));
			expect(csv?.headers['content-type']).toBe('text/csv');
			expect(pdf?.bytes).toEqual(PDF);
			expect(pdf?.headers['content-type']).toBe('application/pdf');
		});

		it('writes the same objects again after a failure, and no others', () => {
			const key = /^\/mail-attachments\/2026-11-23\/[^/]{12}\/\d-(hosts\.csv|load\.pdf)(\?.*)?$/;
			const paths = puts().map((request) => request.path);
			expect(paths).toHaveLength(4);
			for (const one of paths) expect(one).toMatch(key);
			expect(paths.slice(2)).toEqual(paths.slice(0, 2));
		});
	});

	describe('health-and-errors.json', () => {
		const eventsAtOnCall = () => bodiesAt('onCall').map(({ title }) => title);

		beforeAll(() => isMoved('health-and-errors', 'Processed/Alerts', ALERT), START_LIMIT_MS);

		it('tells of a client secret about to expire, and not of the heartbeat', async () => {
			await vi.waitFor(() => {
				expect(bodiesAt('onCall')).toContainEqual({
					title: expect.stringMatching(
						/^Mailbox alerts@example\.com@localhost.*secretExpires$/,
					) as unknown,
					severity: 'warning',
					details: expect.stringMatching(/"daysLeft":[23]\b/) as unknown,
				});
			}, EVENTUALLY);
			expect(eventsAtOnCall()).not.toContainEqual(expect.stringContaining('heartbeat'));
		});

		it('tells of the execution that failed, once, and not of those that succeeded', async () => {
			const failure = {
				title: 'Workflow Health Events and Failures to On-Call failed',
				severity: 'error',
				details: expect.stringMatching(/403.*http/s) as unknown,
			};
			await vi.waitFor(() => {
				const errors = bodiesAt('onCall').filter(({ severity }) => severity === 'error');
				expect(errors).toEqual([failure]);
			}, EVENTUALLY);
			expect(bodiesAt('alertMagic')).toMatchObject([
				{ from: 'ups@example.com', subject: ALERT },
				{ from: 'ups@example.com', subject: ALERT },
			]);
		});
	});

	describe('open-and-resolve.json', () => {
		const KEY = 'db1/disk %2Fvar';

		beforeAll(async () => {
			// Later than the others, one of which is refused by the same receiver.
			await publishExample(bench, 'open-and-resolve');
			await bench.deliver('open-and-resolve', toMonitoring('CRITICAL'));
			await isMoved('open-and-resolve', 'Processed/Monitoring', 'db1 is CRITICAL');
			await bench.deliver('open-and-resolve', toMonitoring('OK'));
			await vi.waitFor(async () => {
				expect(await bench.subjects('open-and-resolve', 'Processed/Monitoring')).toHaveLength(2);
			}, EVENTUALLY);
		}, START_LIMIT_MS);

		it('opens and resolves the same incident at PagerDuty', () => {
			expect(bodiesAt('pagerDuty')).toMatchObject([
				{ routing_key: 'key', event_action: 'trigger', dedup_key: KEY },
				{ routing_key: 'key', event_action: 'resolve', dedup_key: KEY },
			]);
		});

		it('opens an alert at Jira Service Management, and closes it by its alias', () => {
			expect(bodiesAt('jira')[0]).toMatchObject({
				alias: KEY,
				message: 'Disk /var on db1 is CRITICAL',
			});
			const alerts = '/jsm/ops/integration/v2/alerts';
			expect(bench.services.jira.requests.map(({ path: asked }) => asked)).toEqual([
				alerts,
				`${alerts}/${encodeURIComponent(KEY)}/close?identifierType=alias`,
			]);
		});
	});

	describe('archive-and-retention.json', () => {
		beforeAll(async () => {
			await isMoved('archive-and-retention', 'Tidied/Newsletters', 'This week');
			await isMoved('archive-and-retention', `Archive/${String(OLD.getUTCFullYear())}`, 'Old');
		}, START_LIMIT_MS);

		it('moves what its rules take and what is old, and leaves the rest alone', async () => {
			expect(await bench.subjects('archive-and-retention')).toEqual(['Recent']);
		});

		it('looks for what to delete every night, and deletes nothing that was put there today', async () => {
			const folder = { mailbox: 'To Be Deleted' };
			await bench.dovecot.deliver(EXAMPLES['archive-and-retention'].user, REPORT, folder);
			const before = (await executionsOf('archive-and-retention')).length;
			await vi.waitFor(async () => {
				const later = (await executionsOf('archive-and-retention')).slice(before);
				expect(later.map(({ status, outputs }) => ({ status, outputs }))).toContainEqual({
					status: 'success',
					outputs: expect.objectContaining({
						'Delete What Was Put There': [
							[expect.objectContaining({ mailbox: 'To Be Deleted', days: 14, deleted: 0 })],
						],
					}) as unknown,
				});
			}, EVENTUALLY);
			expect(await bench.subjects('archive-and-retention', 'To Be Deleted')).toHaveLength(1);
		});
	});

	// Last, since the pause after the second attempt is the longest that anything here takes.
	describe('slack-and-ticket.json, when Slack refuses twice', () => {
		it('opens one ticket, and delivers the mail again until it is taken', async () => {
			const { slack, tickets } = bench.services;
			await vi.waitFor(async () => {
				expect(slack.requests).toHaveLength(4);
				expect(await bench.subjects('slack-and-ticket')).toEqual([]);
			}, EVENTUALLY);

			const workflow = { id: bench.idOf('slack-and-ticket'), versionId: '' };
			const handed = await readHanded(bench.n8n.api, workflow, 'Backup Mail');
			const [, first, second, third] = handed;
			expect(handed.map(({ attempt, status }) => [attempt, status])).toEqual([
				[1, 'success'],
				[1, 'error'],
				[2, 'error'],
				[3, 'success'],
			]);
			expect([second?.id, third?.id]).toEqual([first?.id, first?.id]);
			expect(tickets.requests).toMatchObject([
				{ method: 'POST', path: '/api/tickets', headers: { 'x-api-key': 'key' } },
			]);
			expect(bodiesAt('tickets')).toEqual([
				{
					title: 'Slack did not take an alert of Weekly',
					description: expect.stringContaining('channel_not_found') as unknown,
					reference: first?.id,
				},
			]);
		});
	});
});
