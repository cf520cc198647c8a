import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Bar, BenchCase } from './bench-case';
import { ALERT_RULE, toAlert } from './bench-mail';
import { MAILBOX, MailStock, PASSWORD, withBenchServer } from './bench-mailbox';
import { BenchPipeline } from './bench-pipeline';
import { toRate, toSeconds } from './cells';
import { interleave, median, time, type Side } from './stopwatch';

const USER = 'fetch@example.com';
const MOST_RETRIES = 5;
/**
 * getmail delivers each mail by a process of its own, and misses the end of one that ends before it waits: then it gives up
 * after a minute. On one core that is rare, and costs it nothing, as only one of the two works at a time.
 */
const ON_ONE_CORE = ['taskset', '--cpu-list', '0'];
const run = promisify(execFile);

/** Where a fetcher gets its mail, and where it may write. */
interface FetchJob {
	readonly port: number;
	readonly folder: string;
}

/** Mail fetchers of Debian, which only store what we also match, hand over and move. */
export const MAIL_FETCHERS_CASE: BenchCase = {
	name: 'mail-fetchers',
	run: ({ runs, quick, log }) =>
		withBenchServer([USER], async ({ dovecot, tls }) => {
			const { ensureMailFetchers } = await import('../../scripts/toolchain.mjs');
			const tool = await ensureMailFetchers();
			if ('unavailable' in tool) throw new Error(tool.unavailable);
			const count = quick ? 400 : 2_000;
			const stock = new MailStock(dovecot, USER);
			await stock.fill(Array.from({ length: count }, (_, n) => toAlert(n)));
			const work = await mkdtemp(path.join(tmpdir(), 'fetchers-'));
			await writeFile(path.join(work, 'ca.pem'), tls.ca);
			const owner = await findOwner();
			const prepare = () => stock.put(MAILBOX, count);
			const fetchWith = (command: (job: FetchJob) => Promise<readonly string[]>): Side => {
				let words: readonly string[] = [];
				return {
					prepare: async () => {
						await prepare();
						const folder = path.join(work, 'run');
						await rm(folder, { recursive: true, force: true });
						for (const part of ['new', 'cur', 'tmp']) {
							await mkdir(path.join(folder, 'Maildir', part), { recursive: true });
						}
						words = await command({ port: dovecot.port, folder });
						if (owner !== undefined)
							await run('chown', ['-R', `${String(owner.uid)}:${String(owner.gid)}`, work]);
					},
					run: async () => {
						const [program = '', ...args] = words;
						const env = { ...process.env, ...tool.env, HOME: work };
						const took = await time(() => run(program, args, { env, ...owner }));
						await assertFetched(path.join(work, 'run'), count);
						return took;
					},
				};
			};
			const place = { host: dovecot.host, port: dovecot.port, ca: dovecot.ca, user: USER };
			const ours: Side = {
				prepare,
				run: () => {
					const pipeline = new BenchPipeline(place, [ALERT_RULE]);
					return time(() => pipeline.poll());
				},
			};
			try {
				const sides = {
					ours,
					mbsync: fetchWith(async (job) => [
						tool.path,
						'-c',
						await writeMbsyncrc(job, 'yes'),
						'bench',
					]),
					hasty: fetchWith(async (job) => [
						tool.path,
						'-c',
						await writeMbsyncrc(job, 'no'),
						'bench',
					]),
					getmail: persist(
						fetchWith(async (job) => [
							...ON_ONE_CORE,
							...tool.getmail,
							'-n',
							'-q',
							'-g',
							await writeGetmailrc(job),
						]),
						log,
					),
				};
				const times = await interleave(sides, runs);
				log(JSON.stringify(times));
				const row = (name: string, values: readonly number[]) => [
					name,
					toSeconds(median(values)),
					toRate(count, median(values)),
				];
				const bar = (name: string, values: readonly number[]): Bar => ({
					name: `against ${name}`,
					measured: median(values) / median(times.ours),
					limit: 1,
					sense: 'atLeast',
					unit: 'times as fast',
				});
				return {
					title: `${String(count)} alerts against Debian's mail fetchers`,
					columns: ['', 'Time', 'Mails/s'],
					rows: [
						row('Pipeline: read, match, hand over, move', times.ours),
						row('mbsync: fetch into a Maildir', times.mbsync),
						row('mbsync, told not to sync the files to the disk', times.hasty),
						row('getmail: fetch into a Maildir', times.getmail),
					],
					bars: [
						bar('mbsync', times.mbsync),
						bar('mbsync without fsync', times.hasty),
						bar('getmail', times.getmail),
					],
				};
			} finally {
				await rm(work, { recursive: true, force: true });
			}
		}),
};

/** Tries a run again that the fetcher has given up. */
function persist(side: Side, log: (line: string) => void): Side {
	return {
		prepare: () => side.prepare(),
		run: async () => {
			for (let left = MOST_RETRIES; ; left -= 1) {
				try {
					return await side.run();
				} catch (error) {
					if (left === 0) throw error;
					log(`tried again: ${String(error)}`);
					await side.prepare();
				}
			}
		},
	};
}

/** @throws when not all mails lie in the Maildir */
async function assertFetched(folder: string, count: number): Promise<void> {
	const boxes = ['new', 'cur'].map((box) => readdir(path.join(folder, 'Maildir', box)));
	const mails = (await Promise.all(boxes)).flat();
	if (mails.length !== count) throw new Error(`${String(mails.length)} of ${String(count)} mails`);
}

/** Who the fetchers run as: getmail refuses to deliver mail as root. */
async function findOwner(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const ask = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout);
	return { uid: await ask('-u'), gid: await ask('-g') };
}

/** @param fsync whether a mail has to be on the disk before the next step, which is mbsync's default */
async function writeMbsyncrc({ port, folder }: FetchJob, fsync: 'yes' | 'no'): Promise<string> {
	const file = path.join(folder, 'mbsyncrc');
	await writeFile(
		file,
		`FSync ${fsync}
IMAPStore remote
Host localhost
Port ${String(port)}
User ${USER}
Pass ${PASSWORD}
SSLType IMAPS
SystemCertificates no
CertificateFile ${path.join(folder, '..', 'ca.pem')}

MaildirStore local
Path ${folder}/
Inbox ${folder}/Maildir
SubFolders Verbatim

Channel bench
Far :remote:${MAILBOX}
Near :local:INBOX
Sync Pull
Create Near
SyncState *
`,
	);
	return file;
}

/** Returns the folder that getmail looks for its settings in. */
async function writeGetmailrc({ port, folder }: FetchJob): Promise<string> {
	const file = path.join(folder, 'getmailrc');
	await writeFile(
		file,
		`[retriever]
type = SimpleIMAPSSLRetriever
server = localhost
port = ${String(port)}
username = ${USER}
password = ${PASSWORD}
mailboxes = ("${MAILBOX}",)
ca_certs = ${path.join(folder, '..', 'ca.pem')}

[destination]
type = Maildir
path = ${folder}/Maildir/

[options]
read_all = true
delete = false
verbose = 0
`,
	);
	await chmod(file, 0o600);
	return folder;
}
