import type { IExecuteFunctions } from 'n8n-workflow';

/** The text in the Configuration field of the account of an item; a secret. */
export async function readAccountConfiguration(
	context: Pick<IExecuteFunctions, 'getCredentials'>,
	itemIndex: number,
): Promise<string> {
	const { configuration } = await context.getCredentials('imapIngestApi', itemIndex);
	return typeof configuration === 'string' ? configuration : '';
}
