import { describe, expect, it } from 'vitest';

import { ENTRA_REFUSALS } from '../../nodes/auth/entra-error-table';
import { toTokenError } from '../../nodes/auth/token-error';
import type { ClientCredentials } from '../../nodes/core/account/account';
import { aadsts } from '../support/oauth/entra';
import { SECRET } from './fixtures';

const TENANT = '8f0c2a52-5c0c-4a4c-9a5e-3c6a3a1f5b11';
const CLIENT = '5d0a3b1e-7c1f-4a55-8d6e-0f6f1b2c3d4e';
const CREDENTIALS: ClientCredentials = {
	issuer: { kind: 'entra', authority: `https://login.microsoftonline.com/${TENANT}` },
	clientId: CLIENT,
	scope: 'https://outlook.office365.com/.default',
	proof: { kind: 'secret', secret: SECRET, sendIn: 'body' },
};
const respond = (number: number, error?: string, status?: number) => {
	const answer = aadsts(number, error, status);
	if (typeof answer === 'string') throw new Error('no response');
	return toTokenError(
		{ status: answer.status, headers: {}, body: JSON.stringify(answer.body) },
		CREDENTIALS,
		0,
	);
};

describe('what Entra refuses', () => {
	it.each([
		[7000215, 'client-secret-wrong', 'is wrong', 'Value (not the Secret ID)'],
		[7000222, 'client-secret-expired', 'is expired', 'new client secret'],
		[7000216, 'client-secret-wrong', 'not registered for a sign-in', 'client secret'],
		[7000218, 'client-secret-wrong', 'not registered for a sign-in', 'client secret'],
		[700016, 'application-unknown', `does not exist in the tenant ${TENANT}`, 'adminconsent'],
		[7000229, 'application-unknown', `does not exist in the tenant ${TENANT}`, 'adminconsent'],
		[90002, 'tenant-unknown', `does not know the tenant ${TENANT}`, 'Directory (Tenant) ID'],
		[900023, 'tenant-unknown', `does not know the tenant ${TENANT}`, 'Directory (Tenant) ID'],
		[50194, 'tenant-unknown', 'belongs to one tenant', 'tenant'],
		[700027, 'certificate-rejected', 'is not registered', 'Upload'],
		[700024, 'certificate-rejected', 'outside its validity', 'clock'],
		[1000502, 'certificate-rejected', 'revoked or is outside', 'new certificate'],
		[900432, 'tenant-unknown', 'another Microsoft cloud', 'Microsoft Cloud'],
		[90094, 'consent-missing', 'has consented', 'grant consent'],
		[90055, 'throttled', 'too often', 'later'],
		[1002012, 'scope-refused', 'scope', 'outlook.office365.com/.default'],
		[70011, 'scope-refused', 'scope', 'outlook.office365.com/.default'],
		[500011, 'scope-refused', 'does not exist in the tenant', 'Exchange Online'],
		[65001, 'consent-missing', 'has consented', `${TENANT}/adminconsent?client_id=${CLIENT}`],
		[7000112, 'sign-in-refused', 'is disabled', 'enterprise application'],
		[53003, 'sign-in-refused', 'Conditional Access', 'workload identities'],
		[530035, 'sign-in-refused', 'Conditional Access', 'workload identities'],
		[50196, 'throttled', 'too often', 'later'],
		[90033, 'token-endpoint-failed', 'at the moment', 'tried again'],
	])('as AADSTS%i is %s', (number, code, message, remedy) => {
		const error = respond(number);
		expect(error.code).toBe(code);
		expect(error.message).toContain(message);
		expect(error.message).toContain(`(AADSTS${String(number)}, correlation ID `);
		expect(error.remedy).toContain(remedy);
	});

	it('has each number once in the table', () => {
		const numbers = ENTRA_REFUSALS.flatMap((refusal) => refusal.numbers);
		expect(new Set(numbers).size).toBe(numbers.length);
	});

	it('keeps its own words where the number is not known', () => {
		const error = respond(9999999, 'invalid_request');
		expect(error.code).toBe('sign-in-refused');
		expect(error.message).toContain('AADSTS9999999: Refused');
		expect(error.remedy).toContain('sign-in log');
	});

	it.each([
		['invalid_client', 401, 'client-secret-wrong'],
		['unauthorized_client', 400, 'sign-in-refused'],
		['invalid_resource', 400, 'scope-refused'],
		['interaction_required', 400, 'consent-missing'],
		['server_error', 500, 'token-endpoint-failed'],
		['temporarily_unavailable', 400, 'token-endpoint-failed'],
		['too_many', 429, 'throttled'],
	])('with the error %s (HTTP %i) and an unknown number is %s', (error, status, code) => {
		expect(respond(9999999, error, status).code).toBe(code);
	});

	it('is found by its text when the list of numbers is missing', () => {
		const body = JSON.stringify({ error: 'x', error_description: 'AADSTS7000222: expired' });
		const error = toTokenError({ status: 401, headers: {}, body }, CREDENTIALS, 0);
		expect(error.code).toBe('client-secret-expired');
	});

	it('is not quoted when it holds something that looks like an assertion', () => {
		const body = JSON.stringify({
			error: 'invalid_client',
			error_description: 'Bad assertion eyJhbGciOiJQUzI1NiJ9.e30.c2ln',
		});
		const proof = { kind: 'certificate', certificate: '', privateKey: '' } as const;
		const error = toTokenError({ status: 401, headers: {}, body }, { ...CREDENTIALS, proof }, 0);
		expect(error.code).toBe('certificate-rejected');
		expect(error.message).not.toContain('eyJ');
	});
});
