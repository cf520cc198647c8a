import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { PROJECT_FOLDER } from '../support/n8n/n8n-package';

const FOLDER = path.join(PROJECT_FOLDER, '.github/workflows');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const RELEASE = read('release.yml');

const USES = readdirSync(FOLDER).flatMap((name) =>
	[...read(name).matchAll(/uses: (?<action>.+)$/gm)].map(({ groups }) => ({
		name,
		action: groups?.['action'] ?? '',
	})),
);

describe('the workflows of GitHub', () => {
	it.each(USES)('$name pins what it uses to a commit: $action', ({ action }) => {
		expect(action).toMatch(/^(\.\/\.github\/workflows\/ci\.yml|[\w/-]+@[0-9a-f]{40} # v[\d.]+)$/);
	});

	it('run .ci/run, and release only what has passed it', () => {
		expect(read('ci.yml')).toContain('run: .ci/run');
		expect(RELEASE).toMatch(
			/check:\n\s+uses: \.\/\.github\/workflows\/ci\.yml\n\n\s+publish:\n\s+needs: check\n/,
		);
	});

	it('look for known flaws in what is shipped before all else', () => {
		expect(read('ci.yml')).toMatch(/run: npm audit --omit=dev[^\n]*\n\s+- run: \.ci\/run/);
	});

	it('may write nothing, and only the release may ask for an identity', () => {
		expect(read('ci.yml').match(/\w+: write/g)).toBeNull();
		expect(RELEASE.match(/\w[\w-]*: write/g)).toEqual(['id-token: write']);
		expect(RELEASE).toContain('npm publish --provenance');
	});
});

describe('a release from a branch', () => {
	const script =
		/run: (?<script>git merge-base .*)\n/.exec(RELEASE)?.groups?.['script'] ?? 'exit 2';

	/** Runs the step for a commit on main, or for one beside it. */
	function check(onMain: boolean): string {
		const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
		const run = (command: string, env: NodeJS.ProcessEnv = {}) =>
			execFileSync('bash', ['-e', '-c', command], {
				cwd: folder,
				env: { PATH: process.env.PATH, HOME: folder, GITHUB_REF_NAME: 'v1.2.3', ...env },
				stdio: 'pipe',
			}).toString();
		try {
			const commit =
				'git -c user.name=neo -c user.email=neo@example.com commit -q --allow-empty -m';
			run(`git init -q -b main && ${commit} one && git update-ref refs/remotes/origin/main main`);
			if (!onMain) run(`git checkout -q -b other && ${commit} two`);
			return run(script, { GITHUB_SHA: run('git rev-parse HEAD').trim() }) || 'passed';
		} catch (error) {
			return error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : 'failed';
		} finally {
			rmSync(folder, { recursive: true });
		}
	}

	it('that is not main is refused', () => {
		expect([check(true), check(false)]).toEqual(['passed', 'v1.2.3 is not on main']);
		expect(RELEASE).toContain('fetch-depth: 0');
	});
});

describe('the check of a release', () => {
	const script = /run: \|\n(?<script>(?: {10}.*\n)+)/.exec(RELEASE)?.groups?.['script'] ?? 'exit 2';

	/** Runs the step for a tag, in a folder whose version is 1.2.3. */
	function check(tag: string, changeLog: string): string {
		const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
		writeFileSync(path.join(folder, 'package.json'), '{ "version": "1.2.3" }');
		writeFileSync(path.join(folder, 'CHANGELOG.md'), changeLog);
		try {
			const env = { PATH: process.env.PATH, GITHUB_REF_NAME: tag };
			execFileSync('bash', ['-e', '-c', script], { cwd: folder, env, stdio: 'pipe' });
			return 'passed';
		} catch (error) {
			return error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : 'failed';
		} finally {
			rmSync(folder, { recursive: true });
		}
	}

	it.each([
		['v1.2.3', '## [1.2.3] - 2027-01-01\n', 'passed'],
		['v1.2.4', '## [1.2.3]\n', 'The tag is v1.2.4, package.json says 1.2.3'],
		['v1.2.3', '## [Unreleased]\n', 'CHANGELOG.md has no 1.2.3'],
	])('of %s with a change log of %j: %s', (tag, changeLog, outcome) => {
		expect(check(tag, changeLog)).toBe(outcome);
	});
});
