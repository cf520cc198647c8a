/**
 * What servers say when they refuse something only for now. Few of them give a response code (RFC 5530), so their words
 * are read: those of Exchange, Gmail, Yahoo, iCloud, Zoho, Yandex, QQ, 163.com, GMX, Dovecot, Cyrus, Courier, Zimbra, Kerio,
 * MDaemon, hMailServer and Proton Bridge, as public reports quote them, and others of the same meaning.
 */

const any = (...patterns: readonly RegExp[]) =>
	new RegExp(patterns.map(({ source }) => source).join('|'), 'iu');

/** The server is not itself, whatever it was asked. */
const SERVER_TROUBLE = any(
	/temporar|for the moment|\bat (?:this|the) (?:time|moment)\b|right now|\blater\b/,
	/\b(?:again|retry|wait)\b[^.]{0,20}\b(?:\d+|a few|some|few|several|a)\s?(?:s\b|sec|min|hour|moment|while)/,
	/\bbusy\b|overload|maintenance|(?<!(?:mailbox|folder|mechanism|method)(?: is| currently| temporarily)? )(?:unavailable|not available)/,
	/out of (?:memory|resources|sockets)|resources? (?:temporarily|exhaust|shortage)/,
	/internal (?:server )?error|(?:server|system|backend|back-end|database|storage|i\/o|ldap|proxy) (?:i\/o )?(?:error|failure|problem)|backend/,
	/(?:cannot|can't|could not|unable to|failed to) (?:connect|contact|reach)|timed? ?-?out|shutting down|\brestart/,
	/\bcommand error\.? ?\d+|throttl|rate.?limit|too (?:fast|quick|often)|slow down/,
	/too many (?:\w+ ){0,2}(?:connections?|sessions?|log-?[io]ns?|requests?|commands?|clients?|users|processes)\b/,
	/vorübergehend|später|zu viele verbindungen|temporairement|plus tard|trop de connexions|временно|позже|слишком много|稍后|稍後|繁忙|频繁|頻繁|しばらく|後ほど/,
);

/** Of a sign-in: a limit that time resets. */
const SIGN_IN_LIMIT = any(
	/too many|frequen(?!tly asked)|limit (?:reached|exceeded)|(?:exceed|reach|over)\w* [^.]{0,30}(?:limit|maximum|quota)|maximum (?:number|connection)/,
	/(?:connections?|sessions?|log-?[io]ns?) (?:limit|exceeded)/,
);

const TRY_AGAIN = /try (?:it )?again|retry|please try/iu;
const BLAMES_CREDENTIALS = any(
	/(?:invalid|incorrect|wrong|bad|unknown|mismatch)[^.]{0,40}(?:password|credential|user|login|account|authenticat)/,
	/(?:password|credentials?|user ?name|login|account)[^.]{0,40}(?:invalid|incorrect|wrong|mismatch|not (?:valid|correct|match))/,
	/(?:check|verify|review) (?:your |the )?(?:password|credential|user|login|account)/,
);

/** Of guessing: the account or the address is let in again after a while. */
const LOCKED_OUT = any(
	/(?:too many|excessive|repeated|multiple)[^.]{0,40}(?:attempt|failure|failed|invalid|incorrect|wrong|bad)/,
	/(?:temporar|minutes|hours?|later)[^.]{0,60}\b(?:lock|block|ban\b|banned|frozen|suspend)/,
	/\b(?:lock|block|ban\b|banned|frozen|suspend)[^.]{0,80}(?:temporar|minutes|hours?|later|too many|attempt|guessing)/,
);

const IMAP_OFF = any(
	/not (?:enabled|allowed|permitted|authorized) (?:for|to use) imap|enable (?:\w+ ){0,3}(?:pop3?\/)?imap/,
	/\bimap4?\b[^.]{0,40}\b(?:disabled|deactivated|switched off|turned off)/,
	/\bimap4?\b[^.]{0,40}\bnot (?:been )?(?:enabled|activated|allowed|permitted|open|turned on|switched on|supported|available (?:for|to|in|with|on))/,
	/disabled for (?:this )?(?:user|mailbox|account)|access rights to this service|imap[^.]{0,30}aktivieren/,
);

const BANDWIDTH =
	/bandwidth|(?:download|transfer|command|traffic)s?[^.]{0,30}(?:limit|quota|exceed)|(?:exceed|limit|quota)[^.]{0,30}\b(?:download|transfer|command|traffic)/iu;

const NO_ROOM_FOR_KEYWORDS =
	/too many[^.]{0,20}(?:flags|keywords)|(?:flags?|keywords?)\b[^.]{0,40}(?:limit|too many|full|exceeded|no room|not (?:supported|allowed|permitted))|(?:limit|no room)[^.]{0,40}(?:flags?|keywords?)/iu;

/** Whether a server that knows who asks refuses only for now. */
export function isServerTrouble(text: string): boolean {
	return SERVER_TROUBLE.test(text);
}

/** Whether a sign-in is refused only for now, so that the password is not to blame. */
export function isPassingRefusal(text: string): boolean {
	if (SERVER_TROUBLE.test(text) || SIGN_IN_LIMIT.test(text)) return true;
	return TRY_AGAIN.test(text) && !BLAMES_CREDENTIALS.test(text);
}

/** Whether a sign-in is refused because there were too many wrong ones. */
export function isLockedOut(text: string): boolean {
	return LOCKED_OUT.test(text);
}

/** Whether IMAP is switched off for the account, by its owner or an administrator. */
export function isImapOff(text: string): boolean {
	return IMAP_OFF.test(text) && !/temporar|\blater\b|moment/iu.test(text);
}

/** Whether an account has moved more than its provider allows in a day; Gmail says so with the code OVERQUOTA. */
export function isBandwidthLimit(text: string): boolean {
	return BANDWIDTH.test(text);
}

/** Whether a mailbox takes no more keywords; Cyrus has room for a hundred (RFC 3501 sets no limit). */
export function isKeywordLimit(text: string): boolean {
	return NO_ROOM_FOR_KEYWORDS.test(text);
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** The pause that a server asks for in words, in milliseconds, as in "try again in 5 minutes". */
export function askedPause(text: string): number | undefined {
	const found =
		/\b(?:in|after|wait|for|time:?)\s+(?:about |at least |another )?(?<count>\d{1,9})\s*(?<unit>milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|h)\b/iu.exec(
			text,
		)?.groups;
	if (found === undefined) return undefined;
	const unit = (found['unit'] ?? '').toLowerCase();
	const key = /^(?:milli|ms)/u.test(unit) ? 'm' : unit.startsWith('min') ? 'min' : unit.charAt(0);
	return Number(found['count']) * (UNIT_MS[key] ?? 1_000);
}
