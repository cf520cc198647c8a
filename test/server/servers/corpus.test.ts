import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../../support/silent-log';
import type { BodyText } from '../../../nodes/core/message/message';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { createMailAccount } from '../../../nodes/mail/account';
import type { ScannedMessage } from '../../../nodes/mail/ports';
import { startCourier } from '../../support/servers/courier';
import { startCyrus } from '../../support/servers/cyrus';
import { SERVER_PASSWORD } from '../../support/servers/mail-server';
import type { MailServer } from '../../support/servers/mail-server';
import { OWN_CONNECTIONS } from '../../support/imap/own-connections';

const FOLDER = path.join(__dirname, '..', '..', 'fixtures', 'mail');
const NEO = 'neo';

interface Expectation {
	from: string[];
	subject: string;
	rule: { Name: string };
	payload: Record<string, string>;
}

const NAMES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.eml'))
	.map((file) => file.slice(0, -'.eml'.length));
const expectationOf = (name: string) =>
	JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Expectation;

/** UIDs by name; what the server refuses to keep is left out. */
const deliverAll = (server: MailServer) =>
	server.withClient(NEO, async (client) => {
		const uids = new Map<string, number>();
		for (const name of NAMES) {
			const raw = readFileSync(path.join(FOLDER, `${name}.eml`));
			const appended = await client.append('INBOX', raw).catch(() => false as const);
			if (appended !== false && appended.uid !== undefined) uids.set(name, appended.uid);
		}
		return uids;
	});

async function payloadOf({ rule }: Expectation, { summary }: ScannedMessage, body: BodyText) {
	const message = { from: summary.from, subject: summary.subject, body };
	const { matches } = await evaluate(compileRules(parseRules([rule])), message, {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => setImmediate(),
	});
	return matches[0]?.payload;
}

/** Mails that come out otherwise than from Dovecot, with what the server makes of them. */
async function differencesOf(server: MailServer): Promise<readonly string[]> {
	const uids = await deliverAll(server);
	const account = createMailAccount({
		account: { host: server.host, port: server.port, username: NEO, caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: NEO, password: SERVER_PASSWORD }),
		log: SILENT_LOG,
		shared: OWN_CONNECTIONS,
	});
	return await account.withMailbox('INBOX', async (mailbox) => {
		const heads = await mailbox.heads(await mailbox.uidsAfter(0));
		const { texts: bodies } = await mailbox.bodies(heads);
		const ahead = await mailbox.heads(await mailbox.uidsAfter(0), { shortText: true });
		expect((await mailbox.bodies(ahead)).texts).toStrictEqual(bodies);
		const found: string[] = [];
		for (const name of NAMES) {
			const uid = uids.get(name);
			const head = heads.find(({ summary }) => summary.uid === uid);
			const body = uid === undefined ? undefined : bodies.get(uid);
			const expected = expectationOf(name);
			const read = {
				from: head?.summary.from,
				subject: head?.summary.subject,
				payload: head && body && (await payloadOf(expected, head, body)),
			};
			const wanted = { from: expected.from, subject: expected.subject, payload: expected.payload };
			if (!isDeepStrictEqual(read, wanted)) found.push(name);
		}
		return found;
	});
}

/** What Cyrus refuses to keep: headers without an end, and lines without a CR. */
const REFUSED_BY_CYRUS = [
	'boundary-not-folded',
	'header-end-missing-multipart',
	'header-end-missing-text',
	'headers-lower-case-odd-spacing',
	'router-syslog-bare-lf',
];
/** Cyrus writes an X for each byte of a header that is not ASCII (`munge8bit`). */
const CHANGED_BY_CYRUS = [
	'from-smtputf8',
	'from-zero-width-space',
	'header-starts-with-bom',
	'subject-raw-8bit-in-word',
	'subject-raw-latin-1',
	'subject-raw-shift-jis',
	'subject-raw-utf-8',
];
/** Courier does not find a field with a blank in front of its colon. */
const NOT_FOUND_BY_COURIER = ['headers-lower-case-odd-spacing'];

describe.each<[string, () => Promise<MailServer>, readonly string[]]>([
	['Cyrus IMAP', startCyrus, [...REFUSED_BY_CYRUS, ...CHANGED_BY_CYRUS]],
	['Courier-IMAP', startCourier, NOT_FOUND_BY_COURIER],
])('the mails of the corpus on %s', (_name, start, others) => {
	it('give the payloads that they give on Dovecot, but for what the server makes of them', async () => {
		const server = await start();
		try {
			expect([...(await differencesOf(server))].sort()).toStrictEqual([...others].sort());
		} finally {
			await server.stop();
		}
	});
});
