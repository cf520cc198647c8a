import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, installDependencies, pass } from './prepare.mjs';
import {
	ensureChromium,
	ensureCourier,
	ensureCyrus,
	ensureDotnet,
	ensureDovecot,
	ensureN8n,
	ensureN8n1,
	ensurePostgres,
	ensureRedis,
} from './toolchain.mjs';
import { PROJECT_FOLDER } from './toolchain/cache.mjs';
import { run } from './toolchain/command.mjs';

const VITEST = path.join(PROJECT_FOLDER, 'node_modules/vitest/vitest.mjs');
const IS_CI = process.env.CI === 'true';

/** Which test files, relative to the project, need which tool. */
const NEEDS = [
	{
		tool: 'Dovecot',
		files:
			/^test\/(server\/|browser\/|chaos\/chaos\.|n8n\/(?!package-)|support\/servers\/dovecot|hostile\/mail-path)/,
		ensure: ensureDovecot,
	},
	{ tool: 'Cyrus IMAP', files: /^test\/server\/servers\/(cyrus|corpus)\./, ensure: ensureCyrus },
	{
		tool: 'Courier-IMAP',
		files: /^test\/server\/servers\/(courier|corpus)\./,
		ensure: ensureCourier,
	},
	{
		tool: 'n8n',
		files: /^test\/(n8n\/(?!engines-1\.)|browser\/|support\/n8n\/n8n-server)/,
		ensure: ensureN8n,
	},
	{ tool: '.NET 10', files: /^test\/core\/regex\/dotnet\./, ensure: ensureDotnet },
	{ tool: 'Chromium', files: /^test\/browser\//, ensure: ensureChromium },
	{ tool: 'n8n 1', files: /^test\/n8n\/engines-1\./, ensure: ensureN8n1 },
	{ tool: 'Redis', files: /^test\/n8n\/(engines-queue|manual-on-workers)\./, ensure: ensureRedis },
	{
		tool: 'PostgreSQL',
		files: /^test\/n8n\/(engine-2|engines-queue|manual-on-workers|take-over)\./,
		ensure: ensurePostgres,
	},
];

/** @param {string[]} args What vitest would run, relative to the project. */
async function listFiles(args) {
	// `--json` comes last, as it would take a filter behind it for the name of its output file.
	const command = [VITEST, 'list', '--filesOnly', ...args, '--json'];
	const output = await run(process.execPath, command, { cwd: PROJECT_FOLDER });
	/** @type {{ file: string }[]} */
	const listed = JSON.parse(output.slice(output.indexOf('[')));
	return listed.map(({ file }) => path.relative(PROJECT_FOLDER, file));
}

/**
 * Gets the tools that the files need.
 * @param {string[]} files
 * @returns {Promise<Map<string, string>>} The files that cannot be run, each with the reason.
 */
async function findUnrunnable(files) {
	const unrunnable = new Map();
	for (const { tool, files: pattern, ensure } of NEEDS) {
		const needing = files.filter((file) => pattern.test(file));
		const result = needing.length > 0 ? await ensure() : { path: '' };
		if (!('unavailable' in result)) continue;
		for (const file of needing) unrunnable.set(file, `${tool}: ${result.unavailable}`);
	}
	return unrunnable;
}

/**
 * A line for each failed test of a file, and one for a file that could not even be loaded.
 * @param {{ name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }} result
 */
function listFailures({ name, status, message, assertionResults }) {
	const file = path.relative(PROJECT_FOLDER, name);
	const failed = assertionResults
		.filter((test) => test.status === 'failed')
		.map((test) => `${file} > ${test.fullName}: ${firstLines(test.failureMessages.join('\n'))}`);
	const isBroken = status === 'failed' && assertionResults.length === 0;
	return isBroken ? [`${file}: ${firstLines(message)}`] : failed;
}

/** @param {string} text */
const firstLines = (text) => text.slice(0, 1000).split('\n').slice(0, 6).join(' | ');

/**
 * @param {string[]} args
 * @param {Iterable<string>} unrunnable
 * @returns {Promise<{ code: number, passed: number, failures: string[], skipped: number }>}
 */
async function runVitest(args, unrunnable) {
	const folder = await mkdtemp(path.join(tmpdir(), 'vitest-'));
	const output = path.join(folder, 'results.json');
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
	const excluded = [...unrunnable].flatMap((file) => ['--exclude', file]);
	try {
		const code = await pass(process.execPath, [VITEST, 'run', ...reporters, ...excluded, ...args]);
		const results = JSON.parse(await readFile(output, 'utf8'));
		return {
			code,
			passed: results.numPassedTests,
			failures: results.testResults.flatMap(listFailures),
			skipped: results.numPendingTests + results.numTodoTests,
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** @param {string[]} args Passed on to vitest: file filters, `--project core`. */
async function main(args) {
	await installDependencies();
	await build();
	const files = await listFiles(args);
	const unrunnable = await findUnrunnable(files);
	const nothing = { code: 0, passed: 0, failures: [], skipped: 0 };
	const isAll = unrunnable.size === files.length;
	const result = isAll ? nothing : await runVitest(args, unrunnable.keys());
	// Repeated here: the end of a long output is what everybody sees.
	for (const failure of result.failures) console.log(`FAILED ${failure}`);
	for (const [file, reason] of unrunnable) {
		console.log(`${IS_CI ? 'FAILED' : 'SKIPPED'} ${file}, because it needs ${reason}`);
	}
	const failed = result.failures.length + (IS_CI ? unrunnable.size : 0);
	const skipped = result.skipped + (IS_CI ? 0 : unrunnable.size);
	console.log(
		`${result.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
	);
	return failed > 0 || result.code !== 0 || files.length === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
