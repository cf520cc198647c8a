import type { ImapFlow } from 'imapflow';
import type { Log } from '../../core/log';
import { createRedactor } from '../../core/redact';
import { toShownText } from '../faults/driver-error';
import type { MailErrorContext } from '../faults/driver-error';

/** Logs what a server wants people to know: a client has to show texts with the code ALERT (RFC 3501, 7.1). */
export function logAlerts(
	client: ImapFlow,
	{ host, secrets }: Pick<MailErrorContext, 'host' | 'secrets'>,
	log: Log,
): void {
	client.on('alert', ({ message }) => {
		const said = toShownText(message, createRedactor(secrets));
		log.warn(`The mail server ${host} says: ${said}`);
	});
}
