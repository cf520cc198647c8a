import { isRecord } from '../../core/is-record';
import { IngestError } from '../../core/errors';

type Row = Readonly<Record<string, unknown>>;

/**
 * One row of the form in the shape of the JSON rule, so that both are read by the same parser; anything that is not a
 * row is left for the parser to refuse.
 *
 * @throws IngestError `configuration` for what JSON cannot say: the same name twice
 */
export function toJsonRule(row: unknown, index: number): unknown {
	if (!isRecord(row)) return row;
	const options = isRecord(row['options']) ? row['options'] : {};
	const where = `Rule ${String(index + 1)} of the Rule List`;
	const named = (key: string, group: string, name: string, toValue: (entry: Row) => unknown) =>
		toObject(rowsOf(options[key], group), `${where}, ${name}`, toValue);
	return {
		Name: row['name'],
		Filter: {
			From: row['fromFilter'],
			To: options['toFilter'],
			Cc: options['ccFilter'],
			Subject: row['subjectFilter'],
			Headers: named('headerFilters', 'header', 'Header Filters', ({ pattern }) => pattern),
			AttachmentName: options['attachmentNameFilter'],
			Body: row['bodyFilter'],
			Match: options['match'],
		},
		Payload: {
			FromCaptures: row['fromCaptures'],
			ToCaptures: options['toCaptures'],
			CcCaptures: options['ccCaptures'],
			SubjectCaptures: row['subjectCaptures'],
			HeaderCaptures: toLists(rowsOf(options['headerCaptures'], 'header')),
			AttachmentNameCaptures: options['attachmentNameCaptures'],
			BodyCaptures: row['bodyCaptures'],
			WhenMissing: row['whenMissing'],
			Matches: options['matches'],
			Types: named('types', 'value', 'Types', toJsonType),
			Fixed: named('fixed', 'value', 'Fixed Values', ({ value }) => value ?? ''),
		},
		CleanUp: toJsonCleanUp(row),
		IgnoreCase: options['ignoreCase'],
		Continue: options['continue'],
	};
}

function rowsOf(value: unknown, group: string): readonly Row[] {
	const rows = isRecord(value) ? value[group] : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

const nameOf = ({ name }: Row): string => (typeof name === 'string' ? name.trim() : '');

function toObject(
	rows: readonly Row[],
	field: string,
	toValue: (row: Row) => unknown,
): Readonly<Record<string, unknown>> | undefined {
	const seen = new Set<string>();
	for (const row of rows) {
		const name = nameOf(row);
		const problem = name === '' ? 'has a row without a name' : `has the name "${name}" twice`;
		if (name === '' || seen.has(name)) {
			throw new IngestError('configuration', `${field}, ${problem}.`, {
				field,
				remedy: name === '' ? 'Write a name, or remove the row.' : 'Keep one of them.',
			});
		}
		seen.add(name);
	}
	return rows.length === 0
		? undefined
		: Object.fromEntries(rows.map((row) => [nameOf(row), toValue(row)]));
}

/** Rows of the same name are the patterns of one list. */
function toLists(rows: readonly Row[]): Readonly<Record<string, readonly unknown[]>> | undefined {
	const lists = new Map<string, unknown[]>();
	for (const row of rows) {
		const list = lists.get(nameOf(row)) ?? [];
		list.push(row['pattern']);
		lists.set(nameOf(row), list);
	}
	return rows.length === 0 ? undefined : Object.fromEntries(lists);
}

/** The form hides the format of the other type, so what is left in it does not count; its defaults are not saved. */
function toJsonType({ type = 'number', numberFormat, dateFormat }: Row): unknown {
	if (type === 'number') return { Type: type, Format: numberFormat };
	return type === 'date' ? { Type: type, Format: dateFormat } : { Type: type };
}

/** The form hides folder and days for the other actions, so what is left in them does not count. */
function toJsonCleanUp(row: Row): unknown {
	if (row['cleanUpAction'] !== 'moveToFolder') return { Action: row['cleanUpAction'] };
	return {
		Action: row['cleanUpAction'],
		Folder: row['cleanUpFolder'],
		DeleteAfterDays: row['deleteAfterDays'],
	};
}

/** What the screen calls the fields of a rule. */
const SCREEN_NAMES: Readonly<Record<string, string>> = {
	Name: 'Name',
	'Filter.From': 'From Filter',
	'Filter.To': 'To Filter',
	'Filter.Cc': 'Cc Filter',
	'Filter.Subject': 'Subject Filter',
	'Filter.Headers': 'Header Filters',
	'Filter.AttachmentName': 'Attachment Filter',
	'Filter.Body': 'Body Filter',
	'Filter.Match': 'Match',
	'Payload.FromCaptures': 'From Captures',
	'Payload.ToCaptures': 'To Captures',
	'Payload.CcCaptures': 'Cc Captures',
	'Payload.SubjectCaptures': 'Subject Captures',
	'Payload.HeaderCaptures': 'Header Captures',
	'Payload.AttachmentNameCaptures': 'Attachment Captures',
	'Payload.BodyCaptures': 'Body Captures',
	'Payload.WhenMissing': 'When a Group Is Missing',
	'Payload.Matches': 'Captured Matches',
	'Payload.Types': 'Types',
	'Payload.Fixed': 'Fixed Values',
	'CleanUp.Action': 'Clean Up',
	'CleanUp.Folder': 'Folder',
	'CleanUp.DeleteAfterDays': 'Delete After Days',
	IgnoreCase: 'Ignore Case',
	Continue: 'Continue With Next Rules',
};

/** A fault in a rule that toJsonRule made -> the same fault as the screen calls its field. */
export function toScreenFault(fault: IngestError): IngestError {
	const place = /^Ingests\[(\d+)\](?:\.(.+))?$/u.exec(fault.field ?? '');
	if (fault.field === undefined || place === null) return fault;
	const [, index, path] = place;
	const row = `Rule ${String(Number(index) + 1)} of the Rule List`;
	const field = path === undefined ? row : `${row}, ${toScreenName(path)},`;
	return new IngestError(
		fault.code,
		fault.message.replace(fault.field, () => field),
		{
			field: field.replace(/,$/u, ''),
			...(fault.remedy !== undefined && { remedy: fault.remedy }),
			cause: fault,
		},
	);
}

/** `Payload.Types.charge.Format` -> `Types, charge.Format`. */
function toScreenName(path: string): string {
	const key = /^\w+(?:\.\w+)?/u.exec(path)?.[0] ?? path;
	const rest = path.slice(key.length).replace(/^\./u, '');
	const name = SCREEN_NAMES[key] ?? key;
	return rest === '' ? name : `${name}, ${rest}`;
}
