import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedAuthorities } from '../../nodes/net/trusted-authorities';

let folder: string;
let extraFile: string;

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'authorities-'));
	extraFile = path.join(folder, 'extra.pem');
	await writeFile(extraFile, 'extra');
});
afterAll(() => rm(folder, { recursive: true }));

describe('an authority of the account', () => {
	it('comes on top of those of the process', () => {
		const all = trustedAuthorities('own');

		expect(all.at(-1)).toBe('own');
		expect(all.length).toBeGreaterThan(rootCertificates.length / 2);
	});

	it('comes on top of the list Node knows, where it can tell it', () => {
		const sources = { list: () => ['public', 'of the system'], built: ['public'], extraFile };

		expect(trustedAuthorities('own', sources)).toStrictEqual(['public', 'of the system', 'own']);
	});

	it.each([
		['and those of NODE_EXTRA_CA_CERTS', () => extraFile, ['public', 'extra', 'own']],
		['alone where that is not set', () => undefined, ['public', 'own']],
		['alone where that is empty', () => '', ['public', 'own']],
		['alone where that names no file', () => `${extraFile}.missing`, ['public', 'own']],
	])('comes on top of the public ones %s', (_name, toFile, expected) => {
		const sources = { list: undefined, built: ['public'], extraFile: toFile() };

		expect(trustedAuthorities('own', sources)).toStrictEqual(expected);
	});
});
