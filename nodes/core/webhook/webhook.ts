import { assertNoFaults, IngestError } from '../errors';
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
	/** Texts that must not be shown, wherever they come back. */
	readonly secrets: readonly string[];
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
			fault(
				names.username,
				'has a colon, which Basic authentication cannot carry',
				'Give a user name without a colon.',
			),
		);
	}
	assertNoFaults(faults);
	const authorization = toAuthorization(destination);
	const { uri, username, password } = destination;
	return {
		url,
		host: url.host,
		addressField: names.uri,
		authorization,
		secrets: toSecrets([
			...(authorization === undefined ? [] : [authorization.slice('Basic '.length)]),
			uri.trim(),
			url.href,
			url.search,
			password,
			username,
		]),
	};
}

/** A stand-in where there is a fault: it is thrown before anyone sees it. */
const NO_URL = new URL('https://nowhere.invalid');

function parseUrl(text: string, name: string, faults: IngestError[]): URL {
	const address = text.trim();
	const url = URL.canParse(address) ? new URL(address) : null;
	const problem = urlProblem(address, url);
	if (url !== null && problem === undefined) return withoutFragment(url);
	faults.push(fault(name, problem ?? 'is not an address', 'Write https://<host>/<path>.'));
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

function fault(field: string, problem: string, remedy: string): IngestError {
	return new IngestError('configuration', `${field} ${problem}.`, { field, remedy });
}

/** Shorter texts are not blanked out: they would turn up everywhere by chance. */
const MIN_SECRET_LENGTH = 4;

/** Each secret as it stands, as a JSON string holds it and as an address holds it; longest first, since one may hold another. */
function toSecrets(texts: readonly string[]): readonly string[] {
	const forms = texts
		.filter((text) => text.length >= MIN_SECRET_LENGTH)
		.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]);
	return [...new Set(forms)].sort((left, right) => right.length - left.length);
}

/** Blanks out the secrets of a webhook in a text that the other side sent, such as a page that shows the request. */
export function hideSecrets(text: string, { secrets }: Pick<Webhook, 'secrets'>): string {
	return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
