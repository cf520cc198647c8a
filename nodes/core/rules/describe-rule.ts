import { shorten } from '../regex/errors';
import type { CompiledRule } from './compile-rule';
import type { CleanUp } from './rule';
import { fieldLabel } from './text-field';

/** What a rule does, in one line: `Subject ^alert and Body contains "rabbit"; captures spoon, skills; moves to Processed`. */
export function describeRule({ rule, filter, captures, records }: CompiledRule): string {
	const filters = filter.map(
		({ field, pattern, words }) => `${fieldLabel(field)} ${words ?? shorten(pattern.source)}`,
	);
	const names = [
		...captures.flatMap(({ pattern }) => pattern.groupNames),
		...records.map(({ source }) => source.name),
		...Object.keys(rule.texts ?? {}),
		...Object.keys(rule.fixed ?? {}),
		...(rule.keyValueLines === true ? ['every label'] : []),
	];
	return [
		filters.length === 0 ? 'every message' : filters.join(rule.match === 'any' ? ' or ' : ' and '),
		...(names.length === 0 ? [] : [`captures ${[...new Set(names)].join(', ')}`]),
		...describeCleanUp(rule.cleanUp),
	].join('; ');
}

function describeCleanUp(cleanUp: CleanUp): readonly string[] {
	switch (cleanUp.action) {
		case 'none':
			return [];
		case 'markAsRead':
			return ['marks as read'];
		case 'flag':
			return ['flags'];
		case 'delete':
			return ['deletes'];
		case 'moveToFolder':
			return [
				cleanUp.deleteAfterDays === undefined
					? `moves to ${cleanUp.folder}`
					: `moves to ${cleanUp.folder} and deletes after ${String(cleanUp.deleteAfterDays)} days`,
			];
	}
}
