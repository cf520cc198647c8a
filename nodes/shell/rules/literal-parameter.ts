import { isRecord } from '../../core/is-record';

/**
 * Values -> parameters that n8n reads back as these values: a text that begins with `=` would be taken for an
 * expression, so it becomes an expression that gives this text.
 */
export function toLiteralParameter(value: unknown): unknown {
	if (typeof value === 'string') return value.startsWith('=') ? toExpression(value) : value;
	if (Array.isArray(value)) return value.map(toLiteralParameter);
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [key, toLiteralParameter(entry)]),
	);
}

/** Braces are escaped, since those of an expression end it. */
function toExpression(text: string): string {
	const quoted = JSON.stringify(text).replace(
		/[{}]/g,
		(brace) => `\\u${brace.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return `={{ ${quoted} }}`;
}

/** The path of the first text in parameters that is an expression, e.g. `rule[0].name`. */
export function findExpression(value: unknown, path = ''): string | undefined {
	if (typeof value === 'string') return value.startsWith('=') ? path : undefined;
	if (Array.isArray(value)) {
		return firstOf(value.map((entry, index) => findExpression(entry, `${path}[${String(index)}]`)));
	}
	if (!isRecord(value)) return undefined;
	return firstOf(
		Object.entries(value).map(([key, entry]) =>
			findExpression(entry, path === '' ? key : `${path}.${key}`),
		),
	);
}

const firstOf = (paths: ReadonlyArray<string | undefined>): string | undefined =>
	paths.find((path) => path !== undefined);
