import { fieldsOf, headerSpelling } from '../text-field';
import type { TextField } from '../text-field';

/** Values by name of a header field -> by text field. */
export function toHeaderFields<Value>(
	values: Readonly<Record<string, Value>>,
): Record<string, Value> {
	return Object.fromEntries(
		Object.entries(values).map(([name, value]) => [`header:${name}`, value] as const),
	);
}

/** The values of header fields, by their names in the spelling of the rule. */
export function ofHeaders<Value>(
	values: Readonly<Partial<Record<TextField, Value>>>,
): Readonly<Record<string, Value>> | undefined {
	const entries = fieldsOf(values).flatMap((field) => {
		const [name, value] = [headerSpelling(field), values[field]];
		return name === undefined || value === undefined ? [] : [[name, value] as const];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
