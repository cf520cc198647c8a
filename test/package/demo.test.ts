import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PROJECT_FOLDER = path.join(__dirname, '..', '..');

it('the demo delivers the example of the guide and writes nothing into the home of the user', async () => {
	const home = await mkdtemp(path.join(tmpdir(), 'home-'));
	const hook = path.join(PROJECT_FOLDER, 'scripts/typescript.cjs');
	const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: home };
	delete env['N8N_USER_FOLDER'];
	try {
		const { stdout } = await promisify(execFile)(
			process.execPath,
			['--require', hook, path.join(PROJECT_FOLDER, 'test/demo/main.ts')],
			{ cwd: PROJECT_FOLDER, env },
		);
		expect(stdout).toContain('Kung Fu');
		expect(await readdir(home)).toEqual([]);
	} finally {
		await rm(home, { recursive: true, force: true });
	}
});
