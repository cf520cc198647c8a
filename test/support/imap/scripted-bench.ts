import { SILENT_LOG } from '../silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import type { MailAccount } from '../../../nodes/mail/ports';
import type { IngestSettings } from '../../../nodes/ingest/ingest';
import { startFakeImapServer } from './fake-imap-server';
import type { FakeImapOptions, FakeImapServer } from './fake-imap-server';
import { IngestBench } from './ingest-bench';
import { ScriptedStore } from './scripted-store';
import { OWN_CONNECTIONS } from './own-connections';

/** The pipeline of a trigger on a scripted server. */
export interface ScriptedBench {
	readonly store: ScriptedStore;
	readonly server: FakeImapServer;
	readonly account: MailAccount;
	readonly bench: IngestBench;
	/** Mail that is received as the bench's clock says. */
	deliver(...subjects: readonly string[]): void;
}

/** What differs from a server that is in order, and from a rule that takes subjects with `alert`. */
export interface ScriptedBenchOptions {
	readonly script?: FakeImapOptions;
	readonly rule?: object;
	readonly settings?: Partial<IngestSettings>;
}

const ALERTS = { Name: 'Alerts', Filter: { Subject: '^alert' } };
const SERVERS: FakeImapServer[] = [];

/** Starts a scripted server with an empty INBOX, and the pipeline on it; all executions succeed at once. */
export async function startScriptedBench({
	script = {},
	rule = {},
	settings = {},
}: ScriptedBenchOptions = {}): Promise<ScriptedBench> {
	const store = new ScriptedStore();
	const server = await startFakeImapServer({
		...script,
		answers: { ...store.answers, ...script.answers },
	});
	SERVERS.push(server);
	const account = createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 5_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	});
	const bench = new IngestBench([{ ...ALERTS, ...rule }], settings, account);
	bench.endAtOnce = true;
	return {
		store,
		server,
		account,
		bench,
		deliver: (...subjects) => {
			for (const subject of subjects) store.deliver(subject, { received: new Date(bench.now) });
		},
	};
}

/** To be called after each test. */
export async function stopScriptedBenches(): Promise<void> {
	for (const server of SERVERS.splice(0)) await server.stop();
}
