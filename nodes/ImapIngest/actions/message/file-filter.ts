import type { IngestError } from '../../../core/errors';
import { wrongSetting } from '../../../core/errors';
import { compilePattern, MatchBudget } from '../../../core/regex/pattern';
import type { AttachedFile } from '../../../mail/action-ports';
import { showValue } from '../../../core/whole-number';

export interface FileFilterOptions {
	readonly namePattern: unknown;
	readonly types: unknown;
	readonly inlinePictures: boolean;
}

const TYPE = /^[\w.+-]+\/(?:[\w.+-]+|\*)$/;

/**
 * Makes the choice of attachments.
 *
 * @throws IngestError `pattern` or `configuration` for an option that could not choose anything
 */
export function createFileFilter(options: FileFilterOptions): (file: AttachedFile) => boolean {
	const matchesName = createNameFilter(options.namePattern);
	const hasType = createTypeFilter(options.types);
	return (file) =>
		(options.inlinePictures || !file.inlinePicture) && hasType(file) && matchesName(file);
}

function createNameFilter(source: unknown): (file: AttachedFile) => boolean {
	if (source === undefined) return () => true;
	if (typeof source !== 'string' || source === '') throw empty('File Name Pattern', source);
	const pattern = compilePattern(source);
	const budget = new MatchBudget();
	return ({ fileName }) => fileName !== null && pattern.match(fileName, budget) !== undefined;
}

function createTypeFilter(source: unknown): (file: AttachedFile) => boolean {
	if (source === undefined) return () => true;
	if (typeof source !== 'string') throw empty('Types', source);
	const types = source.split(',').map((type) => type.trim().toLowerCase());
	const wrong = types.find((type) => !TYPE.test(type));
	if (wrong !== undefined) throw empty('Types', wrong);
	return ({ contentType }) => {
		const type = contentType.toLowerCase();
		return types.some((wanted) =>
			wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted,
		);
	};
}

/** An option that was added but is empty, mostly by an expression, must not choose every file. */
function empty(field: string, value: unknown): IngestError {
	return wrongSetting(
		field,
		`is ${showValue(value)}`,
		field === 'Types'
			? 'Write MIME types such as "application/pdf, image/*", or remove the option.'
			: 'Write a regular expression, or remove the option.',
	);
}
