/** True when two names mean the same mailbox: only INBOX is case-insensitive (RFC 3501, 5.1). */
export function isSameMailbox(left: string, right: string): boolean {
	return canonicalMailbox(left) === canonicalMailbox(right);
}

/** The name as ids and static data keep it: INBOX in capitals, everything else as given. */
export function canonicalMailbox(name: string): string {
	return name.toUpperCase() === 'INBOX' ? 'INBOX' : name;
}
