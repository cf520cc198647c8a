import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 30_000;
const PROBE_PAUSE_MS = 100;

async function isListening(port: number): Promise<boolean> {
	const socket = connect({ host: '127.0.0.1', port });
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

/**
 * Waits until a server takes connections on a port of 127.0.0.1.
 * @throws When it ends or takes too long.
 */
export async function waitForPort(port: number, child: ChildProcess): Promise<void> {
	const deadline = Date.now() + START_LIMIT_MS;
	while (!(await isListening(port))) {
		if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
		if (Date.now() > deadline) throw new Error(`Nothing listens on port ${port}`);
		await delay(PROBE_PAUSE_MS);
	}
}
