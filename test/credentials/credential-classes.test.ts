import { existsSync } from 'node:fs';
import path from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import type { ICredentialType, INodeParameters, INodeProperties } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { AlertMagicApi } from '../../credentials/AlertMagicApi.credentials';
import { ImapIngestApi } from '../../credentials/ImapIngestApi.credentials';
import { FIELD_LABELS } from '../../nodes/core/account/account-fields';

const FOLDER = path.join(__dirname, '..', '..', 'credentials');
const inputsOf = ({ properties }: ICredentialType) =>
	properties.filter((property) => property.type !== 'notice');

/** The fields that n8n shows, and hands over, for these values. */
const shownFor = (type: ICredentialType, values: INodeParameters) =>
	inputsOf(type)
		.filter((property) => NodeHelpers.displayParameter({ ...values }, property, null, null))
		.map((property) => property.name);

describe('IMAP Ingest', () => {
	const account = new ImapIngestApi();

	it('has the fields of the contract, named as in errors', () => {
		const names = Object.fromEntries(
			inputsOf(account).map((input) => [input.name, input.displayName]),
		);
		expect(names).toEqual(FIELD_LABELS);
	});

	it.each([
		['password', ['password', 'configuration']],
		[
			'clientSecret',
			[
				'tenantId',
				'clientId',
				'clientSecret',
				'clientSecretExpiresOn',
				'configuration',
				'cloud',
				'scope',
				'tokenUrl',
				'clientAuthType',
			],
		],
		[
			'clientCertificate',
			[
				'tenantId',
				'clientId',
				'certificate',
				'privateKey',
				'configuration',
				'cloud',
				'scope',
				'tokenUrl',
			],
		],
		['workloadIdentity', ['tenantId', 'clientId', 'configuration', 'cloud', 'scope']],
		['managedIdentity', ['clientId', 'configuration', 'cloud', 'scope']],
		['googleServiceAccount', ['serviceAccountKey', 'configuration']],
		['configuration', ['password', 'configuration', 'clientSecretExpiresOn']],
	])('shows what the mode %s needs, once each', (authentication, own) => {
		expect(shownFor(account, { authentication })).toEqual([
			'url',
			'username',
			'authentication',
			...own,
			'caCertificate',
			'greetingTimeout',
			...(authentication.endsWith('Identity') ? [] : ['tlsServerName', 'proxy']),
		]);
	});

	it.each([
		'password',
		'clientSecret',
		'privateKey',
		'serviceAccountKey',
		'configuration',
		'proxy',
	])('masks %s everywhere', (name) => {
		const fields = account.properties.filter((property) => property.name === name);
		expect(fields.map(({ typeOptions }) => typeOptions?.password)).toEqual(fields.map(() => true));
		expect(fields).not.toEqual([]);
	});
});

describe.each<[string, ICredentialType]>([
	['IMAP Ingest', new ImapIngestApi()],
	['AlertMagic Webhook', new AlertMagicApi()],
])('the credential type %s', (_name, type) => {
	it('keeps its secrets from other nodes', () => {
		expect(type.restrictToSupportedNodes).toBe(true);
	});

	it('has its icons', () => {
		const { icon } = type;
		if (typeof icon !== 'object') throw new Error('no themed icon');
		for (const file of [icon.light, icon.dark]) {
			expect(existsSync(path.join(FOLDER, file.replace('file:', '')))).toBe(true);
		}
	});

	it('describes every field', () => {
		const described = (property: INodeProperties) => /\S/.test(property.description ?? '');
		const options = inputsOf(type).filter((property) => property.name !== 'authentication');
		expect(options.filter((property) => !described(property))).toEqual([]);
	});
});
