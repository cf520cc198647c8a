/*
 * What can be done to rules: from AlertMagic's JSON into the form and back, a first draft from messages, and a trial on the
 * mail of the past.
 */
import type { Resource } from '../operation';
import { EXPORT } from './export.operation';
import { IMPORT } from './import.operation';
import { SUGGEST } from './suggest.operation';
import { TEST } from './test.operation';

export const RULES_RESOURCE: Resource = {
	value: 'rules',
	name: 'Rules',
	operations: [EXPORT, IMPORT, SUGGEST, TEST],
	defaultOperation: 'importAlertMagic',
};
