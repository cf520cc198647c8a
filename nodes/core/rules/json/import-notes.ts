import { groupBy } from '../../group-by';
import type { Destination } from '../rule';
import type { AlertMagicConfiguration } from './alertmagic';

/** Where the JSON was read from: the account keeps it secret, a node does not. */
export type ImportSource = 'account' | 'json';

/** What an import leaves out of the rules, and where it belongs; names hosts, but never a secret. */
export function describeLeftOut(
	{ oauth, destinations }: AlertMagicConfiguration,
	source: ImportSource,
): readonly string[] {
	return [
		// Rules of one destination need one credential.
		...[...groupBy(destinations, toKey).values()].map((alike) =>
			describeDestination(
				alike[0][1],
				alike.map(([rule]) => rule),
				source,
			),
		),
		...describeOAuth(Object.keys(oauth).length > 0, source),
		...(source === 'json' && [...destinations.values()].some(({ password }) => password !== '')
			? [EXPOSED]
			: []),
	];
}

const EXPOSED =
	'The JSON in this node holds passwords, and a workflow and its executions are readable: delete this node and its executions once the rules are copied. With Rules set to AlertMagic Configuration nothing is left behind.';

function toKey([, { uri, username, password }]: readonly [string, Destination]): string {
	return JSON.stringify([uri, username, password]);
}

function describeDestination(
	{ uri }: Destination,
	rules: readonly string[],
	source: ImportSource,
): string {
	const names = rules.map((rule) => `"${rule}"`).join(', ');
	const subject = rules.length === 1 ? `Rule ${names} sends` : `Rules ${names} send`;
	const owner = rules.length === 1 ? 'the rule' : 'one of them';
	const remedy =
		source === 'account'
			? `With Destination set to AlertMagic Configuration the AlertMagic node takes Uri, Username and Password from the account.`
			: `Make an AlertMagic Webhook credential with Uri, Username and Password of ${owner}, and choose it in the AlertMagic node; they are left out here.`;
	return `${subject} to ${new URL(uri).host}. ${remedy}`;
}

function describeOAuth(isThere: boolean, source: ImportSource): readonly string[] {
	if (!isThere) return [];
	return [
		source === 'account'
			? 'The OAuth2 settings stay in the account.'
			: 'The OAuth2 settings are left out: they belong in an IMAP Ingest credential with Authentication set to AlertMagic Configuration.',
	];
}
