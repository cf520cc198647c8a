const ALERT_LINES = 20;

/** A monitoring mail of about 1.7 KB, as thousands of them come in a storm. */
export function toAlert(number: number): string {
	const id = String(number).padStart(6, '0');
	return toMail(`alert ${id} high CPU on web-${String(number % 50)}`, id, [
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: 7bit',
		'',
		`Ticket: ${id}`,
		'Severity: critical',
		...Array.from(
			{ length: ALERT_LINES },
			(_, line) => `The check number ${String(line)} has seen a value of 97.3 percent.`,
		),
		'',
	]);
}

const SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBtYWlsLCB3aGljaCBub2JvZHkgaGVyZSByZWFkcw'.repeat(5);

/** What providers add on the way: about 1.5 KB, still less than with Exchange. */
const TRANSPORT_HEADERS: readonly string[] = [
	...['edge', 'filter', 'store'].map(
		(host) =>
			`Received: from ${host}.example.com (192.0.2.8) by ${host}.example.net (192.0.2.9) with ESMTPS\r\n\tid 4Zk1Xy2Wz9; Mon, 23 Nov 2026 03:00:01 +0000 (UTC)`,
	),
	`DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=mail;\r\n\th=from:to:subject:date:message-id; bh=${SIGNATURE.slice(0, 44)};\r\n\tb=${SIGNATURE}`,
	'Authentication-Results: mx.example.net; dkim=pass header.d=example.com;\r\n\tspf=pass smtp.mailfrom=monitor@example.com; dmarc=pass header.from=example.com',
	`ARC-Seal: i=1; a=rsa-sha256; t=1795402801; cv=none; d=example.net; s=arc;\r\n\tb=${SIGNATURE}`,
	'X-Spam-Status: No, score=-2.1 required=5.0 tests=DKIM_SIGNED,DKIM_VALID,SPF_PASS',
	'X-Mailer: Monitoring 7.3',
];

/** A mail with an attachment of `bytes`; one in ten has a subject that the rule of the benchmark wants. */
export function toReport(number: number, bytes: number): string {
	const id = String(number).padStart(6, '0');
	const kind = number % 10 === 0 ? 'alert' : 'report';
	const line = `${'QUJD'.repeat(19)}\r\n`;
	return toMail(`${kind} ${id} with the figures of the day`, id, [
		...TRANSPORT_HEADERS,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=part',
		'',
		'--part',
		'Content-Type: text/plain; charset=utf-8',
		'',
		`Ticket: ${id}`,
		'The figures are attached.',
		'',
		'--part',
		'Content-Type: application/pdf; name=figures.pdf',
		'Content-Disposition: attachment; filename=figures.pdf',
		'Content-Transfer-Encoding: base64',
		'',
		`${line.repeat(Math.ceil(bytes / line.length))}--part--`,
		'',
	]);
}

function toMail(subject: string, id: string, rest: readonly string[]): string {
	return [
		'Return-Path: <monitor@example.com>',
		'Received: from mail.example.com (mail.example.com [192.0.2.7]) by mx.example.net with ESMTPS',
		`\tid ${id} for <alerts@example.net>; Mon, 23 Nov 2026 03:00:00 +0000`,
		'From: Monitoring <monitor@example.com>',
		'To: Alerts <alerts@example.net>',
		`Subject: ${subject}`,
		`Message-ID: <${id}@example.com>`,
		'Date: Mon, 23 Nov 2026 03:00:00 +0000',
		...rest,
	].join('\r\n');
}

/** Matches every alert by its subject and captures from its body, so that the body has to be read. */
export const ALERT_RULE = {
	Name: 'Alerts',
	Filter: { From: '@example\\.com$', Subject: '^alert ' },
	Payload: {
		SubjectCaptures: ['^alert (?<number>\\d+)'],
		BodyCaptures: ['Ticket: (?<ticket>\\d+)', 'Severity: (?<severity>\\w+)'],
	},
	CleanUp: { Action: 'MoveToFolder', Folder: 'Done' },
};
