import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';

import { toTestResult } from '../shell/credential-test';
import { probeWebhook } from './webhook-probe';

/**
 * The test of an "AlertMagic Webhook" credential. Any POST is an alert to AlertMagic and every other method is ignored, so there
 * is no way to check user name and password: it checks the address, that the host answers over TLS with a certificate that is
 * trusted, and says so. Never throws.
 */
export async function alertMagicApiTest(
	this: object,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await toTestResult(() => probeWebhook(credential.data ?? {}));
}
