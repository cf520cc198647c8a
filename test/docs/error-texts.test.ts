import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { ENTRA_REFUSALS } from '../../nodes/auth/entra-error-table';
import { PAGES, PROJECT_FOLDER } from './pages';

/** An item of a list of errors: what an error says, where `…` stands for what differs each time, and what to do. */
const ROWS = PAGES.flatMap(({ path, text }) =>
	[...text.matchAll(/^The error says:\n\n(?<list>(?:- .+\n| {2}.+\n)+)/gm)]
		.flatMap(({ groups }) => (groups?.['list'] ?? '').split(/\n(?=- )/))
		.map((item) => /^- \*\*(?<says>.+?)\*\*: (?<what>.+)$/.exec(item.replace(/\s+/g, ' ').trim()))
		.map((item) => ({
			path,
			says: item?.groups?.['says'] ?? '',
			what: item?.groups?.['what'] ?? '',
		})),
);

const SOURCES = ['core', 'net', 'mail', 'auth', 'ingest', 'shell', 'AlertMagic', 'ImapIngest']
	.flatMap((layer) => readFolder(join(PROJECT_FOLDER, 'nodes', layer)))
	.join('\n');

function readFolder(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const SUBJECT = {
	clientId: 'CLIENT',
	tenant: 'TENANT',
	scope: 'SCOPE',
	authorityOrigin: 'https://login.microsoftonline.com',
};

describe('the lists of errors', () => {
	it('are found in both documents', () => {
		expect(new Set(ROWS.map(({ path }) => path))).toEqual(
			new Set(['docs/microsoft-365.md', 'docs/operations.md']),
		);
	});

	it.each(ROWS)('name what the code says: $says', ({ says }) => {
		const fragments = says.split('…').map((fragment) => fragment.trim());
		expect(says).not.toBe('');
		for (const fragment of fragments) expect(SOURCES).toContain(fragment);
	});

	const numbered = ROWS.flatMap((row) => {
		const number = /^AADSTS(\d+)\./.exec(row.what)?.[1];
		return number === undefined ? [] : [{ ...row, number: Number(number) }];
	});

	it.each(numbered)('give AADSTS$number the text of the code', ({ says, number }) => {
		const refusal = ENTRA_REFUSALS.find(({ numbers }) => numbers.includes(number));
		const message = refusal?.message(SUBJECT) ?? '';
		for (const fragment of says.split('…')) expect(message).toContain(fragment.trim());
	});
});

describe('what the documents quote of the log', () => {
	const quotes = PAGES.filter(({ path }) => path === 'docs/operations.md')
		.flatMap(({ text }) => [
			...text.replace(/\s+/g, ' ').matchAll(/\blog[^."]* \(?"(?<quote>[^"]+)"/g),
		])
		.map(({ groups }) => groups?.['quote'] ?? '');

	it('is found', () => {
		expect(quotes).toContain('The mailbox can be polled again');
	});

	it.each(quotes)('is what the code says: %s', (quote) => {
		for (const fragment of quote.split('…')) expect(SOURCES).toContain(fragment.trim());
	});
});
