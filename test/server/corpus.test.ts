import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileRules } from '../../nodes/core/rules/compile-rules';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import { evaluate } from '../../nodes/core/rules/evaluate';
import { SILENT_LOG } from '../support/silent-log';
import type {
	BodySource,
	BodyText,
	Bounce,
	MessageSummary,
} from '../../nodes/core/message/message';
import { MatchBudget, toMatchableText } from '../../nodes/core/regex/pattern';
import { createMailAccount } from '../../nodes/mail/account';
import type { ReadBodies, ScannedMessage } from '../../nodes/mail/ports';
import { startDovecot, type Dovecot } from '../support/servers/dovecot';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'mail');
const USER = 'alice@example.com';
const PASSWORD = 'secret-pw';

/** What has to come out of a mail; test/fixtures/mail/README.md explains the keys. */
interface Expectation {
	why: string;
	from: string[];
	subject: string;
	to?: string[];
	date?: string | null;
	bodySource: BodySource;
	body?: string;
	bodyLines?: string[];
	bodyStartsWith?: string;
	bodyIncludes?: string[];
	bounce?: Bounce;
	attachments: Array<{ fileName: string | null; contentType: string }>;
	rule: { Name: string };
	payload: Record<string, string>;
}

interface Reading {
	summary: MessageSummary;
	body: BodyText;
}

const namesOf = (extension: string) =>
	readdirSync(FOLDER)
		.filter((file) => file.endsWith(extension))
		.map((file) => file.slice(0, -extension.length));

const readExpectation = (name: string) =>
	JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Expectation;

const NAMES = namesOf('.eml');
const ROWS = NAMES.map((name) => {
	const expected = readExpectation(name);
	return [name, expected.why, expected] as const;
});

/** What is read of the mail itself, without what is said of it and done with it. */
const toRead = (expected: Expectation) =>
	Object.fromEntries(
		Object.entries(expected).filter(([key]) => !['why', 'rule', 'payload'].includes(key)),
	);

const toVisibleLines = (text: string) =>
	text
		.split('\n')
		.map((line) => line.replace(/\s+/g, ' ').trim())
		.filter((line) => line !== '');

/** Only what the expectation speaks of, in its shape. */
const toBodyView = (text: string, expected: Expectation) => ({
	...(expected.body !== undefined && { body: text }),
	...(expected.bodyLines && { bodyLines: toVisibleLines(text) }),
	...(expected.bodyStartsWith !== undefined && {
		bodyStartsWith: text.slice(0, expected.bodyStartsWith.length),
	}),
	...(expected.bodyIncludes && {
		bodyIncludes: expected.bodyIncludes.filter((piece) => text.includes(piece)),
	}),
});

async function applyRule({ rule }: Expectation, { summary, body }: Reading) {
	const message = { from: summary.from, subject: summary.subject, body };
	return await evaluate(compileRules(parseRules([rule])), message, {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => setImmediate(),
	});
}

describe('a real Dovecot with the mails of the corpus', () => {
	let dovecot: Dovecot;
	const readings = new Map<string, Reading>();
	let readAtOnce: readonly ScannedMessage[] = [];
	let readInSteps: readonly ScannedMessage[] = [];
	let texts: ReadBodies['texts'] = new Map();
	let textsReadAhead: ReadBodies['texts'] = new Map();

	const readingOf = (name: string) => {
		const reading = readings.get(name);
		if (reading === undefined) throw new Error(`${name} was not read`);
		return reading;
	};

	/** Over one connection; gives the UID of each mail by name. */
	const deliverAll = () =>
		dovecot.withClient(USER, async (client) => {
			const uids = new Map<string, number>();
			for (const name of NAMES) {
				const raw = readFileSync(path.join(FOLDER, `${name}.eml`));
				const appended = await client.append('INBOX', raw);
				if (appended === false || appended.uid === undefined)
					throw new Error(`${name} was refused`);
				uids.set(name, appended.uid);
			}
			return uids;
		});

	beforeAll(async () => {
		dovecot = await startDovecot({ users: { [USER]: PASSWORD } });
		const uids = await deliverAll();
		const account = createMailAccount({
			account: {
				host: dovecot.host,
				port: dovecot.port,
				username: USER,
				caCertificate: dovecot.ca,
			},
			signIn: () => Promise.resolve({ user: USER, password: PASSWORD }),
			log: SILENT_LOG,
			shared: OWN_CONNECTIONS,
		});
		await account.withMailbox('INBOX', async (mailbox) => {
			const all = await mailbox.uidsAfter(0);
			const heads = await mailbox.heads(all);
			const withoutStructure = await mailbox.heads(all, { structure: false });
			readAtOnce = heads;
			readInSteps = await mailbox.structures(withoutStructure);
			({ texts } = await mailbox.bodies(heads));
			const ahead = await mailbox.heads(all, { shortText: true });
			({ texts: textsReadAhead } = await mailbox.bodies(ahead));
			for (const [name, uid] of uids) {
				const head = heads.find(({ summary }) => summary.uid === uid);
				const body = texts.get(uid);
				if (head && body) readings.set(name, { summary: head.summary, body });
			}
		});
	});

	afterAll(() => dovecot.stop());

	it('has an expectation for each mail and a mail for each expectation', () => {
		expect(namesOf('.json')).toEqual(NAMES);
		expect(NAMES.length).toBeGreaterThanOrEqual(170);
	});

	it.each(ROWS)('reads %s: %s', (name, _why, expected) => {
		const { summary, body } = readingOf(name);
		expect({
			from: summary.from,
			subject: summary.subject,
			...(expected.to && { to: summary.to }),
			...(expected.date !== undefined && { date: summary.date }),
			...(expected.bounce && { bounce: summary.bounce }),
			bodySource: body.source,
			...toBodyView(toMatchableText(body.text).normalised, expected),
			attachments: summary.attachments.map(({ fileName, contentType }) => ({
				fileName,
				contentType,
			})),
		}).toEqual(toRead(expected));
	});

	it('reads heads with their structure at once, or afterwards, to the same end', () => {
		expect(readAtOnce).toHaveLength(NAMES.length);
		// Only what was read at once brings the header of its text along.
		const withoutHeader = (heads: readonly ScannedMessage[]) =>
			heads.map(({ textPart, ...head }) => {
				const part: object = { ...(textPart as object | null), header: undefined };
				return { ...head, part };
			});
		expect(withoutHeader(readInSteps)).toStrictEqual(withoutHeader(readAtOnce));
	});

	it('reads texts with their heads, or afterwards, to the same end', () => {
		expect(texts.size).toBe(NAMES.length);
		expect(textsReadAhead).toStrictEqual(texts);
	});

	it.each(ROWS)('captures the payload of %s by its rule', async (name, _why, expected) => {
		const { matches, refusals } = await applyRule(expected, readingOf(name));
		expect(refusals).toEqual([]);
		expect(matches.map(({ payload }) => payload)).toEqual([expected.payload]);
	});
});
