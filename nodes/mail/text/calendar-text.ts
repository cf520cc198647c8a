/** The description of a calendar entry (RFC 5545, 3.8.1.5), or all of it where it has none. */
export function toCalendarText(calendar: string): string {
	const unfolded = calendar.replace(/\r?\n[ \t]/g, '');
	const description = /^DESCRIPTION(?:;[^:\r\n]{0,200})?:([^\r\n]*)/im.exec(unfolded)?.[1];
	if (description === undefined || description.trim() === '') return calendar;
	return description.replace(/\\([nN\\;,])/g, (_, escaped: string) =>
		escaped.toLowerCase() === 'n' ? '\n' : escaped,
	);
}
