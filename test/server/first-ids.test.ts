import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MessageEnvelopeObject } from 'imapflow';
import { expect, it } from 'vitest';

import type { MessageSummary } from '../../nodes/core/message/message';
import { MAILBOX, PASSWORD } from '../bench/bench-mailbox';
import { BenchPipeline } from '../bench/bench-pipeline';
import { startDovecot } from '../support/servers/dovecot';
import { createTestCa } from '../support/servers/tls';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'mail');
const USER = 'alice@example.com';
const ANY = { Name: 'Any', Filter: { Subject: '(?s).*' } };
/** Their bytes were read from the header then, too, in the charset of the text. */
const RAW_SUBJECT = /^subject-raw-/;
const NO_DOMAIN = /@(?:MISSING_DOMAIN|\.MISSING-HOST-NAME\.)$/;
const NO_MAILBOX = /^(?:MISSING_MAILBOX)?(?:@|$)/;

/** What the ids of the first form were made of when heads still came from the ENVELOPE of the server. */
const fromEnvelope = ({ messageId, from = [], subject = '', date }: MessageEnvelopeObject) => ({
	messageId: messageId ?? null,
	from: from
		.map(({ address }) => (address ?? '').trim().replace(NO_DOMAIN, ''))
		.filter((address) => !NO_MAILBOX.test(address)),
	subject: subject
		.replace(/\r?\n(?=[ \t])/g, '')
		.replace(/[\0\r\n\t]+/g, ' ')
		.trim(),
	date: date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : null,
});
const fromSummary = ({ messageId, from, subject, date }: MessageSummary) => ({
	messageId,
	from,
	subject,
	date,
});

/** What the server read otherwise than a person does gets another id, once, if it was on its way at the update. */
const MISREAD = [
	'from-angle-never-closed.eml',
	'from-at-in-unquoted-name.eml',
	'from-blank-in-angle.eml',
	'from-double-angles.eml',
	'from-mailto.eml',
	'from-name-bare-address.eml',
	'from-name-in-angle.eml',
	'from-quote-never-closed.eml',
	'from-quoted-local-part.eml',
	'from-single-quotes.eml',
	'from-two-at-names.eml',
	'from-zero-width-space.eml',
	'header-starts-with-blank.eml',
	'header-starts-with-bom.eml',
	'subject-iso-2022-kr.eml',
	'subject-split-in-two-encodings.eml',
	'subject-twice.eml',
];

it('ids of what was on its way when heads came from the ENVELOPE can still be made', async () => {
	const dovecot = await startDovecot({ tls: await createTestCa(), users: { [USER]: PASSWORD } });
	const names = readdirSync(FOLDER).filter(
		(name) => name.endsWith('.eml') && !RAW_SUBJECT.test(name),
	);
	const before = await dovecot.withClient(USER, async (client) => {
		await client.mailboxCreate(MAILBOX);
		for (const name of names) await client.append(MAILBOX, readFileSync(path.join(FOLDER, name)));
		await client.mailboxOpen(MAILBOX);
		return await client.fetchAll('1:*', { uid: true, envelope: true });
	});
	const { host, port, ca } = dovecot;
	const pipeline = new BenchPipeline({ host, port, ca, user: USER }, [ANY], { batchSize: 500 });
	await pipeline.poll();
	await dovecot.stop();
	const now = new Map(pipeline.lastItems.map(({ message }) => [message.uid, message]));
	expect(now.size).toBe(names.length);
	const differing = before.filter(({ uid, envelope = {} }) => {
		const message = now.get(uid);
		const old = JSON.stringify(fromEnvelope(envelope));
		return message === undefined || JSON.stringify(fromSummary(message)) !== old;
	});
	expect(differing.map(({ uid }) => names[uid - 1])).toEqual(MISREAD);
});
