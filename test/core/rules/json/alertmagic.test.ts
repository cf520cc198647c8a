import { describe, expect, it } from 'vitest';

import { parseConfiguration, parseRules } from '../../../../nodes/core/rules/json/alertmagic';
import { IngestError } from '../../../../nodes/core/errors';
import { GUIDE_CONFIGURATION } from '../../../support/guide-example';

/** The error that parsing the text ends in. */
function refusal(text: string): IngestError {
	try {
		parseConfiguration(text);
	} catch (error) {
		if (error instanceof IngestError) return error;
	}
	throw new Error('the configuration was accepted');
}

const rule = (more: object): string =>
	JSON.stringify({ AlertMagic: { Ingests: [{ Name: 'R', ...more }] } });

describe('the example of the AlertMagic guide', () => {
	const { oauth, rules, destinations } = parseConfiguration(GUIDE_CONFIGURATION);

	it('gives the rule with every part in place', () => {
		expect(rules).toEqual([
			{
				name: 'Knock Knock',
				filter: { from: '^tri.+@zion.com$', subject: '^alert', body: 'white.+rabbit' },
				captures: {
					from: ['^(?<from>.+)$'],
					subject: ['^alert - (?<subject>.+)$'],
					body: ['Spoon: (?<spoon>[^\n]+)', 'Skills: (?<skills>[^\n]+)'],
				},
				whenMissing: 'leaveOut',
				cleanUp: { action: 'moveToFolder', folder: 'AlertMagic Processed', deleteAfterDays: 30 },
			},
		]);
	});

	it('keeps the destination apart from the rule', () => {
		expect(destinations.get('Knock Knock')).toEqual({
			uri: 'https://pdl-alertmagic-production.azurewebsites.net/api/notify',
			username: 'xxx',
			password: 'yyy',
		});
		expect(JSON.stringify(rules)).not.toContain('yyy');
	});

	it('gives the OAuth2 settings as written', () => {
		expect(oauth).toEqual({
			grantType: 'ClientCredentials',
			authType: 'OAuth2',
			clientId: 'YOUR_CLIENT_ID',
			scope: 'https://outlook.office365.com/.default',
			tokenUrl: 'https://login.microsoftonline.com/YOUR_TENANT_ID/oauth2/v2.0/token',
			clientAuthType: 'SendClientCredentialsInBody',
		});
	});
});

describe('what AlertMagic accepts too', () => {
	it('takes an empty text for a connection without rules', () => {
		expect(parseConfiguration('  \n')).toEqual({ oauth: {}, rules: [], destinations: new Map() });
	});

	it('reads keys without regard to case, comments, and trailing commas', () => {
		const text =
			'{ "alertmagic": { "INGESTS": [ { "name": "R", /* why */ "cleanup": { "action": "markasread" }, }, ] } }';
		expect(parseConfiguration(text).rules).toMatchObject([
			{ name: 'R', cleanUp: { action: 'markAsRead' } },
		]);
	});

	it('takes null for a part that was left out', () => {
		const text = rule({ Filter: null, Payload: { BodyCaptures: null }, CleanUp: null });
		expect(parseConfiguration(text).rules).toMatchObject([
			{ filter: {}, captures: { from: [], subject: [], body: [] }, cleanUp: { action: 'none' } },
		]);
	});

	it('takes an empty filter pattern for one that was left out', () => {
		expect(parseConfiguration(rule({ Filter: { From: '' } })).rules[0]?.filter).toEqual({});
	});

	it.each(['None', 'MarkAsRead', 'Flag', 'Delete'])('knows the clean-up action %s', (action) => {
		const [only] = parseConfiguration(rule({ CleanUp: { Action: action } })).rules;
		expect(only?.cleanUp.action.toLowerCase()).toBe(action.toLowerCase());
	});

	it('keeps messages for good when DeleteAfterDays is 0', () => {
		const [only] = parseConfiguration(
			rule({ CleanUp: { Action: 'MoveToFolder', Folder: 'Done', DeleteAfterDays: 0 } }),
		).rules;
		expect(only?.cleanUp).toEqual({ action: 'moveToFolder', folder: 'Done' });
	});
});

describe('refusals name the field, the value and the remedy', () => {
	it.each<[string, string, RegExp, RegExp]>([
		['invalid JSON', '{\n  "AlertMagic": }', /line 2, column 17/, /Correct the JSON/],
		[
			'a single backslash',
			'{ "AlertMagic": { "Ingests": [ { "Name": "a\\d" } ] } }',
			/backslash/,
			/Correct/,
		],
		['a missing end', '{ "AlertMagic": {', /line 1, column 18.*closing }/, /Correct/],
		['something that is no object', '[1]', /Configuration.* is a list/, /\{/],
		[
			'an unknown key',
			'{ "AlertMagic": {}, "Colour": 1 }',
			/Colour \(line 1, column 31\) is not a known key/,
			/GrantType/,
		],
		[
			'an unknown key in a rule',
			rule({ Filters: {} }),
			/Ingests\[0\]\.Filters .*not a known key/,
			/Filter/,
		],
		[
			'an unknown key in a filter',
			rule({ Filter: { Bcc: 'x' } }),
			/Filter\.Bcc .*not a known key/,
			/Subject/,
		],
		[
			'a key given twice',
			'{ "AlertMagic": {}, "alertmagic": {} }',
			/"alertmagic" twice/,
			/one of them/,
		],
		[
			'a rule without a name',
			'{ "AlertMagic": { "Ingests": [ {} ] } }',
			/Ingests\[0\]\.Name.*missing/,
			/name/,
		],
		[
			'two rules of one name',
			'{ "AlertMagic": { "Ingests": [ {"Name":"R"}, {"Name":"R"} ] } }',
			/"R" is used by two rules/,
			/own/,
		],
		[
			'a pattern that is no text',
			rule({ Filter: { From: 7 } }),
			/Filter\.From.*is a number/,
			/quotes/,
		],
		[
			'captures that are no list',
			rule({ Payload: { BodyCaptures: 'x' } }),
			/BodyCaptures.*not a list of texts/,
			/\["first"/,
		],
		[
			'an unknown clean-up action',
			rule({ CleanUp: { Action: 'Shred' } }),
			/CleanUp\.Action.*"Shred"/,
			/MoveToFolder/,
		],
		[
			'a move without a folder',
			rule({ CleanUp: { Action: 'MoveToFolder' } }),
			/CleanUp\.Folder.*missing/,
			/Name the folder/,
		],
		[
			'a folder without a move',
			rule({ CleanUp: { Action: 'Delete', Folder: 'X' } }),
			/CleanUp\.Folder/,
			/MoveToFolder/,
		],
		[
			'a folder with a line end',
			rule({ CleanUp: { Action: 'MoveToFolder', Folder: 'a\nb' } }),
			/control character/,
			/Remove/,
		],
		[
			'negative days',
			rule({ CleanUp: { Action: 'MoveToFolder', Folder: 'X', DeleteAfterDays: -1 } }),
			/DeleteAfterDays.*is -1/,
			/30/,
		],
		[
			'fractional days',
			rule({ CleanUp: { Action: 'MoveToFolder', Folder: 'X', DeleteAfterDays: 1.5 } }),
			/DeleteAfterDays.*is 1\.5/,
			/30/,
		],
		[
			'an http address',
			rule({ Uri: 'http://example.com/?key=s3cret' }),
			/Uri.*not an https address/,
			/https/,
		],
		[
			'an unknown way with missing groups',
			rule({ Payload: { WhenMissing: 'Guess' } }),
			/"Guess"/,
			/LeaveOut/,
		],
	])('%s', (_, text, message, remedy) => {
		const error = refusal(text);
		expect(error.code).toBe('configuration');
		expect(error.message).toMatch(message);
		expect(error.remedy).toMatch(remedy);
		expect(error.message).not.toContain('s3cret');
	});

	it('reports all faults at once', () => {
		const error = refusal(rule({ Filters: {}, CleanUp: { Action: 'Shred' } }));
		expect(error.message).toMatch(/^2 problems: .*Filters.*Shred/s);
	});
});

describe('rules of a node', () => {
	const only = [{ Name: 'R' }];
	it.each<[string, unknown]>([
		['the whole configuration', { AuthType: 'OAuth2', AlertMagic: { Ingests: only } }],
		['its AlertMagic part', { Ingests: only }],
		['the Ingests list', only],
	])('are read from %s', (_, value) => {
		expect(parseRules(JSON.stringify(value), 'Rules (JSON)')).toMatchObject([{ name: 'R' }]);
	});

	it('keep their line and column in a bare list', () => {
		expect(() => parseRules('[\n { "Name": "R", "Colour": 1 } ]', 'Rules (JSON)')).toThrow(
			/Ingests\[0\]\.Colour \(line 2, column \d+\)/,
		);
	});
});
