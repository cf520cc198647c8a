import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');
const RULES = path.join(ROOT, 'examples', 'rules');
const MAILS = path.join(ROOT, 'test', 'fixtures', 'rule-packs');

/** What has to come of a mail: an item, or null where no rule of the pack may take it. */
export type PackItem = {
	readonly rule: string;
	readonly payload: Readonly<Record<string, unknown>>;
	readonly alert?: { readonly key: string; readonly action: string };
} | null;

/** A mail of a pack. */
export interface PackMail {
	readonly pack: string;
	readonly name: string;
	readonly raw: Buffer;
	readonly expected: PackItem;
}

/** Names of the packs. */
export const PACKS: readonly string[] = namesIn(RULES, '.json');

/** All mails of all packs. */
export const PACK_MAILS: readonly PackMail[] = readdirSync(MAILS).flatMap((pack) =>
	namesIn(path.join(MAILS, pack), '.eml').map((name) => ({
		pack,
		name,
		raw: toWire(readFileSync(path.join(MAILS, pack, `${name}.eml`), 'utf8')),
		expected: JSON.parse(readFileSync(path.join(MAILS, pack, `${name}.json`), 'utf8')) as PackItem,
	})),
);

/** The JSON of a pack, as a user pastes it. */
export function readPack(pack: string): string {
	return readFileSync(path.join(RULES, `${pack}.json`), 'utf8');
}

function namesIn(folder: string, ending: string): readonly string[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith(ending))
		.map((file) => file.slice(0, -ending.length));
}

/** Lines end in CRLF on the wire. */
function toWire(text: string): Buffer {
	return Buffer.from(text.replaceAll('\n', '\r\n'));
}
