import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A pattern with the letters of its RegexOptions, and a text. */
export interface OracleCase {
	readonly pattern: string;
	readonly options: string;
	readonly input: string;
}

/** A match as .NET tells it; a group that took no part is null. */
export interface OracleMatch {
	readonly value: string;
	readonly index: number;
	readonly groups: Readonly<Record<string, string | null>>;
}

/** The first 20 matches; or that .NET refuses the pattern, did not decide it in time, or failed by a fault of its own. */
export type OracleAnswer =
	| { readonly matches: readonly OracleMatch[] }
	| { readonly error: 'parse' | 'timeout' | 'fault'; readonly message: string };

/**
 * Asks .NET 10 what it makes of patterns; starting it takes some seconds, a case one to four milliseconds.
 *
 * @throws Error when it cannot be had
 */
export async function askDotnet(
	cases: readonly OracleCase[],
	milliseconds = 2000,
): Promise<readonly OracleAnswer[]> {
	const { ensureDotnet } = await import('../../../scripts/toolchain.mjs');
	const tool = await ensureDotnet();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const folder = await mkdtemp(path.join(tmpdir(), 'oracle-'));
	const [asked, answered] = [path.join(folder, 'cases'), path.join(folder, 'answers')];
	try {
		const lines = cases.map(({ options, pattern, input }) =>
			[options, toHex(pattern), toHex(input)].join('\t'),
		);
		await writeFile(asked, `${lines.join('\n')}\n`);
		const script = path.join(__dirname, 'run-oracle.mjs');
		const args = [script, tool.path, asked, answered, String(milliseconds)];
		await execute(process.execPath, args);
		const answers = (await readFile(answered, 'utf8')).trimEnd().split('\n');
		// The lines are those of Oracle.cs.
		return answers.map((line) => JSON.parse(line) as OracleAnswer);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function toHex(text: string): string {
	return Buffer.from(text, 'utf16le').swap16().toString('hex');
}
