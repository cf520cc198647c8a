import { describe, expect, it } from 'vitest';
import {
	isAuthenticated,
	summarizeAuthentication,
	trustedByDefault,
} from '../../../nodes/core/message/authentication';

const MX = 'mx.example.org';
const FROM = 'trinity@zion.com';
const GOOD = `${MX}; dkim=pass header.d=zion.com; spf=pass smtp.mailfrom=bounce.zion.com; dmarc=pass header.from=zion.com`;
const FORGED = 'smtp.mailfrom=x@evil.example; dmarc=fail header.from=zion.com';

const passes = (
	required: 'dmarc' | 'aligned',
	results: readonly string[],
	{ from = [FROM], trustedBy = MX }: { from?: readonly string[]; trustedBy?: string } = {},
) => isAuthenticated(required, { from, results, trustedBy });

describe('a sender whom the receiving host vouches for', () => {
	it.each<[string, string]>([
		['a plain field', GOOD],
		['a version', GOOD.replace(MX, `${MX} 1`)],
		['capitals', GOOD.toUpperCase()],
		[
			'comments',
			GOOD.replace('dmarc=pass', 'dmarc=pass (p=REJECT (sp=NONE); "x") policy.dmarc=reject'),
		],
		['blanks around the equals sign', GOOD.replace('dmarc=pass', 'dmarc = pass')],
		['no domain beside the result', `${MX}; dmarc=pass`],
		['a quoted server', GOOD.replace(MX, `"${MX}"`)],
		['DMARC alone', `${MX}; spf=fail smtp.mailfrom=x@y.example; dmarc=pass header.from=zion.com`],
		['a method with a version', GOOD.replace('dmarc=', 'dmarc/1=')],
		[
			'comments everywhere',
			`(a(b)) ${MX} (c) ; dmarc (d) = (e) pass (f) header.from (g) = (h) zion.com`,
		],
		['a domain that ends in a dot', GOOD.replace(/from=zion.com/, 'from=zion.com.')],
		['the address in place of the domain', GOOD.replace(/from=zion.com/, `from=${FROM}`)],
		['the same twice', `${GOOD}; dmarc=pass header.from=zion.com`],
		['a reason', GOOD.replace('dmarc=pass', 'dmarc=pass reason="all is well; truly"')],
	])('passes DMARC with %s', (_what, field) => {
		expect(passes('dmarc', [field])).toBe(true);
		expect(passes('aligned', [field])).toBe(true);
	});

	it.each([
		['trinity@ziön.com', 'xn--zin-tna.com'],
		['trinity@xn--zin-tna.com', 'ZIÖN.com'],
	])('%s passes DMARC of %s', (from, domain) => {
		const results = [`${MX}; dmarc=pass header.from=${domain}`];
		expect(passes('dmarc', results, { from: [from] })).toBe(true);
	});

	it.each<[string, string]>([
		['DKIM of the domain', `${MX}; dkim=pass header.d=zion.com`],
		['DKIM of the identity', `${MX}; dkim=pass header.i=@zion.com`],
		['DKIM of the domain above', `${MX}; dkim=pass header.d=com.zion.com`],
		['SPF of a domain below', `${MX}; spf=pass smtp.mailfrom=b@bounce.zion.com`],
		[
			'one DKIM signature of two',
			`${MX}; dkim=pass header.d=mailer.example; dkim=pass header.d=zion.com`,
		],
	])('is aligned by %s, which is no DMARC', (_what, field) => {
		expect(passes('aligned', [field])).toBe(true);
		expect(passes('dmarc', [field])).toBe(false);
	});

	it.each<[string, string]>([
		[
			'DMARC',
			'spf=pass smtp.mailfrom=zion.com; dmarc=pass action=none header.from=zion.com;compauth=pass reason=100',
		],
		['composite authentication', 'spf=none; dkim=none; dmarc=none; compauth=pass reason=101'],
	])('is known to Exchange by %s', (_what, field) => {
		expect(passes('aligned', [field], { trustedBy: 'exchange' })).toBe(true);
	});
});

describe('a trick', () => {
	it.each<[string, readonly string[]]>([
		['no field at all', []],
		['a field of another host', [GOOD.replace(MX, 'mx.evil.example')]],
		['a second field below', [`${MX}; dmarc=fail header.from=zion.com`, GOOD]],
		['a field of another host above', [GOOD.replace(MX, 'mx.evil.example'), GOOD]],
		['a field of Exchange below another name', ['dmarc=pass header.from=zion.com']],
		['the name as a part of a longer one', [GOOD.replace(MX, `${MX}.evil.example`)]],
		['the name behind another one', [GOOD.replace(MX, `evil.${MX}`)]],
		['the name in a comment', [GOOD.replace(MX, `evil.example (${MX})`)]],
		['the name in letters that look alike', [GOOD.replace(MX, 'mx.ехample.org')]],
		['the name as a version', [GOOD.replace(MX, `evil.example ${MX}`)]],
		['the name as a value', [`evil.example; x=${MX}; dmarc=pass header.from=zion.com`]],
		['the name twice', [`${MX}${MX}; dmarc=pass`]],
		['an empty name', ['; dmarc=pass header.from=zion.com']],
		['the results in a comment', [`${MX}; none (dmarc=pass header.from=zion.com)`]],
		['the results in a nested comment', [`${MX}; dmarc=fail ((x) ; dmarc=pass)`]],
		['a comment that is not closed', [`${MX}; dmarc=pass (x`]],
		['a comment that is not opened', [`${MX}; dmarc=fail x); dmarc=pass`]],
		[
			'the results in a quoted value',
			[`${MX}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=zion.com"@evil.example`],
		],
		['a quote that is not closed', [`${MX}; spf=pass smtp.mailfrom="x; dmarc=pass`]],
		['an escaped quote', [`${MX}; spf=pass smtp.mailfrom="x\\"; dmarc=pass; y="; dmarc=fail`]],
		[
			'an encoded word',
			[`${MX}; spf=pass smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass?=@evil.example`],
		],
		['DMARC twice', [`${MX}; dmarc=fail header.from=zion.com; dmarc=pass header.from=zion.com`]],
		['DMARC of another domain', [`${MX}; dmarc=pass header.from=evil.example`]],
		['DMARC of a domain below', [`${MX}; dmarc=pass header.from=x.zion.com`]],
		['DMARC of a domain that contains it', [`${MX}; dmarc=pass header.from=zion.com.evil.example`]],
		[
			'DMARC said twice of two domains',
			[`${MX}; dmarc=pass header.from=evil.example header.from=zion.com`],
		],
		['a result that only begins so', [`${MX}; dmarc=passed header.from=zion.com`]],
		['a best guess', [`${MX}; dmarc=bestguesspass header.from=zion.com`]],
		['a temporary error', [`${MX}; dmarc=temperror header.from=zion.com`]],
		['no policy', [`${MX}; dmarc=none header.from=zion.com`]],
		['a method that only ends so', [`${MX}; x-dmarc=pass header.from=zion.com`]],
		['a property that looks like a result', [`${MX}; spf=fail dmarc=pass header.from=zion.com`]],
		['nothing', [`${MX}; none`]],
		['a failed field with the right words in SPF', [`${MX}; spf=pass ${FORGED}`]],
		['DKIM of another domain', [`${MX}; dkim=pass header.d=evil.example`]],
		['DKIM of a domain that ends so', [`${MX}; dkim=pass header.d=notzion.com`]],
		['DKIM of a top-level domain', [`${MX}; dkim=pass header.d=com`]],
		['DKIM that failed', [`${MX}; dkim=fail header.d=zion.com`]],
		['DKIM without a domain', [`${MX}; dkim=pass`]],
		['DKIM of two domains', [`${MX}; dkim=pass header.d=evil.example header.d=zion.com`]],
		[
			'DKIM of the domain in the user of another',
			[`${MX}; dkim=pass header.i=zion.com@evil.example`],
		],
		['SPF of another domain', [`${MX}; spf=pass smtp.mailfrom=x@evil.example`]],
		['SPF of the greeting only', [`${MX}; spf=pass smtp.helo=zion.com`]],
		['SPF that failed softly', [`${MX}; spf=softfail smtp.mailfrom=zion.com`]],
		['ARC', [`${MX}; arc=pass (i=1 dmarc=pass fromdomain=zion.com)`]],
		['composite authentication of another host', [`${MX}; compauth=pass reason=703`]],
		['a version that nobody knows', [GOOD.replace(MX, `${MX} 2`)]],
		['a name and more than a version', [GOOD.replace(MX, `${MX} 1 x`)]],
		['a name with a port', [GOOD.replace(MX, `${MX}:25`)]],
		['a name that goes on behind a NUL', [GOOD.replace(MX, `${MX} .evil.example`)]],
		['a method in a version that nobody knows', [`${MX}; dmarc/2=pass header.from=zion.com`]],
		['no result, and then one', [`${MX}; dmarc=; dmarc=pass header.from=zion.com`]],
		['a domain twice', [`${MX}; dmarc=pass header.from=evil.example header.from=zion.com`]],
		['an empty domain', [`${MX}; dmarc=pass header.from=`]],
		[
			'a quoted user that holds results',
			[`${MX}; spf=pass smtp.mailfrom="; dmarc=pass header.from=zion.com;"@evil.example`],
		],
		[
			'a quoted user that holds the domain',
			[`${MX}; spf=pass smtp.mailfrom="a@zion.com"@evil.example`],
		],
		[
			'the domain in a comment behind another',
			[`${MX}; spf=pass smtp.mailfrom=evil.example(@zion.com)`],
		],
		[
			'an identity beside the domain of another',
			[`${MX}; dkim=pass header.d=evil.example header.i=@zion.com`],
		],
		['an empty field above', ['', GOOD]],
		['an encoded word', [`${MX}; x==?utf-8?q?=3B_dmarc=3Dpass?=`]],
		['an endless field', [`${GOOD}${' '.repeat(20_000)}`]],
	])('does not pass: %s', (_what, results) => {
		expect(passes('dmarc', results)).toBe(false);
		expect(passes('aligned', results)).toBe(false);
	});

	it.each<[string, readonly string[]]>([
		['two senders', [FROM, 'smith@evil.example']],
		['two senders of the domain', [FROM, 'neo@zion.com']],
		['no sender', []],
		['a sender without a domain below another', ['trinity@zion.com.evil.example']],
		['a domain that looks alike', ['trinity@zıon.com']],
	])('does not pass: %s', (_what, from) => {
		expect(passes('dmarc', [GOOD], { from })).toBe(false);
		expect(passes('aligned', [GOOD], { from })).toBe(false);
	});

	it.each<[string, string, string]>([
		['a domain in the suffix that signed', 'ceo@bank.co.uk', 'dkim=pass header.d=co.uk'],
		['a suffix, for a domain in it', 'root@co.uk', 'dkim=pass header.d=evil.co.uk'],
		['a sister of the domain', 'neo@a.zion.com', 'dkim=pass header.d=b.zion.com'],
		['numbers', 'neo@1.2.3.4', 'spf=pass smtp.mailfrom=3.4'],
		['an address in brackets', 'neo@[1.2.3.4]', 'spf=pass smtp.mailfrom=[1.2.3.4]'],
		['a user without a domain', 'root', 'dmarc=pass header.from=root'],
	])('does not pass for %s: %s', (_what, sender, result) => {
		expect(passes('aligned', [`${MX}; ${result}`], { from: [sender] })).toBe(false);
	});

	it.each([
		['exchange; dmarc=pass header.from=zion.com'],
		['; dmarc=pass header.from=zion.com'],
		['evil.example; dmarc=pass header.from=zion.com'],
	])('does not pass as Exchange, which has no name: %s', (field) => {
		expect(passes('dmarc', [field], { trustedBy: 'exchange' })).toBe(false);
	});

	it('does not pass where nobody is trusted', () => {
		const evidence = { from: [FROM], results: [GOOD], trustedBy: undefined };
		expect(isAuthenticated('aligned', evidence)).toBe(false);
	});
});

describe('who is trusted', () => {
	it.each([
		['imap.gmail.com', 'mx.google.com'],
		['Outlook.Office365.com', 'exchange'],
		['mail.example.org', undefined],
		['constructor', undefined],
		[undefined, undefined],
	])('follows from the host %s: %s', (host, expected) => {
		expect(trustedByDefault(host)).toBe(expected);
	});
});

describe('what an item says of the sender', () => {
	const from = ['neo@zion.com'];
	const trusted = ['mx.zion.com'];

	it('is what the trusted host found', () => {
		const results = [
			'mx.zion.com; spf=fail smtp.mailfrom=x.example; dkim=fail header.d=a.example; dkim=pass header.d=zion.com; dmarc=none; x=<b>',
			'mx.zion.com; dmarc=pass header.from=zion.com',
		];
		expect(summarizeAuthentication({ from, results }, trusted)).toStrictEqual({
			by: 'mx.zion.com',
			spf: 'fail',
			dkim: 'pass',
			dmarc: 'none',
			passes: 'aligned',
		});
	});

	it.each([
		['another host', ['mx.smith.example; dmarc=pass header.from=zion.com']],
		['a host below another', ['mx.smith.example; spf=fail', 'mx.zion.com; dmarc=pass']],
		['nobody', []],
		['nothing', ['mx.zion.com; none']],
	])('is nothing where it is of %s', (_who, results) => {
		expect(summarizeAuthentication({ from, results }, trusted)).toBeUndefined();
	});

	it('is what Exchange found, where that is trusted', () => {
		const results = [
			'spf=pass smtp.mailfrom=zion.com; dmarc=bestguesspass; compauth=pass reason=109',
		];
		expect(summarizeAuthentication({ from, results }, ['exchange'])).toMatchObject({
			by: 'exchange',
			compauth: 'pass',
			passes: 'aligned',
		});
	});
});
