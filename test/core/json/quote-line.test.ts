import { describe, expect, it } from 'vitest';

import { quoteLine } from '../../../nodes/core/json/quote-line';
import { parseConfiguration } from '../../../nodes/core/rules/json/alertmagic';

const SECRET = 'hunter2';
const at = (line: string) => quoteLine(`{\n  ${line}\n}`, 5);

describe('the line that an error quotes', () => {
	it.each([
		['"Subjekt": "^alert"', '"Subjekt": …'],
		['"Filter": { "From": "^a" }, "Name": "Disk",', '"Filter": { "From": … }, "Name": …,'],
		['"Spoon: (?<spoon>.+)",', '"Spoon: (?<spoon>.+)",'],
		['"Name": "Disk', '"Name": …'],
		['"IgnoreCase": yes,', '"IgnoreCase": …,'],
	])('of %s is %s', (line, quoted) => {
		expect(at(line)).toBe(quoted);
	});

	it.each([
		`"Password": "${SECRET}"`,
		`"Pasword": "${SECRET}"`,
		`Password: ${SECRET}`,
		`"Uri": "https://x/?code=${SECRET}"`,
		`"ClientSecret" = "${SECRET}"`,
		`"Client": "${SECRET}"`,
		`"a\\"b": "${SECRET}`,
		`'Code': '${SECRET}'`,
		`"Code": ${SECRET}`,
	])('never holds a secret: %s', (line) => {
		expect(at(line) ?? '').not.toContain(SECRET);
	});

	it('is left out where it is the whole text, or long', () => {
		expect(quoteLine('{ "Nam": "x" }', 2)).toBeUndefined();
		expect(at(`"Name": "${'x'.repeat(200)}"`)).toBeUndefined();
	});

	it('stands in the errors of a Configuration, which nobody can see', () => {
		const text =
			'{\n  "AlertMagic": {\n    "Ingests": [{\n      "Name": "Disk",\n      "Filtr": {}\n    }]\n  }\n}';
		expect(() => parseConfiguration(text)).toThrow(
			'AlertMagic.Ingests[0].Filtr (line 5, column 16: "Filtr": {}) is not a known key.',
		);
		expect(() => parseConfiguration(text.replace('"Disk",', '"Disk"'))).toThrow(
			/line 5, column 7: "Filtr": \{\}\): a comma is expected/,
		);
	});
});
