import { describe, expect, it } from 'vitest';

import { parseWebhook } from '../../nodes/core/webhook/webhook';
import { toPeer } from '../../nodes/AlertMagic/webhook-delivery';
import { toIngestError } from '../../nodes/mail/faults/errors';
import { TOKEN_ENDPOINT, toNetworkError } from '../../nodes/net/network-error';

const HOST = 'server.example.com';
const failure = (code: string) => Object.assign(new Error('low-level words'), { code });

const ofToken = (error: Error) =>
	toNetworkError(error, { peer: TOKEN_ENDPOINT, host: HOST, timedOut: false });
const ofWebhook = (error: Error) => {
	const destination = { uri: `https://${HOST}/notify`, username: '', password: '' };
	const peer = toPeer(parseWebhook(destination, { uri: 'Uri of rule "A"', username: '' }));
	return toNetworkError(error, { peer, host: HOST, timedOut: false });
};
const ofMail = (error: Error) =>
	toIngestError(error, {
		host: HOST,
		port: 993,
		username: 'neo',
		proof: 'password',
		secrets: [],
	});

describe.each([
	['ENOTFOUND', 'host-not-found', 'could not be resolved'],
	['EAI_AGAIN', 'host-not-found', 'could not be resolved'],
	['EAI_FAIL', 'host-not-found', 'could not be resolved'],
	['EAI_NONAME', 'host-not-found', 'could not be resolved'],
	['EAI_ADDRFAMILY', 'host-not-found', 'could not be resolved'],
	['ECONNREFUSED', 'connection-refused', 'Nothing answers'],
	['EHOSTUNREACH', 'connection-refused', 'no way from this machine'],
	['ENETUNREACH', 'connection-refused', 'no way from this machine'],
	['EACCES', 'connection-refused', 'no way from this machine'],
	['EPERM', 'connection-refused', 'no way from this machine'],
	['EPROTO', 'connection-refused', 'does not speak TLS'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'connection-refused', 'does not speak TLS'],
	['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'connection-refused', 'does not speak TLS'],
	['ERR_SSL_RECORD_LAYER_FAILURE', 'connection-refused', 'does not speak TLS'],
	['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'connection-refused', 'no TLS 1.2'],
	['ERR_SSL_UNSUPPORTED_PROTOCOL', 'connection-refused', 'no TLS 1.2'],
	['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'connection-refused', 'no TLS 1.2'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-not-trusted', 'self-signed'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-not-trusted', 'self-signed'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-not-trusted', 'not trusted'],
	['UNABLE_TO_GET_ISSUER_CERT', 'certificate-not-trusted', 'not trusted'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-not-trusted', 'not trusted'],
	['CERT_UNTRUSTED', 'certificate-not-trusted', 'not trusted'],
	['CERT_SIGNATURE_FAILURE', 'certificate-not-trusted', 'not trusted'],
	['CERT_REJECTED', 'certificate-not-trusted', 'not trusted'],
	['INVALID_CA', 'certificate-not-trusted', 'not trusted'],
	['CERT_HAS_EXPIRED', 'certificate-not-trusted', 'has expired'],
	['CERT_NOT_YET_VALID', 'certificate-not-trusted', 'not valid yet'],
	['CERT_REVOKED', 'certificate-not-trusted', 'revoked'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-not-trusted', 'another host name'],
	['HOSTNAME_MISMATCH', 'certificate-not-trusted', 'another host name'],
	['ETIMEDOUT', 'time-out', 'did not answer in time'],
	['ECONNRESET', 'connection-lost', 'ended the connection'],
	['EPIPE', 'connection-lost', 'ended the connection'],
])('%s', (code, expected, words) => {
	it.each([
		['a mail server', ofMail, `${HOST}:993`],
		['a token endpoint', ofToken, `the token endpoint ${HOST}`],
		['a webhook', ofWebhook, `the webhook ${HOST}`],
	])(`of %s is ${expected}`, (_what, toError, who) => {
		const error = toError(failure(code));
		expect(error).toMatchObject({ code: expected, kind: 'unavailable' });
		expect(error.message).toContain(words);
		expect(error.message.toLowerCase()).toContain(who);
		expect(error.remedy).toMatch(/^[A-Z].*\.$/u);
		expect(`${error.message} ${error.remedy ?? ''}`).not.toMatch(/[{}]/u);
	});
});

describe('a remedy names the fields at hand', () => {
	it('of the account, for a mail server', () => {
		expect(ofMail(failure('ENOTFOUND')).remedy).toContain('the URL of the credential');
		expect(ofMail(failure('ECONNREFUSED')).remedy).toContain('993');
		expect(ofMail(failure('CERT_UNTRUSTED')).remedy).toContain('"CA Certificate"');
	});

	it('of the account, for a token endpoint', () => {
		expect(ofToken(failure('ENOTFOUND')).remedy).toContain('Token URL');
	});

	it('of the destination, for a webhook', () => {
		const { remedy } = ofWebhook(failure('ENOTFOUND'));
		expect(remedy).toContain('Uri of rule "A"');
		expect(remedy).not.toMatch(/Token URL|Microsoft/u);
	});
});

it('keeps what nobody knows as a lost connection with its words', () => {
	const error = ofToken(failure('SOMETHING_NEW'));
	expect(error.code).toBe('connection-lost');
	expect(error.message).toContain('low-level words, SOMETHING_NEW');
});
