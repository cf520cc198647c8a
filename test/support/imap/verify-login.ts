import { createMailAccount } from '../../../nodes/mail/account';
import type { SessionOptions } from '../../../nodes/mail/connections/client';

/** Signs in and opens INBOX for reading only. */
export async function verifyLogin(options: SessionOptions): Promise<void> {
	await createMailAccount(options).withMailbox('INBOX', () => Promise.resolve(), {
		readOnly: true,
	});
}
