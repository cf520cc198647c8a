import { clearInterval, setInterval } from 'node:timers';
import type { ImapFlow } from 'imapflow';
import type { MailTimeouts } from '../limits';

/** How often within the silence that is allowed it is looked whether something came. */
const CHECKS = 4;

/**
 * Runs `call` and cuts the connection when nothing arrives for `silence` ms, or when it takes longer than `command` ms
 * in all, so that no server can hold a caller for ever. Before the greeting the waits of the driver count instead.
 *
 * @throws what `call` throws, or an error with the code of the driver's own time-out
 */
export async function watchSilence<Result>(
	client: ImapFlow,
	{ silence, command }: Pick<MailTimeouts, 'silence' | 'command'>,
	call: () => Promise<Result>,
): Promise<Result> {
	const pause = Math.max(1, Math.ceil(silence / CHECKS));
	let received = client.stats().received;
	let quietChecks = 0;
	let checks = 0;
	let timer: ReturnType<typeof setInterval> | undefined;
	const overdue = new Promise<never>((_resolve, reject) => {
		timer = setInterval(() => {
			const now = client.stats().received;
			quietChecks = now === received && now > 0 ? quietChecks + 1 : 0;
			received = now;
			checks += 1;
			if (quietChecks < CHECKS && checks * pause < command) return;
			reject(Object.assign(new Error('No answer in time'), { code: 'ETIMEOUT' }));
			client.close();
		}, pause);
		timer.unref();
	});
	try {
		return await Promise.race([call(), overdue]);
	} finally {
		clearInterval(timer);
	}
}
