/*
 * What went wrong at the server becomes an IngestError: driver-error.ts reads what the driver left, errors.ts asks the
 * tables of network, sign-in and server faults, refusal-words.ts judges the server's own words.
 */
import { IngestError } from '../../core/errors';
import { createRedactor, toBareError } from '../../core/redact';
import type { Redact } from '../../core/redact';
import { parseDriverError, toShownText } from './driver-error';
import type { DriverError, MailErrorContext } from './driver-error';
import type { Fault } from '../../net/network-error';
import { findConnectionFault } from './network-faults';
import { findServerFault } from './server-faults';
import { findSignInFault } from './sign-in-faults';

/** Maps a failure of the driver, the socket or the server to the error of this package; one of ours stays as it is. */
export function toIngestError(error: unknown, context: MailErrorContext): IngestError {
	if (error instanceof IngestError) return error;
	const redact = createRedactor(context.secrets);
	const driver = parseDriverError(error);
	const known = findFault(driver, context);
	const fault = known ?? toUnknownFault(toShownText(driver.message, redact), context);
	return new IngestError(fault.code, withServerText(fault.message, driver.serverText, redact), {
		remedy: fault.remedy,
		retryAfterMs: driver.retryAfterMs ?? fault.retryAfterMs,
		// A fault of the program needs its stack.
		cause: known === undefined ? toBareError(error, redact) : undefined,
	});
}

function findFault(driver: DriverError, context: MailErrorContext): Fault | undefined {
	return (
		findServerFault(driver, context, 'anyTime') ??
		(driver.signInRefused ? findSignInFault(driver, context) : undefined) ??
		findConnectionFault(driver, context) ??
		findServerFault(driver, context, 'afterSignIn')
	);
}

function toUnknownFault(said: string, { host }: MailErrorContext): Fault {
	return {
		code: 'refused-by-server',
		message: `The mail server ${host} could not be used: ${said}`,
		remedy: 'Try again; if it stays like this, report the text of this error.',
	};
}

function withServerText(message: string, serverText: string | undefined, redact: Redact): string {
	return serverText === undefined
		? message
		: `${message} (server: ${toShownText(serverText, redact)})`;
}
