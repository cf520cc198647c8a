import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { IngestError, type IngestErrorCode } from '../../nodes/core/errors';
import { toErrorItem, toFailure, toNodeError } from '../../nodes/shell/to-node-error';

const node: INode = {
	id: '1',
	name: 'AlertMagic',
	type: 'alertMagic',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

describe('toNodeError', () => {
	it('says what happened in the message and what to do in the description', () => {
		const error = new IngestError('configuration', 'URL is "imap://x".', { remedy: 'Use imaps.' });
		expect(toNodeError(node, error, 3)).toMatchObject({
			message: 'URL is "imap://x".',
			description: 'Use imaps.',
			context: { itemIndex: 3 },
			cause: error,
		});
	});

	it('keeps what stands in angle brackets of a remedy, which n8n shows as HTML', () => {
		const error = new IngestError('pattern', 'No group.', { remedy: 'Write (?<value>.+) & more.' });
		const nodeError = toNodeError(node, error);
		expect(nodeError).toHaveProperty('description', 'Write (?&lt;value&gt;.+) &amp; more.');
		expect(toErrorItem(nodeError, 0).json).toEqual({
			error: 'No group.',
			details: 'Write (?<value>.+) & more.',
		});
	});

	it('keeps a message that names a socket code, which n8n would replace', () => {
		const error = new IngestError('host-not-found', 'ENOTFOUND: mail.example.com has no address.');
		expect(toNodeError(node, error).message).toBe('ENOTFOUND: mail.example.com has no address.');
	});

	it.each<[IngestErrorCode, string]>([
		['password-rejected', '401'],
		['throttled', '429'],
	])('gives %s the HTTP status n8n counts it by', (code, httpCode) => {
		const error = toNodeError(node, new IngestError(code, 'No.'));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ httpCode, message: 'No.' });
	});

	it.each<[IngestErrorCode, ReturnType<typeof toFailure>]>([
		['pattern', { cause: 'configuration-invalid' }],
		['consent-missing', { cause: 'credential-invalid' }],
		['time-out', { cause: 'temporarily-unavailable' }],
		['throttled', { cause: 'rate-limited', retryAfterMs: 500 }],
		['mailbox-missing', { cause: 'configuration-invalid' }],
		['stale-reference', undefined],
		['message-unreadable', undefined],
		['delivery-refused', undefined],
	])('tells n8n why %s failed', (code, failure) => {
		const details = code === 'throttled' ? { retryAfterMs: 500 } : {};
		const error = new IngestError(code, 'No.', details);
		expect(toFailure(error)).toEqual(failure);
		expect(toNodeError(node, error)).toHaveProperty('failure', failure);
	});

	it("passes n8n's own errors unchanged", () => {
		const error = new NodeOperationError(node, 'Credentials not found');
		expect(toNodeError(node, error)).toBe(error);
	});

	it('keeps the stack of an unforeseen error', () => {
		const error = new TypeError('x is not a function');
		const nodeError = toNodeError(node, error);
		expect(nodeError).toMatchObject({ message: error.message, failure: { cause: 'node-defect' } });
		expect(nodeError.cause).toMatchObject({ name: 'TypeError', stack: error.stack });
	});

	it.each([
		['a password in an address', 'Cannot reach imaps://neo:s3cret-word@mail.example.com'],
		['an Authorization value', 'Header "Authorization: Basic s3cret-word" refused'],
		['a token', 'AUTHENTICATE Bearer s3cret-word failed'],
		['a named secret', 'client_secret=s3cret-word&scope=x'],
		['a secret in JSON', '{"password": "s3cret-word"}'],
	])('blanks out %s', (_what, message) => {
		const error = Object.assign(new Error(message), { config: { auth: 's3cret-word' } });
		const nodeError = toNodeError(node, error);
		expect(nodeError.message).not.toContain('s3cret-word');
		const { cause } = nodeError;
		expect(JSON.stringify([{ ...nodeError }, cause])).not.toContain('s3cret-word');
		expect(cause instanceof Error ? cause.stack : '').not.toContain('s3cret-word');
	});
});
