import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { TokenRegistry } from '../auth/token-registry';
import { accountName } from '../core/account/account';
import type { Account } from '../core/account/account';
import { parseAccount } from '../core/account/parse-account';
import { compileRules } from '../core/rules/compile-rules';
import { parseConfiguration } from '../core/rules/json/alertmagic';
import { assertNoFaults, ConfigurationError, IngestError } from '../core/errors';
import type { Log } from '../core/log';
import { redactUnknown } from '../core/redact';
import { ConnectionRegistry } from '../mail/connections/connection-registry';
import { openAccount, PROCESS_SERVICES } from './open-account';

/** What the tests use of n8n's ICredentialTestFunctions. */
interface TestContext {
	readonly logger: Log;
}

/**
 * The test of an "IMAP Ingest" credential: reads its settings and rules, gets a token where OAuth2 is used, signs in over
 * IMAP and opens INBOX for reading only. Nodes refer to it by `testedBy: 'imapIngestApiTest'`. Never throws.
 */
export async function imapIngestApiTest(
	this: TestContext,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await toTestResult(() => testAccount(credential.data ?? {}, this.logger));
}

async function testAccount(fields: ICredentialDataDecryptedObject, log: Log): Promise<string> {
	const { account, ruleCount } = readSettings(fields);
	// All of its own: what is kept from before would hide a secret or a consent that was taken away.
	const connections = new ConnectionRegistry();
	const services = { ...PROCESS_SERVICES, tokens: new TokenRegistry(), connections };
	const { mailAccount } = openAccount(account, '', log, services);
	try {
		await mailAccount.withMailbox('INBOX', () => Promise.resolve(), { readOnly: true });
	} finally {
		await connections.closeIdle();
	}
	return [
		`Signed in as ${accountName(account)}; INBOX can be read.`,
		...(ruleCount === 0 ? [] : [`Rules in the configuration: ${String(ruleCount)}.`]),
		...(account.clientSecretExpiresOn === undefined
			? []
			: [`The client secret expires on ${account.clientSecretExpiresOn}.`]),
		...(account.certificateExpiresOn === undefined
			? []
			: [`The certificate expires on ${account.certificateExpiresOn}.`]),
	].join(' ');
}

/** Account and rules; the faults of both are reported together. */
function readSettings(fields: ICredentialDataDecryptedObject): {
	readonly account: Account;
	readonly ruleCount: number;
} {
	const faults: IngestError[] = [];
	const account = collect(faults, () => parseAccount(fields));
	const ruleCount = collect(faults, () => countRules(fields['configuration']));
	// In configuration mode both read the JSON and find the same faults in it.
	const messages = faults.map((fault) => fault.message);
	assertNoFaults(faults.filter(({ message }, index) => messages.indexOf(message) === index));
	if (account === undefined || ruleCount === undefined) {
		throw new Error('A setting was refused without saying why.');
	}
	return { account, ruleCount };
}

function countRules(configuration: unknown): number {
	const { rules } = parseConfiguration(typeof configuration === 'string' ? configuration : '');
	return rules.length === 0 ? 0 : compileRules(rules).length;
}

function collect<Result>(faults: IngestError[], read: () => Result): Result | undefined {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		faults.push(...(error instanceof ConfigurationError ? error.faults : [error]));
		return undefined;
	}
}

/** Runs the test of a credential and words what came of it for the dialog. */
export async function toTestResult(
	test: () => Promise<string>,
): Promise<INodeCredentialTestResult> {
	try {
		return { status: 'OK', message: await test() };
	} catch (error) {
		return { status: 'Error', message: toMessage(error) };
	}
}

function toMessage(error: unknown): string {
	if (error instanceof IngestError) {
		const { message, remedy } = error;
		return remedy === undefined ? message : `${toSentence(message)} ${remedy}`;
	}
	const text = error instanceof Error ? error.message : String(error);
	return `Unexpected failure: ${redactUnknown(text)}`;
}

/** Not every message ends with a full stop: most stand alone, as the title of an error. */
const toSentence = (message: string) => (/[.!?]$/u.test(message) ? message : `${message}.`);
