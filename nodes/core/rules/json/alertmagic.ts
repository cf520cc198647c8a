/*
 * AlertMagic's JSON: read into rules (alertmagic.ts, rules.ts), written again (write-alertmagic.ts), with notes of what an
 * import leaves out.
 */
import { Faults } from '../../errors';
import type { Destination, Rule } from '../rule';
import { openFields } from '../../json/fields';
import { isRecord } from '../../is-record';
import type { Fields } from '../../json/fields';
import { fromValue, parseJson } from '../../json/json-source';
import type { JsonSource } from '../../json/json-source';
import { INGEST_KEYS, readRuleEntries } from './rules';
import type { RuleEntry } from './rules';

/** The OAuth2 part of an AlertMagic configuration, as written; account-settings gives it meaning. */
export interface OAuthSettings {
	readonly grantType?: string;
	readonly authType?: string;
	readonly clientId?: string;
	readonly scope?: string;
	readonly tokenUrl?: string;
	readonly clientAuthType?: string;
}

/** What an AlertMagic "Configuration" field says. */
export interface AlertMagicConfiguration {
	readonly oauth: OAuthSettings;
	readonly rules: readonly Rule[];
	/** Destinations by rule name; a rule without a `Uri` has none. */
	readonly destinations: ReadonlyMap<string, Destination>;
}

const OAUTH_KEYS = [
	'GrantType',
	'AuthType',
	'ClientID',
	'Scope',
	'TokenUrl',
	'ClientAuthType',
] as const;
const TOP_KEYS = [...OAUTH_KEYS, 'AlertMagic'] as const;

/**
 * Reads the text of an AlertMagic Configuration field; an empty text is a connection without OAuth2 and without rules.
 *
 * @throws ConfigurationError with all faults, each with JSON path, line and column
 */
export function parseConfiguration(text: string): AlertMagicConfiguration {
	if (text.trim() === '') return { oauth: {}, rules: [], destinations: new Map() };
	return readConfiguration(parseJson(text, 'Configuration', true));
}

/**
 * Reads rules as the JSON field of a node takes them, as a text or as the value that an expression made: the whole
 * AlertMagic configuration, its `AlertMagic` part, or its `Ingests` list.
 *
 * @param field what the user calls the field, e.g. `Rules (JSON)`
 * @throws ConfigurationError with all faults
 */
export function parseIngests(value: unknown, field: string): AlertMagicConfiguration {
	return readIngests(typeof value === 'string' ? parseJson(value, field) : fromValue(value));
}

/** As parseIngests, for those who need the rules only. */
export function parseRules(value: unknown, field = 'Rules (JSON)'): readonly Rule[] {
	return parseIngests(value, field).rules;
}

/**
 * As parseRules, from rules that are not JSON.
 *
 * @param source with a list under `Ingests`, and the words for its places
 */
export function readRulesOf(source: JsonSource): readonly Rule[] {
	return readIngests(source).rules;
}

function readIngests(source: JsonSource): AlertMagicConfiguration {
	const { value } = source;
	if (isRecord(value) && Object.keys(value).some((key) => key.toLowerCase() !== 'ingests')) {
		return readConfiguration(source);
	}
	// A bare list is read as if it stood under Ingests; its places in the text stay those of the list.
	const holder = Array.isArray(value) ? { Ingests: value } : value;
	const places: JsonSource = Array.isArray(value)
		? { ...source, locate: (spelled) => source.locate(spelled.slice(1)) }
		: source;
	const context = { source: places, faults: new Faults() };
	const fields = openFields(context, holder, ['Ingests']);
	const entries = readRuleEntries(fields?.objects('Ingests', INGEST_KEYS) ?? []);
	context.faults.assertNone();
	return { oauth: {}, ...toRulesAndDestinations(entries) };
}

function readConfiguration(source: JsonSource): AlertMagicConfiguration {
	const context = { source, faults: new Faults() };
	const top = openFields(context, source.value, TOP_KEYS);
	const ingests = top?.object('AlertMagic', ['Ingests'])?.objects('Ingests', INGEST_KEYS) ?? [];
	const entries = readRuleEntries(ingests);
	const oauth = top === undefined ? {} : readOAuth(top);
	context.faults.assertNone();
	return { oauth, ...toRulesAndDestinations(entries) };
}

function toRulesAndDestinations(
	entries: readonly RuleEntry[],
): Pick<AlertMagicConfiguration, 'rules' | 'destinations'> {
	return {
		rules: entries.map((entry) => entry.rule),
		destinations: new Map(
			entries.flatMap(({ rule, destination }) =>
				destination === undefined ? [] : [[rule.name, destination] as const],
			),
		),
	};
}

function readOAuth(top: Fields): OAuthSettings {
	const read = (key: (typeof OAUTH_KEYS)[number], name: keyof OAuthSettings): OAuthSettings => {
		const value = top.string(key)?.trim() ?? '';
		return value === '' ? {} : { [name]: value };
	};
	return {
		...read('GrantType', 'grantType'),
		...read('AuthType', 'authType'),
		...read('ClientID', 'clientId'),
		...read('Scope', 'scope'),
		...read('TokenUrl', 'tokenUrl'),
		...read('ClientAuthType', 'clientAuthType'),
	};
}
