import { IngestError } from '../../core/errors';
import type { IngestErrorDetails } from '../../core/errors';
import { parseDriverError } from './driver-error';
import type { DriverError, MailErrorContext } from './driver-error';
import type { Fault } from '../../net/network-error';
import { findConnectionFault } from './network-faults';
import { findServerFault } from './server-faults';
import { findSignInFault } from './sign-in-faults';

/** Maps a failure of the driver, the socket or the server to the error of this package; one of ours stays as it is. */
export function toIngestError(error: unknown, context: MailErrorContext): IngestError {
	if (error instanceof IngestError) return error;
	const driver = parseDriverError(error, context.secrets);
	const known = findFault(driver, context);
	const fault = known ?? toUnknownFault(driver, context);
	const details: IngestErrorDetails = {
		remedy: fault.remedy,
		...(driver.retryAfterMs !== undefined && { retryAfterMs: driver.retryAfterMs }),
		// What a server said may repeat a secret; a fault of the program needs its stack.
		...(known === undefined && { cause: error }),
	};
	return new IngestError(fault.code, withServerText(fault.message, driver), details);
}

function findFault(driver: DriverError, context: MailErrorContext): Fault | undefined {
	return (
		findServerFault(driver, context, 'anyTime') ??
		(driver.signInRefused ? findSignInFault(driver, context) : undefined) ??
		findConnectionFault(driver, context) ??
		findServerFault(driver, context, 'afterSignIn')
	);
}

function toUnknownFault(driver: DriverError, { host }: MailErrorContext): Fault {
	return {
		code: 'refused-by-server',
		message: `The mail server ${host} could not be used: ${driver.message}`,
		remedy: 'Try again; if it stays like this, report the text of this error.',
	};
}

function withServerText(message: string, driver: DriverError): string {
	return driver.serverText === undefined ? message : `${message} (server: ${driver.serverText})`;
}
