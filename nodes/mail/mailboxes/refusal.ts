import { IngestError } from '../../core/errors';

/** Whether the server has refused something in a mailbox, and nothing else is wrong. */
export function isRefusal(error: unknown): error is IngestError {
	return error instanceof IngestError && error.kind === 'mailbox';
}

/** What the server answers, or why it refuses to. */
export async function orRefusal<Result>(answer: Promise<Result>): Promise<Result | IngestError> {
	try {
		return await answer;
	} catch (error) {
		if (isRefusal(error)) return error;
		throw error;
	}
}

/** What the server answers, or something else where it refuses to. */
export async function orElse<Result, Instead>(
	answer: Promise<Result>,
	instead: Instead,
): Promise<Result | Instead> {
	const given = await orRefusal(answer);
	return given instanceof IngestError ? instead : given;
}
