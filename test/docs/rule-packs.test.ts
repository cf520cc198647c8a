import { describe, expect, it } from 'vitest';

import { PACK_MAILS, PACKS } from '../support/rule-packs';
import { PAGES } from './pages';

const textOf = (path: string): string => PAGES.find((page) => page.path === path)?.text ?? '';
const PAGE = textOf('docs/rule-packs.md');
const LINKS = [
	...PAGE.matchAll(/^- \[[^\]]+\]\(\.\.\/examples\/rules\/(?<pack>[\w-]+)\.json\): /gm),
];

describe('docs/rule-packs.md', () => {
	it('has a line for each pack in the folder, in its order', () => {
		expect(LINKS.map(({ groups }) => groups?.['pack'])).toEqual([...PACKS].sort());
		expect(PACK_MAILS.every(({ pack }) => PACKS.includes(pack))).toBe(true);
		expect(textOf('examples/README.md')).toContain('(../docs/rule-packs.md)');
	});

	it('explains every key that a payload has', () => {
		const keys = new Set(
			PACK_MAILS.flatMap(({ expected }) => Object.keys(expected?.payload ?? {})),
		);
		expect([...keys].filter((key) => !PAGE.includes(`\`${key}\``))).toEqual([]);
	});
});
