/** The description of a calendar entry (RFC 5545, 3.8.1.5), or all of it where it has none. */
export function toCalendarText(calendar: string): string {
	const unfolded = calendar.replace(/\r?\n[ \t]/g, '');
	const alarm = /^BEGIN:VALARM/im.exec(unfolded)?.index ?? unfolded.length;
	const [before, alarms] = [unfolded.slice(0, alarm), unfolded.slice(alarm)];
	// What an alarm says is not what the entry says.
	const behind = alarms.split(/^END:VALARM/im).at(-1) ?? '';
	const description = (DESCRIPTION.exec(before) ?? DESCRIPTION.exec(behind))?.[1];
	if (description === undefined || description.trim() === '') return calendar;
	return description.replace(/\\([nN\\;,])/g, (_, escaped: string) =>
		escaped.toLowerCase() === 'n' ? '\n' : escaped,
	);
}

const DESCRIPTION = /^DESCRIPTION(?:;(?:"[^"\r\n]*"|[^:"\r\n])*)?:([^\r\n]*)/im;
