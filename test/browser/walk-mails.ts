/** A mail as monitoring systems send them, and what of it has to arrive at the webhook. */
export interface WalkMail {
	readonly name: string;
	/** A part of its subject. */
	readonly subject: string;
	readonly raw: string;
	readonly payload: Readonly<Record<string, unknown>>;
}

interface Parts {
	readonly from: string;
	readonly subject: string;
	readonly type?: 'plain' | 'html';
	readonly lines: readonly string[];
}

function toRaw({ from, subject, type = 'plain', lines }: Parts): string {
	return [
		`From: ${from}`,
		'To: neo@example.com',
		`Subject: ${subject}`,
		`Message-ID: <${subject.replace(/\W+/gu, '.')}@example.org>`,
		'Date: Fri, 27 Nov 2026 06:00:00 +0000',
		'MIME-Version: 1.0',
		`Content-Type: text/${type}; charset=utf-8`,
		'',
		...lines,
		'',
	].join('\r\n');
}

const toTable = (rows: readonly string[]): string[] => [
	'<table border="0" cellpadding="3">',
	...rows.map(
		(row) =>
			`<tr>${row
				.replace(/^\|/u, '')
				.split('|')
				.map((cell) => `<td>${cell.trim()}</td>`)
				.join('')}</tr>`,
	),
	'</table>',
];

/** Six kinds: lists of labels, HTML, a line of a log, a text of its own, a table. */
export const WALK_MAILS: readonly WalkMail[] = [
	{
		name: 'Veeam',
		subject: '[Failed] Daily Backup',
		raw: toRaw({
			from: 'Veeam <veeam@example.org>',
			subject: '[Failed] Daily Backup (3 objects) 1 failed',
			type: 'html',
			lines: [
				'<html><body>',
				'<h2>Backup job: Daily Backup</h2>',
				...toTable(['Success: | 2', 'Warning: | 0', 'Error: | 1', 'Total size: | 1.2 TB']),
				'</body></html>',
			],
		}),
		payload: {
			subject: '[Failed] Daily Backup (3 objects) 1 failed',
			error: '1',
			totalSize: '1.2 TB',
		},
	},
	{
		name: 'PRTG',
		subject: '[PRTG Network Monitor]',
		raw: toRaw({
			from: 'PRTG <prtg@example.org>',
			subject: '[PRTG Network Monitor] Ping (core-switch) Down',
			lines: [
				'Sensor: Ping',
				'Device: core-switch (10.0.0.2)',
				'Status: Down',
				'Last Message: Request timed out (ICMP error # 11010)',
				'Down Time: 5 m 2 s',
			],
		}),
		payload: { device: 'core-switch (10.0.0.2)', status: 'Down', downTime: '5 m 2 s' },
	},
	{
		name: 'Zabbix',
		subject: 'Problem: High CPU',
		raw: toRaw({
			from: 'zabbix@example.org',
			subject: 'Problem: High CPU utilization on db2',
			lines: [
				'Problem started at 04:12:33 on 2026.11.27',
				'Problem name: High CPU utilization',
				'Host: db2',
				'Severity: High',
				'Original problem ID: 4711',
			],
		}),
		payload: { host: 'db2', severity: 'High', originalProblemId: '4711' },
	},
	{
		name: 'Cisco syslog',
		subject: 'Syslog: rtr-01',
		raw: toRaw({
			from: 'syslog@example.org',
			subject: 'Syslog: rtr-01 severity 3',
			lines: [
				'<187>4711: rtr-01: Nov 27 05:59:58.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down',
			],
		}),
		payload: {
			subject: 'Syslog: rtr-01 severity 3',
			text: '<187>4711: rtr-01: Nov 27 05:59:58.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down',
		},
	},
	{
		name: 'cron',
		subject: 'Cron <root@web1>',
		raw: toRaw({
			from: 'Cron Daemon <root@web1.example.org>',
			subject: 'Cron <root@web1> /usr/local/bin/backup.sh',
			lines: ['rsync: connection unexpectedly closed (0 bytes received so far)', 'backup failed'],
		}),
		payload: {
			subject: 'Cron <root@web1> /usr/local/bin/backup.sh',
			text: 'rsync: connection unexpectedly closed (0 bytes received so far)\nbackup failed',
		},
	},
	{
		name: 'Table report (HTML)',
		subject: 'Disk report',
		raw: toRaw({
			from: 'reports@example.org',
			subject: 'Disk report 2026-11-27',
			type: 'html',
			lines: [
				'<p>Volumes that run out of space:</p>',
				...toTable(['Host | Volume | Free', 'db1 | /var | 3 GB', 'web2 | /home | 9 GB']),
			],
		}),
		payload: {
			subject: 'Disk report 2026-11-27',
			rows: [
				{ host: 'db1', volume: '/var', free: '3 GB' },
				{ host: 'web2', volume: '/home', free: '9 GB' },
			],
		},
	},
];
