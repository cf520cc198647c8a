/*
 * A destination (webhook.ts), the body that goes there (body.ts), and what its answer means (outcome.ts).
 */
import type { IngestError } from '../errors';
import { assertNoFaults, wrongSetting } from '../errors';
import { createRedactor } from '../redact';
import type { Redact } from '../redact';
import type { Destination } from '../rules/rule';

/** Where payloads are posted to, checked. Only `host` may be shown. */
export interface Webhook {
	readonly url: URL;
	/** Host and port, for messages. */
	readonly host: string;
	/** The field that the address is written in, as screen or JSON call it. */
	readonly addressField: string;
	/** Value of the Authorization header (RFC 7617); undefined when neither user name nor password is given. */
	readonly authorization: string | undefined;
	/** Blanks out the secrets of the destination in what the other side sent, such as a page that shows the request. */
	readonly redact: Redact;
}

/** What a screen or a JSON calls the parts of a destination. */
export interface DestinationNames {
	readonly uri: string;
	readonly username: string;
}

/**
 * Checks a destination: https only, user name and password apart from the address.
 *
 * @throws ConfigurationError with all faults; none repeats the address, whose query may hold a key
 */
export function parseWebhook(destination: Destination, names: DestinationNames): Webhook {
	const faults: IngestError[] = [];
	const url = parseUrl(destination.uri, names.uri, faults);
	if (destination.username.includes(':')) {
		faults.push(
			wrongSetting(
				names.username,
				'has a colon, which Basic authentication cannot carry',
				'Give a user name without a colon.',
			),
		);
	}
	assertNoFaults(faults);
	const authorization = toAuthorization(destination);
	return {
		url,
		host: url.host,
		addressField: names.uri,
		authorization,
		redact: createRedactor(toSecrets(url, destination)),
	};
}

/** A stand-in where there is a fault: it is thrown before anyone sees it. */
const NO_URL = new URL('https://nowhere.invalid');

function parseUrl(text: string, name: string, faults: IngestError[]): URL {
	const address = text.trim();
	const url = URL.canParse(address) ? new URL(address) : null;
	const problem = urlProblem(address, url);
	if (url !== null && problem === undefined) return withoutFragment(url);
	faults.push(wrongSetting(name, problem ?? 'is not an address', 'Write https://<host>/<path>.'));
	return NO_URL;
}

function urlProblem(text: string, url: URL | null): string | undefined {
	if (text === '') return 'is empty';
	if (url === null) return 'is not an address';
	if (url.protocol !== 'https:') {
		return `begins with ${url.protocol}//, payloads are sent over https only`;
	}
	return url.username === '' && url.password === ''
		? undefined
		: 'has a user name or password in it; they have fields of their own';
}

function withoutFragment(url: URL): URL {
	const bare = new URL(url);
	bare.hash = '';
	return bare;
}

function toAuthorization({ username, password }: Destination): string | undefined {
	if (username === '' && password === '') return undefined;
	return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/**
 * What the other side knows of us, and nobody else should: user name, password, the Authorization value, and the address
 * with the parts of it that may be a key.
 */
function toSecrets(url: URL, { username, password }: Destination): readonly string[] {
	const segments = url.pathname.split('/').filter((segment) => segment.length >= MIN_KEY_LENGTH);
	return [
		...(username === '' && password === '' ? [] : [`${username}:${password}`]),
		username,
		password,
		url.href,
		...(url.pathname.length >= MIN_KEY_LENGTH ? [url.pathname] : []),
		url.search,
		...[...url.searchParams.values()].filter((value) => value.length >= MIN_VALUE_LENGTH),
		...segments,
		...segments.map(decodeSegment),
	].filter((text) => text !== '');
}

/** A shorter part of a path is a word such as `notify`. */
const MIN_KEY_LENGTH = 8;
/** A shorter value of a query is a number or a version. */
const MIN_VALUE_LENGTH = 4;

function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		// Not percent-encoded: it is looked for as it stands.
		return segment;
	}
}
