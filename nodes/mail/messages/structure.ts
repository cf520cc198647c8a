import { hash } from 'node:crypto';

import type { MessageStructureObject } from 'imapflow';
import type { Attachment, TextFrom } from '../../core/message/message';
import type { RawFields } from './head';
import { DEFAULT_LIMITS } from '../limits';
import type { MailLimits } from '../limits';

/** The part of a message that holds its text, and how its bytes are written. */
export interface TextPart {
	/** Section of a FETCH (RFC 3501, 6.4.5). */
	readonly key: string;
	readonly format: 'text' | 'html';
	/** Content-Transfer-Encoding in lower case; empty when there is none. */
	readonly encoding: string;
	/** Charset label as given; empty when there is none. */
	readonly charset: string;
	/** format=flowed (RFC 3676). */
	readonly flowed: boolean;
	readonly delSp: boolean;
	/** Bytes in transfer encoding, as the server counts them. */
	readonly size: number;
	/**
	 * Set where a multipart seems to have no parts, so that all of it is its text: the line that would start a part after
	 * all. Servers do not agree on how they show such a message.
	 */
	readonly unlessLine?: string;
	/** Whether it is the whole message, whose header is that of the part. */
	readonly isRoot: boolean;
	/** That header, where it came with the head of the message. */
	readonly header?: RawFields;
	/** All bytes of the part, where they came with the head of the message. */
	readonly bytes?: Buffer;
	/** Set where the server found a multipart without parts: not in all of the message, only to be read by taking that apart. */
	readonly isUnparsed?: true;
	/** Set where it is text only if it can be read as such: a calendar entry, bytes of no type. */
	readonly kind?: 'calendar' | 'binary';
	/** The text where this one turns out to have nothing to see. */
	readonly next?: TextPart | undefined;
}

/** What of a message's structure this package needs. */
export interface MessageParts {
	readonly text: TextPart | null;
	readonly attachments: readonly Attachment[];
	/** True when parts beyond the limits were left out. */
	readonly isCut: boolean;
	/** Where a bounce tells machines what happened (RFC 3464). */
	readonly statusPart?: TextPart;
	/** The same for the same parts, types and sizes only. */
	readonly shape?: string;
}

type Node = MessageStructureObject;

/** Texts that are tried one after the other until one has something to see. */
const MAX_CANDIDATES = 10;

/**
 * Finds the text part and the attachments in a BODYSTRUCTURE (RFC 3501, 7.4.2).
 *
 * Parts are searched in order. The alternatives of a multipart/alternative are one text, text/plain first; of a
 * multipart/related the part that it starts with comes first. Elsewhere the first text/plain or text/html that is not an
 * attachment is the text, so that a footer behind an HTML part does not take its place. What follows is `next`: the text
 * where those before it turn out to have nothing to see. Without any, what else is text is tried. A message inside the
 * message is an attachment and not looked into. Parts beyond the limits are left out.
 */
export function toMessageParts(
	root: Node | undefined,
	limits: Pick<MailLimits, 'parts' | 'depth'> = DEFAULT_LIMITS,
): MessageParts {
	if (root === undefined) return { text: null, attachments: [], isCut: false };
	const { tree, isCut } = pruneTree(root, limits);
	const bodies = findTexts(tree, isBodyText);
	const others = findTexts(tree, isOtherText).filter((leaf) => !bodies.includes(leaf));
	const texts = [...bodies, ...others];
	const leaves = leavesOf(tree);
	const shape = toShape(leaves);
	const attachments = leaves
		.filter((leaf) => leaf !== texts[0] && isAttachment(leaf))
		.map(toAttachment);
	const isEmpty = attachments.length === 0 && texts.every(({ size = 0 }) => size === 0);
	if (isEmpty && isMultipart(tree))
		return { text: toBrokenMultipart(tree), attachments, isCut, shape };
	const binary = texts.length === 0 && isNamelessBinary(tree) ? [tree] : [];
	const candidates = [...texts, ...binary].slice(0, MAX_CANDIDATES).map(toTextPart);
	const broken = isCut ? undefined : findBroken(tree);
	const text = toChain([...candidates, ...(broken === undefined ? [] : [toUnparsed(broken)])]);
	return { text, attachments, isCut, shape, ...toStatusPart(tree, leaves) };
}

function toStatusPart(root: Node, leaves: readonly Node[]): Pick<MessageParts, 'statusPart'> {
	const status = leaves.find(({ type }) => STATUS_TYPES.has(type));
	if (status === undefined || !hasReport(root)) return {};
	return { statusPart: toTextPart(status) };
}

/** RFC 3464, and RFC 6533 for addresses that are not ASCII. */
const STATUS_TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);

/** Gateways put a bounce into another multipart, with words of their own. */
function hasReport({ type, childNodes = [] }: Node): boolean {
	return type === 'multipart/report' || childNodes.some(hasReport);
}

function toShape(leaves: readonly Node[]): string {
	const parts = leaves.map((leaf) => [partNumberOf(leaf), leaf.type, leaf.size ?? 0]);
	return hash('sha256', JSON.stringify(parts), 'base64url');
}

function toChain(texts: readonly TextPart[]): TextPart | null {
	return texts.reduceRight<TextPart | null>(
		(next, text) => ({ ...text, ...(next !== null && { next }) }),
		null,
	);
}

/** The same candidates with those in HTML first, where that is asked for. */
export function inOrderOf(textFrom: TextFrom, first: TextPart): TextPart {
	if (textFrom === 'plain') return first;
	const all: TextPart[] = [];
	for (let part: TextPart | undefined = first; part !== undefined; part = part.next) {
		all.push({ ...part, next: undefined });
	}
	const isHtml = ({ format }: TextPart): boolean => format === 'html';
	return toChain([...all.filter(isHtml), ...all.filter((part) => !isHtml(part))]) ?? first;
}

/** A multipart within the message in which the server found no part, or an empty one that stands for none. */
function findBroken(node: Node): Node | undefined {
	const [first, ...others] = node.childNodes ?? [];
	const isStandIn = others.length === 0 && first?.type === 'text/plain' && first.size === 0;
	const isEmpty = isMultipart(node) && (first === undefined || isStandIn);
	if (isEmpty && node.part !== undefined) return node;
	for (const child of node.childNodes ?? []) {
		const broken = findBroken(child);
		if (broken !== undefined) return broken;
	}
	return undefined;
}

function toUnparsed({ part }: Node): TextPart {
	return {
		...toTextPart({ type: 'text/plain', ...(part !== undefined && { part }) }),
		isUnparsed: true,
	};
}

function toBrokenMultipart(root: Node): TextPart {
	const boundary = root.parameters?.['boundary'];
	return {
		...toTextPart({ type: 'text/plain' }),
		key: 'TEXT',
		isUnparsed: true,
		...(boundary !== undefined && boundary !== '' && { unlessLine: `--${boundary}` }),
	};
}

/** A copy without what lies beyond the limits, and without the insides of attached messages. */
function pruneTree(
	root: Node,
	limits: Pick<MailLimits, 'parts' | 'depth'>,
): { readonly tree: Node; readonly isCut: boolean } {
	let left = limits.parts;
	let isCut = false;
	const prune = (node: Node, depth: number): Node => {
		left -= 1;
		const { childNodes, ...given } = node;
		const own = { ...given, type: toValidType(node.type) };
		if (childNodes === undefined || !isMultipart(node)) return own;
		if (depth >= limits.depth) {
			isCut = true;
			return own;
		}
		const children: Node[] = [];
		for (const child of childNodes) {
			if (left <= 0) {
				isCut = true;
				break;
			}
			children.push(prune(child, depth + 1));
		}
		return { ...own, childNodes: children };
	};
	const tree = prune(root, 1);
	return { tree, isCut };
}

/** What is not a type and a subtype counts as text/plain (RFC 2045, 5.2); servers give it as `/` or `text/`. */
function toValidType(type: string): string {
	if (type === 'plain/text') return 'text/plain';
	return /^[^/]+\/[^/]+$/.test(type) ? type : 'text/plain';
}

function isMultipart(node: Node): boolean {
	return node.type.startsWith('multipart/');
}

function leavesOf(node: Node): readonly Node[] {
	if (node.childNodes !== undefined) return node.childNodes.flatMap(leavesOf);
	return isMultipart(node) ? [] : [node];
}

/** Leaves that may be the text, the most likely one first. */
function findTexts(node: Node, isText: (leaf: Node) => boolean): readonly Node[] {
	if (node.childNodes === undefined) return isText(node) ? [node] : [];
	const texts = inOrder(node, node.childNodes).flatMap((child) => findTexts(child, isText));
	if (node.type !== 'multipart/alternative') return texts;
	const isPlain = ({ type }: Node): boolean => type === 'text/plain';
	return [...texts.filter(isPlain), ...texts.filter((text) => !isPlain(text))];
}

/** What a multipart/related starts with may stand anywhere in it (RFC 2387, 3.2). */
function inOrder(node: Node, children: readonly Node[]): readonly Node[] {
	const start = node.type === 'multipart/related' ? node.parameters?.['start'] : undefined;
	const root = start === undefined ? undefined : children.find(({ id }) => id === start);
	return root === undefined ? children : [root, ...children.filter((child) => child !== root)];
}

const BODY_TYPES = new Set(['text/plain', 'text/html', 'application/xhtml+xml']);

function isBodyText(node: Node): boolean {
	return BODY_TYPES.has(node.type) && node.disposition !== 'attachment';
}

/** Text of any kind (RFC 2046, 4.1.4) that is shown and not a file. */
function isOtherText(node: Node): boolean {
	const isFile = node.disposition === 'attachment' || fileNameOf(node) !== null;
	return node.type.startsWith('text/') && !isFile;
}

/** A whole mail without a type that says anything: some programs send a text so that has a control character in it. */
function isNamelessBinary(node: Node): boolean {
	return node.type === 'application/octet-stream' && fileNameOf(node) === null;
}

function isAttachment(node: Node): boolean {
	return node.disposition === 'attachment' || fileNameOf(node) !== null || !isBodyText(node);
}

const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml']);

function toTextPart(node: Node): TextPart {
	const parameters = node.parameters ?? {};
	return {
		key: partNumberOf(node),
		format: HTML_TYPES.has(node.type) ? 'html' : 'text',
		isRoot: node.part === undefined,
		...(node.type === 'text/calendar' && { kind: 'calendar' }),
		...(node.type === 'application/octet-stream' && { kind: 'binary' }),
		encoding: (node.encoding ?? '').trim().toLowerCase(),
		charset: parameters['charset'] ?? '',
		flowed: node.type === 'text/plain' && parameters['format']?.toLowerCase() === 'flowed',
		delSp: parameters['delsp']?.toLowerCase() === 'yes',
		size: node.size ?? 0,
	};
}

function toAttachment(node: Node): Attachment {
	return {
		part: partNumberOf(node),
		fileName: fileNameOf(node),
		contentType: node.type,
		size: node.size ?? 0,
	};
}

/** The body of a message without parts is its part 1 (RFC 3501, 6.4.5). */
function partNumberOf(node: Node): string {
	return node.part ?? '1';
}

/** Decoded by the driver (RFC 2047, RFC 2231); a name on several lines is written on one. */
function fileNameOf(node: Node): string | null {
	const name = node.dispositionParameters?.['filename'] ?? node.parameters?.['name'] ?? '';
	const oneLine = name.replace(/[\0\r\n\t]+/g, ' ').trim();
	return oneLine === '' ? null : oneLine;
}
