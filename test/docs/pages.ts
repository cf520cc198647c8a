import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const PROJECT_FOLDER = join(__dirname, '..', '..');

/** A document for people. */
export interface Page {
	/** Relative to the project's folder. */
	readonly path: string;
	readonly text: string;
}

/** The documents of the project, by folder; those of the test fixtures are not among them. */
export const PAGES: readonly Page[] = ['.', 'docs', 'examples'].flatMap((folder) =>
	readdirSync(join(PROJECT_FOLDER, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(PROJECT_FOLDER, folder, name))
		.map((file) => ({
			path: relative(PROJECT_FOLDER, file),
			text: readFileSync(file, 'utf8'),
		})),
);
