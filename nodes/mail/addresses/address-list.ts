import { toAddressTokens } from './address-tokens';
import { decodeHeaderValue } from '../text/header-text';
import type { AddressToken } from './address-tokens';

/** A mailbox of an address list. */
export interface Mailbox {
	/** The bare address: `local@domain`, or the name of a user without a domain. */
	readonly address: string;
	/** Set where it is not certain who is meant: a member of a group, or another address stands beside this one. */
	readonly isAmbiguous?: true;
	/** Set where several angle brackets stand beside each other. */
	readonly isDoubtful?: true;
}

/** What is between two separators of a list. */
interface Element {
	/** What stands outside angle brackets: the display name, or the address itself. */
	readonly outside: AddressToken[];
	readonly angles: AddressToken[][];
	readonly inGroup: boolean;
}

/** What most lists are: one address, perhaps in angle brackets behind a name, without a character that means anything. */
const PLAIN_ADDRESS = '[\\w+-]+(?:\\.[\\w+-]+)*@[a-z0-9-]+(?:\\.[a-z0-9-]+)+';
const PLAIN = new RegExp(`^(?:[\\w .-]*<(${PLAIN_ADDRESS})>|(${PLAIN_ADDRESS}))$`, 'i');

/** The mailboxes of an address list on one line (RFC 5322, 3.4), in order; what is no address is left out. */
export function toMailboxes(value: string): readonly Mailbox[] {
	const [, named, bare = named] = PLAIN.exec(value) ?? [];
	if (bare !== undefined) return [{ address: bare }];
	const elements = toElements(toAddressTokens(value));
	const isAlone = elements.length === 1;
	return elements.flatMap((element) => {
		const mailboxes = toMailboxesOf(element, isAlone);
		return element.inGroup
			? mailboxes.map(({ address }) => ({ address, isAmbiguous: true as const }))
			: mailboxes;
	});
}

function toElements(tokens: readonly AddressToken[]): readonly Element[] {
	const elements: Element[] = [];
	let inGroup = false;
	let open: Element = { outside: [], angles: [], inGroup };
	const close = (): void => {
		if (open.outside.length + open.angles.length > 0) elements.push(open);
		open = { outside: [], angles: [], inGroup };
	};
	for (let index = 0; index < tokens.length; index += 1) {
		const token = tokens[index];
		if (token === undefined) break;
		switch (token.kind) {
			case '<': {
				const end = findAngleEnd(tokens, index + 1);
				open.angles.push(tokens.slice(index + 1, end).filter(({ kind }) => kind !== '<'));
				index = tokens[end]?.kind === '>' ? end : end - 1;
				break;
			}
			case ':':
				// What stood before it is the name of a group.
				inGroup = true;
				open = { outside: [], angles: [], inGroup };
				break;
			case ';':
				inGroup = false;
				close();
				break;
			case ',':
				close();
				break;
			case '>':
				break;
			default:
				open.outside.push(token);
		}
	}
	close();
	return elements;
}

/** Where the angle bracket ends: at its `>`, or at the comma before the next mailbox where that is missing. */
function findAngleEnd(tokens: readonly AddressToken[], start: number): number {
	let comma: number | undefined;
	for (let index = start; index < tokens.length; index += 1) {
		const kind = tokens[index]?.kind;
		if (kind === '>') return index;
		// `<<neo@zion.com>>` is one bracket; behind some content another one begins.
		if (kind === '<' && tokens[index - 1]?.kind !== '<') return comma ?? index;
		if (kind === ',') comma ??= index;
	}
	return comma ?? tokens.length;
}

function toMailboxesOf({ outside, angles }: Element, isAlone: boolean): readonly Mailbox[] {
	const angle = angles.at(-1);
	if (angle === undefined) return toBareMailboxes(outside, isAlone);
	const within = toBareMailboxes(withoutRoute(angle), true);
	const beside = toBareMailboxes(outside, false);
	// `<Monitor> monitor@example.org` has the address where the name should be.
	const isSwapped = angles.length === 1 && beside.length > 0 && !within.some(isComplete);
	const mailboxes = isSwapped ? beside : within;
	const isCertain =
		angles.length === 1 &&
		outside
			.map(nameOf)
			.every((name) => !HAS_ADDRESS.test(name) || isSameAddress(name, mailboxes[0]?.address));
	return isCertain
		? mailboxes
		: mailboxes.map(({ address }) => ({
				address,
				isAmbiguous: true as const,
				...(angles.length > 1 && { isDoubtful: true as const }),
			}));
}

function isComplete({ address }: Mailbox): boolean {
	return address.includes('@');
}

/** A piece of a display name as it is shown. */
function nameOf({ text }: AddressToken): string {
	return text.includes('=?') ? decodeHeaderValue(text) : text;
}

/** An address in a display name, as people read one. */
const HAS_ADDRESS = /[^\s@]@[^\s@]/;

function isSameAddress(text: string, address = ''): boolean {
	return text.replace(/^'(.*)'$/, '$1').toLowerCase() === address.toLowerCase();
}

/** `<@relay,@other:user@host>` (RFC 5322, 4.4). */
function withoutRoute(tokens: readonly AddressToken[]): readonly AddressToken[] {
	return tokens.slice(tokens.findLastIndex(({ kind }) => kind === ':') + 1);
}

/**
 * The address among words without angle brackets: the only word with an `@`, whatever else stands there. Several are all
 * meant, and none for certain.
 *
 * @param mayBeLocal whether one word without an `@` is the name of a user, as in the `From: root` of cron
 */
function toBareMailboxes(tokens: readonly AddressToken[], mayBeLocal: boolean): readonly Mailbox[] {
	const words = toWords(tokens);
	const complete = words.filter(isWhole);
	const [only] = words;
	if (complete.length === 0) {
		if (words.length === 1 && only !== undefined && mayBeLocal) return toLocalMailbox(only);
		// `neo @ zion.com` (RFC 5322, 4.4)
		return words.length > 1 && words.some(hasAt) ? toMailbox(words.flat()) : [];
	}
	if (complete.length === 1) return complete.flatMap((word) => toMailbox(word));
	return complete.flatMap((word) =>
		toMailbox(word).map(({ address }) => ({ address, isAmbiguous: true as const })),
	);
}

type Word = readonly AddressToken[];

const isAt = ({ kind, text }: AddressToken): boolean => kind === 'atom' && text.includes('@');
const hasAt = (word: Word): boolean => word.some(isAt);

/** Words are what blanks and comments stand between. */
function toWords(tokens: readonly AddressToken[]): readonly Word[] {
	const words: AddressToken[][] = [];
	for (const token of tokens) {
		const last = words.at(-1);
		// Blanks may stand before a dot (RFC 5322, 4.4).
		const goesOn = token.isAttached || (token.text.startsWith('.') && last?.some(isAt) === true);
		if (last !== undefined && goesOn) last.push(token);
		else words.push([token]);
	}
	return words;
}

/** True for a word with something on both sides of an `@`. */
function isWhole(word: Word): boolean {
	if (!hasAt(word)) return false;
	const text = word.map(textOf).join('');
	return !text.startsWith('@') && !text.endsWith('@');
}

/** A quoted string without its quotes where it does not need them. */
function textOf({ kind, text }: AddressToken): string {
	if (kind !== 'quoted') return text;
	const content = text.replace(/\\(.)/gs, '$1');
	return DOT_ATOM.test(content) ? content : `"${text}"`;
}

const DOT_ATOM = /^[^\s"(),:;<>@[\]\\.]+(?:\.[^\s"(),:;<>@[\]\\.]+)*$/;
/** Host names and their relatives in any script, and literals. */
const DOMAIN = /^(?:[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*|\[[^[\]]+\])\.?$/u;
/** What servers and programs write where an address has none. */
const NO_DOMAIN = /^(?:missing_domain|syntax_error|unspecified-domain)$/i;

function toMailbox(word: Word): readonly Mailbox[] {
	// An encoded word is no part of an address (RFC 2047, 5).
	if (word.some(({ kind }) => kind === 'encodedWord')) return [];
	const text = word
		.map(textOf)
		.join('')
		// Characters that nobody sees come along when an address is pasted.
		.replace(/^\p{Cf}|\p{Cf}$/gu, '')
		.replace(/^'(.*)'$/, '$1');
	const at = text.lastIndexOf('@');
	const local = text.slice(0, at);
	const domain = text.slice(at + 1).replace(/\.$/, '');
	const isQuoted = local.startsWith('"');
	if (at <= 0 || !DOMAIN.test(domain) || NO_DOMAIN.test(domain)) return [];
	if (!isQuoted && local.includes('@')) return [];
	const address = `${local}@${domain}`;
	return [local.includes('@') ? { address, isAmbiguous: true } : { address }];
}

function toLocalMailbox(word: Word): readonly Mailbox[] {
	const [token] = word;
	if (word.length !== 1 || token?.kind !== 'atom' || token.text.includes('@')) return [];
	return [{ address: token.text }];
}
