import type { SearchObject } from 'imapflow';
import type { MessageSearch } from '../../core/message/message-search';

const DAY_MS = 86_400_000;

/**
 * Writes a search for the driver (RFC 3501, 6.4.4).
 *
 * SINCE and BEFORE compare the day of INTERNALDATE in the time zone the server keeps it in, up to 14 hours from UTC: the
 * days asked for are wide enough for every zone.
 */
export function toSearchObject(wanted: MessageSearch): SearchObject {
	const { from, to, subject, body, since, before, unread, flagged, largerThan } = wanted;
	const criteria: SearchObject = {
		...(from !== undefined && { from }),
		...(to !== undefined && { to }),
		...(subject !== undefined && { subject }),
		...(body !== undefined && { body }),
		...(since !== undefined && { since: new Date(since.getTime() - DAY_MS) }),
		...(before !== undefined && { before: new Date(before.getTime() + 2 * DAY_MS) }),
		...(unread !== undefined && { seen: !unread }),
		...(flagged !== undefined && { flagged }),
		// LARGER 0 would be left out by the driver, and every message is larger.
		...(largerThan !== undefined && largerThan > 0 && { larger: largerThan }),
	};
	return Object.keys(criteria).length === 0 ? { all: true } : criteria;
}
