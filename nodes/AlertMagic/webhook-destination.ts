import type { IExecuteFunctions } from 'n8n-workflow';
import { type AlertMagicConfiguration, parseConfiguration } from '../core/rules/json/alertmagic';
import { IngestError } from '../core/errors';
import { parseWebhook, type Webhook } from '../core/webhook/webhook';
import { readAccountConfiguration } from '../shell/open-account';

type Context = Pick<IExecuteFunctions, 'getCredentials' | 'getNodeParameter'>;

export type DestinationReader = (itemIndex: number) => Promise<Webhook>;

/** Reads destinations for one execution; the account's configuration is parsed once. */
export function createDestinationReader(context: Context): DestinationReader {
	let configuration: Promise<AlertMagicConfiguration> | undefined;
	return async (itemIndex) => {
		if (context.getNodeParameter('destination', itemIndex) === 'credential') {
			return await readWebhookCredential(context, itemIndex);
		}
		configuration ??= readAccountConfiguration(context, itemIndex).then(parseConfiguration);
		return toRuleWebhook(await configuration, context.getNodeParameter('rule', itemIndex));
	};
}

async function readWebhookCredential(context: Context, itemIndex: number): Promise<Webhook> {
	const fields = await context.getCredentials('alertMagicApi', itemIndex);
	const destination = {
		uri: toText(fields['url']),
		username: toText(fields['username']),
		password: toText(fields['password']),
	};
	return parseWebhook(destination, { uri: 'URL', username: 'User Name' });
}

function toRuleWebhook({ rules, destinations }: AlertMagicConfiguration, name: unknown): Webhook {
	const destination = typeof name === 'string' ? destinations.get(name.trim()) : undefined;
	if (destination !== undefined) {
		return parseWebhook(destination, {
			uri: `Uri of rule "${String(name)}"`,
			username: `Username of rule "${String(name)}"`,
		});
	}
	const isKnown = rules.some((rule) => rule.name === name);
	throw new IngestError(
		'configuration',
		isKnown
			? `Rule "${String(name)}" has no Uri in the Configuration of the account.`
			: `Rule Name is ${describe(name)}, which the Configuration of the account does not have.`,
		{ field: 'Rule Name', remedy: toRemedy(isKnown, rules) },
	);
}

function toRemedy(isKnown: boolean, rules: AlertMagicConfiguration['rules']): string {
	if (isKnown) return 'Add Uri, Username and Password to the rule, or use an AlertMagic Webhook.';
	if (rules.length === 0) return 'Write AlertMagic.Ingests in the Configuration of the account.';
	return `Use the name of one of its rules: ${rules.map((rule) => `"${rule.name}"`).join(', ')}.`;
}

const describe = (value: unknown): string =>
	typeof value === 'string' ? `"${value}"` : 'not a text';

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');
