import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redactUnknown, toBareError } from '../../nodes/core/redact';
import { disguise, leaksOf } from '../support/disguises';

const USER = 'trinity@zion.example.com';
const SECRETS = [
	'v~ry+s3cret/va lue:%&=ü"\\<$>',
	'follow-the-rabbit',
	['eyJ0eXAiOiJKV1QifQ', 'eyJhdWQiOiJ4In0', 'c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4'].join('.'),
	['ya29.A0AfH6SMBx-', 'K3y0fThe.Kingdom'].join('_'),
];

describe.each(SECRETS)('the secret %s', (secret) => {
	const redact = createRedactor([secret]);

	it.each(Object.entries(disguise(secret, USER)))('is blanked out %s', (_way, disguised) => {
		const shown = redact(`Refused: ${disguised}`);
		expect(shown).toMatch(/^Refused: .*\*\*\*/su);
		expect(shown.length).toBeLessThan(75);
		expect(leaksOf(shown, disguised)).toEqual([]);
	});
});

describe('a redactor', () => {
	it.each([
		'[AUTHENTICATIONFAILED] Authentication failed.',
		'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the value.',
		'Invalid password: try again',
		'Message 4711 of mailbox INBOX/Störungen is 82 % full, see https://example.com/help?id=42',
		'QWxhZGRpbjpvcGVuIHNlc2FtZQ== is nobody’s',
	])('leaves other text alone: %s', (text) => {
		expect(createRedactor(['s3cr$t-word', USER])(text)).toBe(text);
	});

	it('finds a short secret as a word only', () => {
		expect(createRedactor(['neo'])('neo is no neologism')).toBe('*** is no neologism');
		expect(createRedactor(['a'])('a bad request')).toBe('a bad request');
	});

	it.each([
		['imaps://neo:s3cret-word@mail.example.com', 'imaps://***@mail.example.com'],
		['Authorization: bearer abcdefgh12345', 'Authorization: bearer ***'],
		['assertion eyJhbGciOiJQUzI1NiJ9.e30.c2ln refused', 'assertion *** refused'],
		['client_secret=abc&scope=x', 'client_secret=***&scope=x'],
		['{"password": "abc"}', '{"password": "***"}'],
	])('knows secrets by their looks: %s', (text, shown) => {
		expect(redactUnknown(text)).toBe(shown);
	});

	it('keeps JSON that holds a secret readable', () => {
		const said = JSON.stringify({ ok: false, tried: 'pass"word-1', by: USER });
		expect(JSON.parse(createRedactor(['pass"word-1'])(said))).toEqual({
			ok: false,
			tried: '***',
			by: USER,
		});
	});

	it('takes any secret and any text', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }),
				fc.string({ unit: 'grapheme' }),
				fc.string({ unit: 'grapheme' }),
				(secret, before, after) => {
					fc.pre(secret.trim() !== '' && !'***'.includes(secret));
					expect(createRedactor([secret])(`${before}${secret}${after}`)).not.toContain(secret);
				},
			),
			{ numRuns: 300 },
		);
	});

	it.each([
		['blanks', ' '],
		['backslashes', '\\'],
		['percent signs', '%25'],
		['base64', 'QUJD'],
		['entities', '&amp;#'],
		['half a secret', 's3cr'],
	])('ends on 64 KiB of %s', (_what, unit) => {
		const redact = createRedactor(['s3cr\\\\$t+word %&', 'x'.repeat(2000)]);
		const text = unit.repeat(Math.ceil(65_536 / unit.length));
		expect(redact(text)).toMatch(/./su);
	});
});

describe('toBareError', () => {
	it('keeps name, message, code and stack without secrets, and nothing else', () => {
		const error = Object.assign(new TypeError('no s3cret-word'), {
			code: 'E1',
			responseText: 's3cret-word',
		});
		const bare = toBareError(error, createRedactor(['s3cret-word']));
		expect(bare).toMatchObject({ name: 'TypeError', message: 'no ***', code: 'E1' });
		expect(bare).not.toHaveProperty('responseText');
		expect(bare.stack).not.toContain('s3cret-word');
	});
});
