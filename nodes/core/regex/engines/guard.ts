import { createContext, Script, type Context } from 'node:vm';

/** A task was ended by its guard. */
export class GuardTimeoutError extends Error {
	override readonly name = 'GuardTimeoutError';
}

const TIMEOUT_CODE = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** The one context and script of the guard: making them costs half a millisecond, so that they are kept. */
const registry: { guard?: { context: Context; script: Script } } = {};

/**
 * Runs a synchronous task and ends it after a time, even within V8's regular expressions or RE2JS.
 * Node's vm is the only thing in one thread that can; `catch` and `finally` of an ended task do not run.
 *
 * @param timeoutMs whole milliseconds, at least 1
 * @throws GuardTimeoutError when the time is over; what the task throws, otherwise
 */
export function runGuarded<T>(task: () => T, timeoutMs: number): T {
	registry.guard ??= { context: createContext({}), script: new Script('task()') };
	const { context, script } = registry.guard;
	let result: { value: T } | undefined;
	context['task'] = () => {
		result = { value: task() };
	};
	try {
		script.runInContext(context, { timeout: timeoutMs });
	} catch (error) {
		if (isTimeout(error)) throw new GuardTimeoutError(`ended after ${String(timeoutMs)} ms`);
		throw error;
	} finally {
		context['task'] = undefined;
	}
	if (result === undefined) throw new Error('the guarded task did not run');
	return result.value;
}

/** The error comes from the other context, so that it is no instance of our Error. */
function isTimeout(error: unknown): boolean {
	return (
		typeof error === 'object' && error !== null && 'code' in error && error.code === TIMEOUT_CODE
	);
}
