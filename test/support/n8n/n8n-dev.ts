import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import path from 'node:path';
import { GUIDE_MAIL } from '../guide-example';
import { PROJECT_FOLDER } from './n8n-package';
import { startPlayground, type Playground } from './n8n-playground';

// Run by scripts/dev.mjs: a real n8n to try the package in, renewed after each change of a source.

const PORT = Number(process.env.PORT ?? 5678);
const SOURCES = ['nodes', 'credentials'];
const QUIET_MS = 300;

const say = (line: string) => console.log(`[dev] ${line}`);

async function build(): Promise<boolean> {
	const child = spawn('npm', ['run', '--silent', 'build'], {
		cwd: PROJECT_FOLDER,
		stdio: 'inherit',
	});
	await once(child, 'exit');
	return child.exitCode === 0;
}

/** Acts once the sources have been quiet for a moment; never twice at the same time. */
function onChange(act: () => Promise<void>) {
	let timer: NodeJS.Timeout | undefined;
	let acting: Promise<void> = Promise.resolve();
	const actLater = () => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			acting = acting.then(act).catch((error: unknown) => say(String(error)));
		}, QUIET_MS);
	};
	for (const folder of SOURCES) {
		watch(path.join(PROJECT_FOLDER, folder), { recursive: true }, actLater);
	}
}

function describe({ n8n, imap, user, password, webhookUrl, examples }: Playground) {
	const { email, password: ownerPassword } = n8n.api.owner;
	say(`n8n       ${n8n.url}  (${email} / ${ownerPassword})`);
	for (const { name, workflowId } of examples)
		say(`          ${n8n.url}/workflow/${workflowId}  ${name}`);
	say(
		`mailbox   imaps://localhost:${imap.port}  (${user} / ${password}), the guide's mail in INBOX`,
	);
	say(`webhook   ${webhookUrl}  (what arrives is printed here)`);
	say('Enter delivers that mail once more; a published workflow sees it within a minute.');
	say('Changes in nodes/ and credentials/ are built and loaded. Ctrl+C ends everything.');
}

async function main() {
	say('starting n8n, about half a minute ...');
	const onDelivery = (body: string) => say(`webhook got ${body}`);
	const playground = await startPlayground({ port: PORT, onDelivery });
	describe(playground);
	onChange(async () => {
		say('sources changed, building ...');
		if (!(await build())) return;
		await playground.reload();
		say(`n8n is up again at ${playground.n8n.url}`);
	});
	process.stdin.on('data', () => {
		say(`delivered as UID ${playground.imap.deliver(GUIDE_MAIL)}`);
	});
	let stopping: Promise<void> | undefined;
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		// A terminal and npm may each send it: the second must not cut the stop short.
		process.on(signal, () => {
			stopping ??= playground.stop().then(() => process.exit(0));
		});
	}
}

void main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
