import { describe, expect, it } from 'vitest';
import { parseWebhook } from '../../../nodes/core/webhook/webhook';

const NAMES = { uri: 'URL', username: 'User Name' };
const parse = (uri: string, username = 'neo', password = 'follow-the-rabbit') =>
	parseWebhook({ uri, username, password }, NAMES);

describe('parseWebhook', () => {
	it('takes an https address with user name and password', () => {
		expect(parse('https://alerts.example.com:8443/api/notify?code=k3y')).toMatchObject({
			host: 'alerts.example.com:8443',
			authorization: `Basic ${Buffer.from('neo:follow-the-rabbit').toString('base64')}`,
		});
	});

	it('encodes user name and password as UTF-8', () => {
		const { authorization } = parse('https://a.example', 'néo', 'pa:ß');
		expect(authorization).toBe(`Basic ${Buffer.from('néo:pa:ß', 'utf8').toString('base64')}`);
	});

	it('sends no Authorization when neither is given', () => {
		expect(parse('https://a.example', '', '').authorization).toBeUndefined();
	});

	it('drops surrounding blanks and the fragment', () => {
		expect(parse(' https://a.example/x#y ').url.href).toBe('https://a.example/x');
	});

	it.each([
		['', 'URL is empty.'],
		['alerts.example.com', 'URL is not an address.'],
		['http://alerts.example.com', 'URL begins with http://, payloads are sent over https only.'],
		['https://neo:s3cret@a.example', 'URL has a user name or password in it'],
	])('refuses the address "%s"', (uri, message) => {
		expect(() => parse(uri)).toThrow(message);
	});

	it('never repeats the address in a refusal', () => {
		expect(() => parse('http://a.example/?code=s3cret')).toThrow(/^(?!.*s3cret)/u);
	});

	it('reports the address and a user name with a colon at once', () => {
		expect(() => parse('', 'ne:o')).toThrow(/URL is empty.*User Name has a colon/u);
	});
});

describe('redact', () => {
	const webhook = parse('https://a.example/n?code=query-key', 'webhook-user', 'pass"word');

	it.each([
		['the address', 'POST https://a.example/n?code=query-key failed'],
		['the query', 'unknown ?code=query-key'],
		['the password', 'Wrong: pass"word'],
		['the password in JSON', JSON.stringify({ tried: 'pass"word' })],
		['the password in an address', `?p=${encodeURIComponent('pass"word')}`],
		['the Basic value', `Authorization: ${String(webhook.authorization)}`],
		['the user name', 'no such user webhook-user'],
	])('blanks out %s', (_what, text) => {
		const shown = webhook.redact(text);
		expect(shown).toContain('***');
		expect(shown).not.toMatch(/query-key|pass|word"|webhook-user|d2ViaG9vay/u);
	});

	it('leaves other text and very short secrets alone', () => {
		expect(parse('https://a.example', 'a', 'b').redact('a bad request')).toBe('a bad request');
	});
});
