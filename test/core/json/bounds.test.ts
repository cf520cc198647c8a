import { describe, expect, it } from 'vitest';

import { ConfigurationError, IngestError } from '../../../nodes/core/errors';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';

const refusal = (text: string): IngestError => {
	try {
		parseRules(text, 'Rules (JSON)');
	} catch (error) {
		if (error instanceof IngestError) return error;
		throw error;
	}
	throw new Error('it was accepted');
};
const many = (count: number, prefix: string) =>
	Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${String(index)}`, 1]));

describe('pasted JSON that is wrong in thousands of places', () => {
	it.each<[string, unknown, string]>([
		['unknown keys', [{ Name: 'R', ...many(10_000, 'key') }], '10000 problems: '],
		['rules without a name', Array(10_000).fill({}), '10000 problems: '],
		[
			'headers that are none',
			[{ Name: 'R', Filter: { Headers: many(10_000, 'a b') } }],
			'10000 problems: ',
		],
		['one long key', [{ Name: 'R', ['k'.repeat(1_000_000)]: 1 }], 'Ingests[0].kkk'],
		['one long value', [{ Name: 'R', CleanUp: { Action: 'x'.repeat(1_000_000) } }], 'Ingests[0]'],
		['one long name', Array(2).fill({ Name: 'R'.repeat(1_000_000) }), 'Ingests[1].Name'],
	])('gets a short answer: %s', (_what, value, beginning) => {
		const { message, remedy = '' } = refusal(JSON.stringify(value));
		expect(message).toContain(beginning);
		expect(message.length + remedy.length).toBeLessThan(8_000);
	});

	it('is told how many there are beyond the first 20', () => {
		const error = refusal(JSON.stringify(Array(25).fill({})));
		expect(error.message).toMatch(/^25 problems: \(1\) .*\(20\) .* And 5 more\.$/u);
		expect(error instanceof ConfigurationError && error.faults.length).toBe(20);
	});

	it.each(['['.repeat(100_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`])(
		'gets a clear answer for brackets without end',
		(text) => {
			expect(refusal(text)).toMatchObject({
				code: 'configuration',
				message: 'Rules (JSON) is nested too deeply.',
			});
		},
	);
});

describe('the place of a fault', () => {
	it('is there as data, with the keys as they are documented', () => {
		const error = refusal('[{"name":"R","payload":{"bodycaptures":7}}]');
		expect(error.place).toEqual(['Ingests', 0, 'Payload', 'BodyCaptures']);
		expect(error.message).toContain('Ingests[0].Payload.BodyCaptures (line 1, column 40) is');
		expect(error.field).toBe('Ingests[0].Payload.BodyCaptures');
	});
});
